package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import java.time.Instant;
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
  private static Trial trial;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installOpenFaas();
    platform.deployFunction("alpha", Change.whenMeshed("never-ready"));
    platform.linkerd().install();
    platform.awaitSettled();
    caller = new Caller(platform, SHORT);
    audit = new AuditLog(platform);
    trial = Trial.on(platform);
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
    assertThat(annotations("alpha")).containsKeys(Annotations.PREVIOUS, Annotations.FAILED);
    assertThat(inject("alpha")).as("its namespace asks for injection").isEqualTo("disabled");
    apply.inTable(8, "canary never ready");
  }

  @Test
  @Order(2)
  @DisplayName("03b its next pod comes up as before")
  void itsNextPodComesUpAsBefore() {
    platform
        .admin()
        .pods()
        .inNamespace(platform.functions())
        .withLabel("faas_function", "alpha")
        .delete();

    platform.awaitSettled();

    Answer status = caller.get("");
    assertThat(status.after("alpha")).as(status.body).isEqualTo("unmeshed");
    assertThat(status.workload("alpha").get("message").getAsString())
        .startsWith("put back at ")
        .contains("it does not come up with its proxy");
    assertThat(status.json().get("next").getAsString())
        .contains("alpha")
        .doesNotContain("Nothing to do");
  }

  @Test
  @Order(3)
  void theNextRunLeavesItAndWritesNothing() {
    audit.forget();

    Answer apply = caller.apply();

    assertThat(apply.outcome()).as(apply.body).isEqualTo("degraded");
    assertThat(apply.status).isEqualTo(200);
    assertThat(apply.findings()).contains("failed_before");
    assertThat(audit.writes()).isEmpty();
  }

  @Test
  @Order(4)
  void aSignedRefreshTriesItAgain() {
    audit.forget();

    Answer refresh = caller.signed("refresh", Instant.now());

    assertThat(refresh.status).as(refresh.body).isEqualTo(500);
    assertThat(refresh.change("alpha")).isEqualTo("rolledBack");
    assertThat(audit.patches())
        .containsExactly("patch deployments/alpha", "patch deployments/alpha");
    assertThat(inject("alpha")).isEqualTo("disabled");
  }

  @Test
  @Order(5)
  void theNextRunGoesOnWhenTheFaultIsGone() {
    platform.edit(
        platform.functions(), "alpha", Change.templateAnnotated(Map.of(WHEN_MESHED, "ready")));
    platform.awaitSettled();

    assertThat(caller.apply().outcome()).isIn("changed", "meshed");
    platform.awaitSettled();
    Answer meshed = caller.apply();
    assertThat(meshed.outcome()).isEqualTo("meshed");
    assertThat(meshed.after("alpha")).isEqualTo("meshed");
    assertThat(annotations("alpha")).doesNotContainKey(Annotations.FAILED);
    assertThat(inject("alpha")).isEqualTo("enabled");
  }

  @Test
  @Order(7)
  void whatAdmissionRefusesIsTriedOnceAndTheOthersGoOn() {
    trial.slipIn("picky", "plain");
    Denial denied = Denial.ofTemplate(platform, Annotations.RESTARTED_AT, "picky");
    try {
      Answer apply = caller.apply();

      assertThat(apply.outcome()).as(apply.body).isEqualTo("degraded");
      assertThat(apply.status).isEqualTo(500);
      assertThat(apply.change("picky")).isEqualTo("rolledBack");
      assertThat(apply.workload("picky").get("message").getAsString())
          .contains("no such annotation here");
      assertThat(apply.after("plain")).isEqualTo("meshed");

      audit.forget();
      Answer next = caller.apply();
      assertThat(next.outcome()).as(next.body).isEqualTo("degraded");
      assertThat(next.status).isEqualTo(200);
      assertThat(next.after("picky")).as("nobody's opt-out").isEqualTo("unmeshed");
      assertThat(audit.writes()).isEmpty();
    } finally {
      denied.close();
    }
    platform.deleteFunction("picky");
    platform.awaitSettled();
  }

  @Test
  @Order(8)
  void withStrategyRecreateTheWayBackIsAwaited() {
    trial.slipIn(
        function -> Change.recreate().apply(Change.whenMeshed("never-ready").apply(function)),
        "anew");

    Answer apply = caller.apply();

    assertThat(apply.outcome()).as(apply.body).isEqualTo("degraded");
    assertThat(apply.status).isEqualTo(500);
    assertThat(apply.after("anew")).as("up again when the answer comes").isEqualTo("unmeshed");
    assertThat(trial.deployment(platform.functions(), "anew").getStatus().getAvailableReplicas())
        .isEqualTo(1);
  }

  @Test
  @Order(9)
  void aRevertTakesMarkAndRefusalAway() {
    assertThat(inject("anew")).isEqualTo("disabled");

    Answer revert = caller.signed("revert", Instant.now());

    assertThat(revert.outcome()).as(revert.body).isEqualTo("reverted");
    assertThat(annotations("anew")).doesNotContainKeys(Annotations.PREVIOUS, Annotations.FAILED);
    assertThat(inject("anew")).isNull();
  }

  private static String inject(String function) {
    return platform.templateAnnotations(platform.functions(), function).get(Annotations.INJECT);
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
