package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ApiFaults;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.Fault;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** On one platform that is meshed, and has no objects of ours before each. */
@ExtendWith(ClusterExtension.class)
@DisplayName(
    "mesh_protect: cut off, beside what is somebody else's, without rights, and what the token may")
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
    cutOff("off", 2);
    assertThat(on.access()).isEmpty();
    assertThat(on.caller("audit").apply().status).isEqualTo(200);
    assertThat(on.caller("off").apply().status).isEqualTo(200);
    assertThat(on.objects()).isEmpty();
  }

  /** A run whose process is gone when it has asked for so many writes of policy objects. */
  private static void cutOff(String protect, int write) {
    try (ApiFaults api = ApiFaults.before(on.platform)) {
      Fault last =
          api.set(
              Fault.answers(401)
                  .on(request -> request.isWrite() && request.path.contains("policy.linkerd.io"))
                  .after(write - 1));
      api.set(Fault.answers(401).on(request -> last.hits() > 0));
      Answer cut = on.caller(protect, api.environment()).inAHurry().apply();
      assertThat(cut.status).as(cut.body).isEqualTo(500);
      assertThat(last.hits()).isPositive();
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
  @DisplayName("without rbac-protect.yml a run is blocked, and says what to apply")
  void saysWhichRightsItLacks() {
    String namespace = on.platform.functions();
    Role role =
        on.platform
            .admin()
            .rbac()
            .roles()
            .inNamespace(namespace)
            .withName("mesh-setup-protect")
            .get();
    on.platform.admin().resource(role).delete();
    try {
      Answer answer = on.caller("audit").apply();
      assertThat(answer.outcome()).as(answer.body).isEqualTo("blocked");
      assertThat(answer.check("permissions"))
          .contains("patch servers.policy.linkerd.io mesh-setup in " + namespace)
          .contains("--resource=servers.policy.linkerd.io --resource-name=mesh-setup");
      assertThat(on.objects()).isEmpty();
    } finally {
      role.getMetadata().setResourceVersion(null);
      role.getMetadata().setUid(null);
      on.platform.admin().resource(role).create();
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
