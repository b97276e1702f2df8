package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("What does not come up is put back, and the others go on")
class RollbackIT {
  private static final String WHEN_MESHED = "lab.mesh-setup/when-meshed";
  private static final Map<String, String> SHORT =
      Map.of("exec_timeout", "55s", "mesh_patience", "6s");

  private static TestPlatform platform;
  private static Caller caller;
  private static AuditLog audit;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installOpenFaas();
    platform.deployFunction("alpha", Change.whenMeshed("never-ready"));
    platform.linkerd().install();
    platform.awaitSettled();
    caller = new Caller(platform, SHORT);
    audit = new AuditLog(platform);
  }

  @Test
  @Order(1)
  void aCanaryThatNeverBecomesReady() {
    Answer apply = caller.apply();

    assertThat(apply.outcome()).as(apply.body).isEqualTo("degraded");
    assertThat(apply.status).isEqualTo(500);
    assertThat(apply.change("alpha")).isEqualTo("rolledBack");
    assertThat(apply.after("alpha")).isEqualTo("unmeshed");
    assertThat(apply.workload("alpha").get("message").getAsString())
        .contains("it does not come up with its proxy")
        .contains("said:");
    assertThat(apply.after("nodeinfo")).as("the next canary").isEqualTo("meshed");
    assertThat(apply.after("queue-worker")).isEqualTo("meshed");
    assertThat(apply.change("gateway")).as("after the answer").isEqualTo("deferred");
    assertThat(platform.templateAnnotations(platform.openfaas(), "gateway"))
        .containsEntry(Annotations.INJECT, Annotations.ENABLED);
    assertThat(audit.patches())
        .as("the namespace waits for a canary that comes up")
        .startsWith("patch deployments/alpha", "patch deployments/alpha");
    assertThat(annotations("alpha")).doesNotContainKeys(Annotations.PREVIOUS, Annotations.INJECT);
    apply.inTable(8, "canary never ready");
  }

  @Test
  @Order(2)
  void theNextRunGoesOnWhenTheFaultIsGone() {
    platform.edit(
        platform.functions(), "alpha", Change.templateAnnotated(Map.of(WHEN_MESHED, "ready")));
    platform.awaitSettled();

    assertThat(caller.apply().outcome()).isIn("changed", "meshed");
    platform.awaitSettled();
    assertThat(caller.apply().outcome()).isEqualTo("meshed");
  }

  @Test
  @Order(6)
  void eventsTellOfEachChangeOnItsObject() {
    assertThat(
            platform
                .admin()
                .events()
                .v1()
                .events()
                .inNamespace(platform.functions())
                .list()
                .getItems())
        .filteredOn(event -> "openfaas.com/mesh-setup".equals(event.getReportingController()))
        .extracting(event -> event.getReason() + " " + event.getRegarding().getName())
        .contains(
            "MeshRolledBack alpha", "MeshEnabled nodeinfo", "MeshEnabled " + platform.functions());
  }

  private static Map<String, String> annotations(String function) {
    return platform
        .admin()
        .apps()
        .deployments()
        .inNamespace(platform.functions())
        .withName(function)
        .get()
        .getMetadata()
        .getAnnotations();
  }
}
