package com.openfaas.function.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.policy.Policy.Protect;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.preflight.ReadingChecks;
import com.openfaas.function.request.Action;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("mesh_protect: enforce, among people who may write policy objects and pods")
class ProtectionAttackedTest extends ProtectionCase {
  @ParameterizedTest
  @ValueSource(strings = {"all-unauthenticated", "all-authenticated", "cluster-authenticated", "x"})
  @DisplayName("our Server opened by somebody is no enforce, and audits again first of all")
  void aServerThatSomebodyHasOpenedIsNotTakenForEnforce(String word) {
    made(Protect.ENFORCE, LONG_AGO);
    tampered(Kind.SERVER, "\"deny\"", "\"" + word + "\"");

    assertThat(plan().protections.get(0).now).isEqualTo(Protect.AUDIT);
    assertThat(steps()).containsExactly("UNPROTECT server openfaas-fn/mesh-setup REVERT audit");
    assertThat(codes()).contains("not_watched");
  }

  @Test
  void whomSomebodyElseLetsInIsToldWhileOthersAreRefused() {
    made(Protect.ENFORCE, LONG_AGO);
    allowEverybody();

    assertThat(gaps()).containsExactly("authorization_foreign");
    assertThat(steps()).as("refused is better than not").isEmpty();
  }

  @Test
  void callersThatSomebodyHasAddedAreToldAndTakenOutAgain() {
    made(Protect.ENFORCE, LONG_AGO);
    tampered(
        Kind.MESH_TLS_AUTHENTICATION,
        "[",
        "[{\"kind\":\"ServiceAccount\",\"name\":\"evil\",\"namespace\":\"x\"},");

    assertThat(gaps()).containsExactly("policy_object_changed");
    assertThat(steps())
        .containsExactly("PROTECT meshtlsauthentication openfaas-fn/mesh-setup ENABLE");
  }

  @Test
  void anAuthorizationThatAsksNobodyWhoHeIsIsMadeAnewWithEverybodyInMeanwhile() {
    made(Protect.ENFORCE, LONG_AGO);
    tampered(Kind.AUTHORIZATION_POLICY, "\"requiredAuthenticationRefs\":[{", "\"x\":[{");
    assertThat(steps())
        .containsExactly(
            "UNPROTECT server openfaas-fn/mesh-setup REVERT audit",
            "PROTECT authorizationpolicy openfaas-fn/mesh-setup ENABLE");
  }

  @Test
  @DisplayName("a route on our Server refuses the kubelet: everybody in, though no function is up")
  void aRouteOnOurServerLetsEverybodyIn() {
    made(Protect.ENFORCE, LONG_AGO);
    routes.put("server openfaas-fn/mesh-setup", "httproute openfaas-fn/r");
    functions.set(0, function("figlet", false, "figlet"));

    assertThat(plan().protections.get(0).danger.message).contains("httproute openfaas-fn/r");
    assertThat(steps().get(0)).isEqualTo("UNPROTECT server openfaas-fn/mesh-setup REVERT audit");
  }

  @Test
  @DisplayName("a Server that selects by what pods alone have as a label is found")
  void aServerThatSelectsByLabelsOfPodsAloneIsForeign() {
    PodView pod =
        new PodView(
            "figlet-1",
            Map.of("faas_function", "figlet", "pod-template-hash", "5d9"),
            Map.of(),
            Sample.phase(false, true),
            Proxy.READY,
            "");
    Workload function =
        Sample.of(Role.FUNCTION, NS, "figlet")
            .inject("enabled")
            .labelled("faas_function", "figlet")
            .pods(pod)
            .workload();
    functions.set(0, function);
    servers.add(server("owners", "all-unauthenticated", Instant.EPOCH, "pod-template-hash"));

    assertThat(steps()).isEmpty();
    assertThat(hindrance()).isEqualTo("server_foreign");
  }

  @Test
  @DisplayName("a run that was asked for one function lets a gateway in that is refused")
  void aNarrowRunLetsTheGatewayInFirst() {
    made(Protect.ENFORCE, LONG_AGO);
    gateway = gateway(false);
    asked.add("figlet");
    assertThat(steps().get(0)).isEqualTo("UNPROTECT server openfaas-fn/mesh-setup REVERT audit");

    gateway = gateway(true);
    made(Protect.AUDIT, LONG_AGO);
    assertThat(steps()).as("nothing else of who may call").isEmpty();
  }

  @Test
  @DisplayName("new, idle, opted out, without a proxy: told, and nobody else is let in for that")
  void functionsThatComeWhileOthersAreRefusedAreTold() {
    made(Protect.ENFORCE, LONG_AGO);
    functions.add(function("new", true, "new"));
    functions.add(function("bare", false, "bare"));
    functions.add(Sample.of(Role.FUNCTION, NS, "out").inject("disabled").unmeshed(1).workload());
    functions.add(Sample.of(Role.FUNCTION, NS, "idle").workload());
    functions.add(function("other", true, "mesh-setup"));

    assertThat(plan().protections.get(0).unprotected)
        .containsExactlyInAnyOrder(
            "bare (unmeshed)",
            "out (optedOut)",
            "idle (idle)",
            "other (no Server of mesh-setup's)");
    assertThat(steps()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {Annotations.SKIP_INBOUND_PORTS, Annotations.OPAQUE_PORTS})
  @DisplayName("an owner who takes port 8080 from his proxy does not decide on the others'")
  void aProxyThatIsPassedByProvesNothing(String key) {
    made(Protect.AUDIT, LONG_AGO);
    functions.add(
        0,
        Sample.of(Role.FUNCTION, NS, "a-sly")
            .inject("enabled")
            .annotated(key, "8000-8090")
            .labelled("faas_function", "a-sly")
            .meshed(1)
            .workload());
    boolean skips = key.equals(Annotations.SKIP_INBOUND_PORTS);

    assertThat(steps()).containsExactly("PROTECT server openfaas-fn/mesh-setup ENABLE deny");
    assertThat(plan().protections.get(0).provable())
        .extracting(function -> function.name)
        .containsExactly("figlet");
    assertThat(plan().protections.get(0).unprotected.toString())
        .isEqualTo(skips ? "[a-sly (its proxy skips port 8080)]" : "[]");
    assertThat(plan().toBeProtected())
        .as("whose callers would be cut, and must be counted")
        .extracting(function -> function.name)
        .contains("figlet")
        .matches(names -> names.contains("a-sly") != skips);
  }

  @Test
  @DisplayName("a Server of somebody else's beside ours does not keep a refused gateway out")
  void aGatewayThatIsRefusedIsLetInBesideAServerOfSomebodyElse() {
    made(Protect.ENFORCE, LONG_AGO);
    gateway = gateway(false);
    servers.add(server("owners", "all-unauthenticated", Sample.MOMENT));

    assertThat(hindrance()).isEqualTo("server_foreign");
    assertThat(steps().get(0)).isEqualTo("UNPROTECT server openfaas-fn/mesh-setup REVERT audit");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("off, or revert, where deny is what holds without a Server: ours lets everybody in")
  void aServerWithoutWhichTheGatewayIsRefusedStays(boolean reverts) {
    functions.set(
        0,
        Sample.of(Role.FUNCTION, NS, "figlet")
            .inject("enabled")
            .annotated(Annotations.INBOUND_POLICY, "deny")
            .labelled("faas_function", "figlet")
            .meshed(1)
            .workload());
    made(Protect.ENFORCE, LONG_AGO);
    action = reverts ? Action.REVERT : Action.APPLY;
    protect = reverts ? "enforce" : "off";

    assertThat(plan().protections.get(0).needed.message).contains("the gateway is refused", "deny");
    assertThat(ofPolicy()).containsExactly("UNPROTECT server openfaas-fn/mesh-setup REVERT audit");
    made(Protect.AUDIT, LONG_AGO);
    assertThat(ofPolicy()).as("once").isEmpty();

    servers.add(server("owners", "deny", Sample.MOMENT));
    assertThat(ofPolicy()).as("theirs holds when ours is gone").hasSize(3);
    servers.remove(1);
    functions.set(0, function("figlet", false, "figlet"));
    assertThat(ofPolicy()).as("without a proxy nobody is refused").hasSize(3);
  }

  private List<String> ofPolicy() {
    return steps().stream()
        .filter(step -> step.startsWith("UNPROTECT"))
        .collect(Collectors.toList());
  }

  @Test
  @DisplayName("the files for Git hold nothing of it")
  void whatIsKeptInGitIsNotThis() {
    assertThat(plan().steps).anyMatch(step -> step.object.kind.isMade());
    assertThat(plan().kept(scope(Reading.of(rules()))))
        .noneMatch(step -> step.object.kind.isMade());
  }

  @Test
  @DisplayName("a revert that cannot see the policy objects does not unmesh a gateway beside them")
  void aRevertThatCannotSeeThemIsStopped() {
    action = Action.REVERT;
    Problem unread = new Problem("forbidden", "servers in openfaas-fn", "no", "grant it");
    Scope blind = scope(Reading.failed(unread));
    assertThat(ReadingChecks.of(blind, plan())).anyMatch(Check::failed);

    protect = "off";
    blind = scope(Reading.failed(unread));
    assertThat(ReadingChecks.of(blind, plan()))
        .noneMatch(Check::failed)
        .anyMatch(check -> check.id.equals("protection"));
  }

  private List<String> gaps() {
    return plan().protections.get(0).gaps.stream()
        .map((Problem problem) -> problem.code)
        .collect(Collectors.toList());
  }
}
