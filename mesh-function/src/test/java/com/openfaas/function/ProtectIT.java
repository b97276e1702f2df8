package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** One platform, from the first audit to the revert. */
@ExtendWith(ClusterExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("Only the gateway may call functions: watched, proven, enforced, taken away")
class ProtectIT {
  private static final String EVERYBODY =
      "apiVersion: policy.linkerd.io/v1alpha1\n"
          + "kind: AuthorizationPolicy\n"
          + "metadata: {name: zz-everybody, namespace: NS}\n"
          + "spec:\n"
          + "  targetRef: {kind: Namespace, name: NS}\n"
          + "  requiredAuthenticationRefs: []\n";

  private static ProtectedPlatform on;

  @BeforeAll
  static void install(TestPlatform installed) {
    on = new ProtectedPlatform(installed);
  }

  @AfterAll
  static void end() {
    if (on != null) {
      on.close();
    }
  }

  @Test
  @Order(1)
  @DisplayName(
      "audit: the objects come when the gateway is meshed, and everybody is still answered")
  void watchesFirst() {
    AuditLog log = new AuditLog(on.platform);

    Answer first = on.caller("audit").apply();

    assertThat(first.outcome()).as(first.body).isEqualTo("changed");
    on.platform.awaitSettled();
    assertThat(on.objects()).isEqualTo(ProtectedPlatform.KINDS);
    assertThat(on.access()).isEqualTo("audit");
    assertThat(order(ofProtection(log, "deployments gateway")))
        .containsExactly(
            "patch deployments gateway",
            "patch authorizationpolicies mesh-setup",
            "patch meshtlsauthentications mesh-setup",
            "patch servers mesh-setup");
    assertThat(on.stranger("POST", "nodeinfo", "/")).isEqualTo(200);
    log.forget();
    assertThat(on.caller("audit").apply().outcome()).isEqualTo("meshed");
    assertThat(log.writes()).isEmpty();
  }

  @Test
  @Order(2)
  @DisplayName("enforce: not within the hour, not while somebody would be cut; each is told")
  void saysWhatStandsInTheWay() {
    Answer early = on.caller("enforce").apply();
    assertThat(early.outcome()).as(early.body).isEqualTo("meshed");
    assertThat(early.check("protection")).contains("an hour is required");

    on.twoHoursLater();
    Answer called = on.caller("enforce").apply();
    assertThat(called.outcome()).as(called.body).isEqualTo("meshed");
    assertThat(called.check("protection")).contains("nodeinfo", "a caller without identity");
    assertThat(on.access()).isEqualTo("audit");

    on.restartFunctions();
    Answer anew = on.caller("enforce").apply();
    assertThat(anew.check("protection")).contains("its proxies count since");
    assertThat(on.access()).isEqualTo("audit");
  }

  @Test
  @Order(3)
  @DisplayName("enforce: where the gateway is not admitted by our objects, nobody is refused")
  void refusesNobodyWhereTheObjectsHaveNoEffect() {
    on.twoHoursLater();
    on.policy.away(true);
    try {
      Answer answer = on.caller("enforce").apply();
      assertThat(answer.outcome()).as(answer.body).isEqualTo("degraded");
      assertThat(answer.findings()).contains("not_proven");
    } finally {
      on.policy.away(false);
    }
    assertThat(on.access()).isEqualTo("audit");
  }

  @Test
  @Order(4)
  @DisplayName("others get in, whatever the function says, or the gateway does not: all in again")
  void takesBackWhatIsNotProven() {
    for (int own : List.of(405, 403)) {
      on.gateway.pods().withoutWatchdog("env", own);
      on.gateway.trouble(
          (meshed, function, path) -> {
            if (on.access().equals("deny")) {
              on.foreign(EVERYBODY);
            }
            return 0;
          });
      Answer answer = on.caller("enforce").apply();
      on.gateway.trouble((meshed, function, path) -> 0);
      on.deleteForeign(EVERYBODY);
      assertThat(answer.outcome()).as(answer.body).isEqualTo("degraded");
      assertThat(answer.body)
          .contains(own == 405 ? "is not refused: status 405" : "do not count them as refused");
      assertThat(on.access()).isEqualTo("audit");
      assertThat(on.caller("enforce").apply().check("protection")).contains("hour is required");
      on.restartFunctions();
      on.twoHoursLater();
    }
    on.gateway.pods().withoutWatchdog("env", 0);
    on.gateway.trouble((meshed, function, path) -> on.access().equals("deny") ? 403 : 0);
    Answer refused = on.caller("enforce").apply();
    on.gateway.trouble((meshed, function, path) -> 0);
    assertThat(refused.outcome()).as(refused.body).isEqualTo("degraded");
    assertThat(refused.body).contains("through the gateway: status 403");
    assertThat(on.access()).isEqualTo("audit");
  }

  @Test
  @Order(5)
  @DisplayName("enforce: the gateway is served, also with a function's own 403; a stranger is not")
  void refusesAllButTheGateway() {
    on.twoHoursLater();
    on.gateway.pods().withoutWatchdog("env", 403);
    AuditLog log = new AuditLog(on.platform);

    Answer answer = on.caller("enforce").apply();

    on.gateway.pods().withoutWatchdog("env", 0);
    assertThat(answer.outcome()).as(answer.body).isEqualTo("changed");
    assertThat(on.access()).isEqualTo("deny");
    assertThat(ofProtection(log, "")).hasSize(2).containsOnly("patch servers mesh-setup");
    assertThat(on.invoked("nodeinfo")).isEqualTo(200);
    assertThat(on.stranger("POST", "nodeinfo", "/")).isEqualTo(403);
    assertThat(on.stranger("GET", "nodeinfo", "/_/health")).isEqualTo(200);
    assertThat(on.stranger("POST", "markdown", "/")).isEqualTo(200);
    Answer after = on.caller("enforce").apply();
    assertThat(after.outcome()).as(after.body).isEqualTo("meshed");
    assertThat(after.check("protection"))
        .contains("enforce since", "markdown (optedOut)", "sentiment (idle)", "nmap (unsupported)");
    assertThat(after.findings()).contains("not_protected");
  }

  @Test
  @Order(6)
  @DisplayName(
      "while others are refused: a new function is protected, an authorization beside told")
  void tellsByWhatOthersGetInAndCoversWhatIsNew() {
    on.platform.deployFunction("late");
    on.platform.awaitSettled();
    on.gateway.awaitServing("late");
    assertThat(on.stranger("POST", "late", "/")).isEqualTo(403);
    assertThat(on.invoked("late")).isEqualTo(200);

    on.foreign(EVERYBODY);
    AuditLog log = new AuditLog(on.platform);
    Answer answer = on.caller("enforce").apply();
    on.deleteForeign(EVERYBODY);
    assertThat(answer.outcome()).as(answer.body).isEqualTo("meshed");
    assertThat(answer.check("protection"))
        .contains("enforce since", "but: authorizationpolicy", "zz-everybody");
    assertThat(answer.findings()).contains("authorization_foreign");
    assertThat(ofProtection(log, "deployments gateway")).isEmpty();
    on.platform.deleteFunction("late");
    on.platform.awaitSettled();
  }

  @Test
  @Order(7)
  @DisplayName("the gateway loses its proxy: everybody in again before it is meshed again")
  void letsEverybodyInBeforeTheGatewayIsMeshedAgain() {
    on.platform.edit(on.platform.openfaas(), "gateway", Change.withoutTemplateAnnotations());
    on.platform.awaitSettled();
    assertThat(on.invoked("nodeinfo")).isEqualTo(403);
    assertThat(on.invoked("mesh-setup")).as("the one that rescues").isEqualTo(200);
    AuditLog log = new AuditLog(on.platform);

    Answer answer = on.caller("enforce").apply();

    assertThat(answer.outcome()).as(answer.body).isIn("changed", "inProgress");
    assertThat(order(ofProtection(log, "deployments gateway")))
        .containsExactly("patch servers mesh-setup", "patch deployments gateway");
    on.platform.awaitSettled();
    assertThat(on.access()).isEqualTo("audit");
    assertThat(on.invoked("nodeinfo")).isEqualTo(200);
  }

  @Test
  @Order(8)
  @DisplayName("revert: exactly our objects are deleted, the Server first, then all else")
  void takesExactlyItsOwnAway() {
    on.foreign(EVERYBODY);
    AuditLog log = new AuditLog(on.platform);

    Answer answer = on.caller("enforce").signed("revert", Instant.now());

    assertThat(answer.outcome()).as(answer.body).isEqualTo("reverted");
    on.platform.awaitSettled();
    on.deleteForeign(EVERYBODY);
    assertThat(order(ofProtection(log, "deployments gateway")))
        .containsExactly(
            "delete servers mesh-setup",
            "delete meshtlsauthentications mesh-setup",
            "delete authorizationpolicies mesh-setup",
            "patch deployments gateway");
    assertThat(on.objects()).isEmpty();
    on.platform.lease().release();
  }

  /** The writes of policy objects, and of what is named beside them, in their order. */
  private static List<String> ofProtection(AuditLog log, String beside) {
    return log.requests().stream()
        .map(request -> request.verb + " " + request.resource + " " + request.name)
        .filter(
            write ->
                write.matches("(patch|delete|create) (servers|meshtls.*|authorizationpol.*) .*")
                    || (!beside.isEmpty() && write.equals("patch " + beside)))
        .collect(Collectors.toList());
  }

  private static Set<String> order(List<String> writes) {
    return new LinkedHashSet<>(writes);
  }
}
