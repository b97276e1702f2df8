package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ApiFaults;
import com.openfaas.function.lab.ApiRequest;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.Fault;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** On one platform that is meshed, and has no objects of ours before each. */
@ExtendWith(ClusterExtension.class)
@DisplayName("mesh_protect: cut off, among faults, beside what is somebody else's")
class ProtectFaultsIT {
  private static ProtectedPlatform on;

  @BeforeAll
  static void install(TestPlatform installed) {
    on = new ProtectedPlatform(installed);
    assertThat(on.caller("off").apply().outcome()).isEqualTo("changed");
    on.platform.awaitSettled();
  }

  @AfterAll
  static void end() {
    if (on != null) {
      on.close();
    }
  }

  @Test
  @DisplayName("a process that is gone between any two writes: the next run ends as it should")
  void isEndedByTheNextRunWhereverItWasCutOff() {
    for (int write = 1; write <= 3; write++) {
      cutOff("audit", write);
      assertThat(on.caller("audit").apply().status).isEqualTo(200);
      assertThat(on.objects()).isEqualTo(ProtectedPlatform.KINDS);
      assertThat(on.access()).isEqualTo("audit");
      Answer off = on.caller("off").apply();
      assertThat(off.status).as(off.body).isEqualTo(200);
      assertThat(on.objects()).isEmpty();
    }
    assertThat(on.caller("audit").apply().status).isEqualTo(200);
    on.restartFunctions();
    for (int write = 1; write <= 2; write++) {
      on.twoHoursLater();
      cutOff("enforce", write);
      Answer next = on.caller("enforce").apply();
      assertThat(next.status).as(next.body).isEqualTo(200);
      assertThat(on.access()).as("write " + write).isEqualTo("deny");
      assertThat(on.invoked("nodeinfo")).isEqualTo(200);
      assertThat(on.caller("audit").apply().status).isEqualTo(200);
      assertThat(on.access()).isEqualTo("audit");
      on.restartFunctions();
    }
    assertThat(on.caller("off").apply().status).isEqualTo(200);
    assertThat(on.objects()).isEmpty();
  }

  @Test
  @DisplayName("cut off between two deletions: the Server is gone first, the next off ends it")
  void takesAwayWhatACutOffRunHasLeft() {
    for (int write = 1; write <= 3; write++) {
      assertThat(on.caller("audit").apply().status).isEqualTo(200);
      cutOff("off", write);
      assertThat(on.objects()).hasSize(ProtectedPlatform.KINDS.size() - write + 1);
      assertThat(on.access()).as("write " + write).isEqualTo(write == 1 ? "audit" : "");
      Answer next = on.caller("off").apply();
      assertThat(next.status).as(next.body).isEqualTo(200);
      assertThat(on.objects()).as("after write " + write).isEmpty();
    }
    AuditLog log = new AuditLog(on.platform);
    assertThat(on.caller("off").apply().outcome()).isEqualTo("meshed");
    assertThat(log.writes()).isEmpty();
  }

  @Test
  @DisplayName("a gateway that is refused: let in, whatever fails; meshed by the run that can")
  void letsTheGatewayInWhateverElseFails() {
    on.enforced();
    on.platform.edit(on.platform.openfaas(), "gateway", Change.withoutTemplateAnnotations());
    on.platform.awaitSettled();
    assertThat(on.invoked("nodeinfo")).isEqualTo(403);
    cutOff("enforce", 1);
    assertThat(on.access()).as("cut off before the first write").isEqualTo("deny");

    on.platform.linkerd().scale("linkerd-identity", 0);
    on.platform.awaitSettled();
    try (ApiFaults api = ApiFaults.before(on.platform)) {
      // As where Linkerd's webhook must be asked, and is away: of deletions it is not.
      Fault away = api.set(Fault.answers(500).on(ApiRequest.of("PATCH", "/servers/")));
      Answer answer = on.caller("enforce", api.environment()).apply();
      assertThat(away.hits()).isPositive();
      assertThat(answer.findings()).as(answer.body).contains("held_back");
      assertThat(answer.body).contains("linkerd-identity");
    }
    assertThat(on.access()).isEmpty();
    assertThat(on.invoked("nodeinfo")).isEqualTo(200);
    assertThat(gatewayAsksForAProxy()).isFalse();

    on.platform.linkerd().scale("linkerd-identity", 1);
    on.platform.awaitSettled();
    // Its caller is answered before that.
    cutOff("enforce", 1, ApiRequest.of("PATCH", "/deployments/gateway"), 200);
    assertThat(gatewayAsksForAProxy()).isFalse();
    Answer whole = on.caller("enforce").apply();
    assertThat(whole.outcome()).as(whole.body).isIn("changed", "inProgress");
    on.platform.awaitSettled();
    assertThat(on.access()).isEqualTo("audit");
    assertThat(on.invoked("nodeinfo")).isEqualTo(200);
    assertThat(on.caller("off").apply().status).isEqualTo(200);
  }

  private static boolean gatewayAsksForAProxy() {
    return on.platform
        .templateAnnotations(on.platform.openfaas(), "gateway")
        .containsKey("linkerd.io/inject");
  }

  @Test
  @DisplayName("an API server that takes no word after deny: ended by the same process, uncalled")
  void anApiServerThatFailsAfterDenyLeavesNothingUnproven() {
    assertThat(on.caller("audit").apply().status).isEqualTo(200);
    on.restartFunctions();
    on.twoHoursLater();
    try (ApiFaults api = ApiFaults.before(on.platform)) {
      Fault ails = api.set(Fault.answers(500).on(ProtectFaultsIT::isOfPolicy).after(1));
      Answer answer = on.caller("enforce", api.environment()).apply();
      assertThat(answer.outcome()).as(answer.body).isEqualTo("failed");
      assertThat(answer.body).contains("could not be rolled back", "accessPolicy");
      assertThat(on.access()).isEqualTo("deny");
      assertThat(on.isUnproven()).isTrue();
      ails.end();
      Awaitility.await("proven, or let in again, with nobody calling")
          .atMost(Duration.ofMinutes(5))
          .until(() -> !on.isUnproven());
      on.platform.awaitTheEnd();
    }
    assertThat(on.access()).isEqualTo("deny");
    assertThat(on.invoked("nodeinfo")).isEqualTo(200);
    assertThat(on.caller("off").apply().status).isEqualTo(200);
    assertThat(on.objects()).isEmpty();
  }

  private static boolean isOfPolicy(ApiRequest request) {
    return request.isWrite() && request.path.contains("policy.linkerd.io");
  }

  /** A run whose process is gone when it has asked for so many writes of policy objects. */
  private static void cutOff(String protect, int write) {
    cutOff(protect, write, ProtectFaultsIT::isOfPolicy, 500);
  }

  private static void cutOff(String protect, int write, Predicate<ApiRequest> writes, int status) {
    try (ApiFaults api = ApiFaults.before(on.platform)) {
      Fault last = api.set(Fault.answers(401).on(writes).after(write - 1));
      api.set(Fault.answers(401).on(request -> last.hits() > 0));
      Answer cut = on.caller(protect, api.environment()).inAHurry().apply();
      assertThat(cut.status).as(cut.body).isEqualTo(status);
      Awaitility.await("its last write").atMost(Duration.ofMinutes(5)).until(() -> last.hits() > 0);
    }
    on.platform.lease().runOut();
  }

  @Test
  @DisplayName(
      "an owner's Server was there first, or one of our name and label: nothing is written")
  void writesNothingBesideWhatIsSomebodyElses() {
    for (String name : List.of("owners", "mesh-setup")) {
      String foreign =
          "apiVersion: policy.linkerd.io/v1beta3\n"
              + "kind: Server\n"
              + "metadata: {name: "
              + name
              + ", namespace: NS, labels: {app.kubernetes.io/managed-by: mesh-setup}}\n"
              + "spec: {podSelector: {matchLabels: {faas_function: figlet}}, port: 8080,"
              + " accessPolicy: all-unauthenticated}\n";
      on.foreign(foreign);
      AuditLog log = new AuditLog(on.platform);

      Answer answer = on.caller("audit").apply();

      assertThat(answer.outcome()).as(answer.body).isEqualTo("meshed");
      assertThat(answer.check("protection"))
          .contains("server " + on.platform.functions() + "/" + name);
      assertThat(answer.findings()).containsAnyOf("server_foreign", "policy_object_foreign");
      assertThat(on.caller("off").apply().outcome()).isEqualTo("meshed");
      assertThat(log.writes()).isEmpty();
      on.deleteForeign(foreign);
    }
  }

  @Test
  @DisplayName("the token alone: no other name, nobody but named accounts, no Server that opens")
  void theAdmissionPolicyBoundsWhatTheObjectsSay() {
    try (KubernetesClient token = on.platform.account().client()) {
      for (String refused :
          List.of(
              "Server|mesh-setup|{podSelector: {}, port: 8080, accessPolicy: audit}",
              "Server|mesh-setup|{podSelector: {matchExpressions: [{key: faas_function, operator:"
                  + " Exists}]}, port: 8080, accessPolicy: all-unauthenticated}",
              "MeshTLSAuthentication|mesh-setup|{identities: ['*']}",
              "MeshTLSAuthentication|mesh-setup|{identityRefs: [{kind: Namespace, name: x}]}",
              "AuthorizationPolicy|mesh-setup|{targetRef: {kind: Namespace, name: NS},"
                  + " requiredAuthenticationRefs: []}")) {
        String[] of = refused.split("[|]", -1);
        String version = of[0].equals("Server") ? "v1beta3" : "v1alpha1";
        GenericKubernetesResource object =
            on.load(
                    "apiVersion: policy.linkerd.io/"
                        + version
                        + "\nkind: "
                        + of[0]
                        + "\nmetadata: {name: "
                        + of[1]
                        + ", namespace: NS}\nspec: "
                        + of[2]
                        + "\n")
                .get(0);
        assertThatThrownBy(() -> token.resource(object).forceConflicts().serverSideApply())
            .as(refused)
            .hasMessageContaining("no policy of Linkerd's but its own three");
      }
    }
  }
}
