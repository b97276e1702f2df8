package com.openfaas.function.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.InboundRules;
import com.openfaas.function.platform.InboundRules.PolicyObject;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.policy.Policy.Protect;
import com.openfaas.function.preflight.ReadingChecks;
import com.openfaas.function.request.Action;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("mesh_protect: what is written, in which wave, and what stands in the way")
class ProtectionTest extends ProtectionCase {
  @Test
  void whatIsWrittenFirstLetsEverybodyIn() {
    assertThat(steps())
        .containsExactly(
            "PROTECT authorizationpolicy openfaas-fn/mesh-setup ENABLE",
            "PROTECT meshtlsauthentication openfaas-fn/mesh-setup ENABLE",
            "PROTECT server openfaas-fn/mesh-setup ENABLE audit");
    assertThat(codes()).contains("not_watched");
  }

  @Test
  @DisplayName("a spec has each field written out, mesh-setup is left out, mesh_callers are in")
  void theSpecs() {
    callers = "monitoring/prometheus";
    assertThat(plan().steps)
        .extracting(step -> step.annotations.get(PolicyObject.SPEC))
        .containsExactly(
            "{\"requiredAuthenticationRefs\":[{\"group\":\"policy.linkerd.io\",\"kind\":\"MeshTLSAuthentication\",\"name\":\"mesh-setup\"}],"
                + "\"targetRef\":{\"group\":\"policy.linkerd.io\",\"kind\":\"Server\",\"name\":\"mesh-setup\"}}",
            "{\"identityRefs\":[{\"kind\":\"ServiceAccount\",\"name\":\"prometheus\",\"namespace\":\"monitoring\"},"
                + "{\"kind\":\"ServiceAccount\",\"name\":\"default\",\"namespace\":\"openfaas\"},"
                + "{\"kind\":\"ServiceAccount\",\"name\":\"openfaas-controller\",\"namespace\":\"openfaas\"}]}",
            "{\"accessPolicy\":\"audit\",\"podSelector\":{\"matchExpressions\":[{\"key\":\"faas_function\",\"operator\":\"Exists\"},"
                + "{\"key\":\"faas_function\",\"operator\":\"NotIn\",\"values\":[\"mesh-setup\"]}]},\"port\":8080,\"proxyProtocol\":\"unknown\"}");
  }

  @Test
  void nothingIsWrittenBeforeTheGatewayIsMeshedAndNothingMoreThanOnce() {
    gateway =
        Sample.of(Role.GATEWAY, "openfaas", "gateway").inject("disabled").unmeshed(1).workload();
    assertThat(steps()).isEmpty();

    gateway = gateway(true);
    protect = "audit";
    made(Protect.AUDIT, LONG_AGO);
    assertThat(steps()).isEmpty();
  }

  @Test
  void afterTheHourAllButTheGatewayAreRefused() {
    made(Protect.AUDIT, LONG_AGO);
    assertThat(steps()).containsExactly("PROTECT server openfaas-fn/mesh-setup ENABLE deny");
    assertThat(plan().toBeProtected()).extracting(w -> w.name).contains("figlet");
  }

  @Test
  void whoCallsPastTheGatewayIsSpared() {
    made(Protect.AUDIT, LONG_AGO);
    Problem caller = new Problem("caller_would_be_cut", "deployment a/b", "calls", "");
    Plan spared = plan().sparing(Map.of(NS, List.of(caller)));
    assertThat(spared.steps).isEmpty();
    assertThat(spared.protections.get(0).obstacles).containsExactly(caller);
    assertThat(plan().sparing(Map.of()).steps).hasSize(1);
  }

  @Test
  @DisplayName("a pod without the label faas_function is not protected, and named")
  void aPodThatTheServerMissesIsNamed() {
    made(Protect.ENFORCE, LONG_AGO);
    functions.add(Sample.of(Role.FUNCTION, NS, "sly").inject("enabled").meshed(1).workload());
    assertThat(plan().protections.get(0).unprotected)
        .containsExactly("sly (its pods have no label faas_function)");
  }

  @Test
  @DisplayName("somebody else's Server, an object of our name that is not ours, forged or not")
  void nothingIsWrittenBesideWhatIsSomebodyElses() {
    servers.add(server("owners", "deny", Instant.EPOCH));
    assertThat(steps()).isEmpty();
    assertThat(hindrance()).isEqualTo("server_foreign");

    servers.clear();
    Annotated forged =
        new Annotated(Kind.SERVER, NS, PolicyObject.NAME, Map.of(PolicyObject.SPEC, "{}"));
    named.add(new PolicyObject(forged, false, LONG_AGO));
    assertThat(steps()).isEmpty();
    assertThat(hindrance()).isEqualTo("policy_object_foreign");
    protect = "off";
    assertThat(steps()).as("nor taken away").isEmpty();
  }

  @Test
  void whatIsInTheWayHindersNoLoosening() {
    made(Protect.AUDIT, LONG_AGO);
    servers.add(server("owners", "deny", Sample.MOMENT));
    assertThat(plan().toBeProtected()).isEmpty();

    made(Protect.ENFORCE, LONG_AGO);
    servers.add(server("owners", "deny", Sample.MOMENT));
    gateway = gateway(false);
    callers = "monitoring/prometheus";
    assertThat(steps())
        .filteredOn(step -> step.contains("mesh-setup"))
        .containsExactly("UNPROTECT server openfaas-fn/mesh-setup REVERT audit");
  }

  @Test
  void withoutServersOrOfAnOlderVersionOrUnreadNothingIsWritten() {
    audits = false;
    assertThat(steps()).isEmpty();
    assertThat(hindrance()).isEqualTo("access_policy_unknown");
    assertThat(hindrance(Reading.of(InboundRules.ABSENT))).isEqualTo("policy_objects_unknown");
    Problem forbidden = new Problem("forbidden", "servers in openfaas-fn", "no", "grant it");
    assertThat(hindrance(Reading.failed(forbidden))).isEqualTo("forbidden");
  }

  @Test
  @DisplayName(
      "the gateway without proxy, or not let in by what is there: everybody in, first of all")
  void whoeverIsRefusedWrongIsLetInFirst() {
    made(Protect.ENFORCE, LONG_AGO);
    gateway = gateway(false);
    assertThat(steps().get(0)).isEqualTo("UNPROTECT server openfaas-fn/mesh-setup REVERT audit");
    assertThat(steps().get(1)).startsWith("GATEWAY deployment openfaas/gateway");
    assertThat(plan().urgent().steps).hasSize(1);

    gateway = gateway(true);
    assertThat(steps()).isEmpty();
    tampered(Kind.MESH_TLS_AUTHENTICATION, "openfaas-controller", "another");
    assertThat(steps())
        .containsExactly(
            "UNPROTECT server openfaas-fn/mesh-setup REVERT audit",
            "PROTECT meshtlsauthentication openfaas-fn/mesh-setup ENABLE");

    made(Protect.ENFORCE, LONG_AGO);
    named.removeIf(object -> object.object.kind == Kind.AUTHORIZATION_POLICY);
    assertThat(steps())
        .containsExactly(
            "UNPROTECT server openfaas-fn/mesh-setup REVERT audit",
            "PROTECT authorizationpolicy openfaas-fn/mesh-setup ENABLE");
  }

  @Test
  void whatWasNotProvenIsProvenAgain() {
    made(Protect.ENFORCE, LONG_AGO, Map.of(Annotations.UNPROVEN, "2026-01-01T00:00:00Z"));
    assertThat(steps()).containsExactly("PROTECT server openfaas-fn/mesh-setup ENABLE deny");
    assertThat(plan().unproven().steps).hasSize(1);
    assertThat(plan().isUnproven()).isTrue();
  }

  @Test
  void whoMayCallIsSetAgainWhileOthersAreRefused() {
    made(Protect.ENFORCE, LONG_AGO);
    callers = "monitoring/prometheus";
    assertThat(steps())
        .containsExactly("PROTECT meshtlsauthentication openfaas-fn/mesh-setup ENABLE");
  }

  @Test
  void offAndRevertTakeAwayTheServerFirst() {
    made(Protect.ENFORCE, LONG_AGO);
    List<String> gone =
        List.of(
            "UNPROTECT server openfaas-fn/mesh-setup REVERT",
            "UNPROTECT meshtlsauthentication openfaas-fn/mesh-setup REVERT",
            "UNPROTECT authorizationpolicy openfaas-fn/mesh-setup REVERT");
    protect = "off";
    assertThat(steps()).containsExactlyElementsOf(gone);
    named.removeIf(object -> object.object.kind == Kind.SERVER);
    assertThat(steps()).as("cut off between").containsExactlyElementsOf(gone.subList(1, 3));

    made(Protect.ENFORCE, LONG_AGO);
    action = Action.REVERT;
    protect = "enforce";
    assertThat(steps()).containsExactlyElementsOf(gone);
  }

  @Test
  @DisplayName("audit lets in whom the default policy refuses: a warning, before it does")
  void whomAuditLetsInBeyondTheDefaultIsTold() {
    for (String word : List.of("all-unauthenticated", "all-authenticated", "deny")) {
      functions.set(
          0,
          Sample.of(Role.FUNCTION, NS, "figlet")
              .inject("enabled")
              .annotated(Annotations.INBOUND_POLICY, word)
              .labelled("faas_function", "figlet")
              .meshed(1)
              .workload());
      named.clear();
      assertThat(protectionCheck().contains("refuses: [" + word + "]"))
          .as(word)
          .isEqualTo(!word.equals("all-unauthenticated"));
      made(Protect.ENFORCE, LONG_AGO);
      assertThat(protectionCheck()).doesNotContain("refuses: ");
    }
  }

  private String protectionCheck() {
    return ReadingChecks.of(scope(Reading.of(rules())), plan()).stream()
        .filter(check -> check.id.equals("protection"))
        .map(check -> check.message)
        .collect(Collectors.joining());
  }
}
