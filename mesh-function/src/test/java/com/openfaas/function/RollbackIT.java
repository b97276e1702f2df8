package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("What does not come up is rolled back, and the others go on")
class RollbackIT {
  private static final String WHEN_MESHED = "lab.mesh-setup/when-meshed";
  private static final Map<String, String> SHORT = Map.of("mesh_patience", "15s");

  private static TestPlatform platform;
  private static Caller caller;
  private static AuditLog audit;
  private static FaultScenario scenario;

  /** Of the first apply, whose first canary never becomes ready. */
  private static Answer first;

  private static List<String> firstPatches;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installOpenFaas();
    platform.deployFunction("alpha", Change.whenMeshed("never-ready"));
    platform.linkerd().install();
    platform.awaitSettled();
    caller = new Caller(platform, SHORT);
    audit = new AuditLog(platform);
    scenario = FaultScenario.on(platform);
    first = caller.apply().inTable(8, "canary never ready");
    firstPatches = audit.patches();
    mend("alpha");
    scenario.endsMeshed(caller);
  }

  /** Each test brings a function of its own, and takes it away. */
  @AfterEach
  void theOthersAreMeshed() {
    platform.awaitSettled();
    platform.lease().release();
    scenario.endsMeshed(caller);
  }

  @Test
  void aCanaryThatNeverBecomesReady() {
    assertThat(first.outcome()).as(first.body).isEqualTo("degraded");
    assertThat(first.status).isEqualTo(500);
    assertThat(first.change("alpha")).isEqualTo("rolledBack");
    assertThat(first.after("alpha")).isEqualTo("unmeshed");
    assertThat(first.workload("alpha").get("message").getAsString())
        .contains("its rollout does not complete with its proxy")
        .contains("said:");
    assertThat(first.after("nodeinfo")).as("the next canary").isEqualTo("meshed");
    assertThat(first.after("queue-worker")).isEqualTo("meshed");
    assertThat(first.change("gateway")).as("after the answer").isEqualTo("deferred");
    assertThat(firstPatches)
        .as("the namespace waits for a canary that comes up")
        .startsWith("patch deployments/alpha", "patch deployments/alpha")
        .contains("patch deployments/gateway");
  }

  @Test
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

  @Test
  @DisplayName("03b what is rolled back stays so until it is refreshed or mended")
  void whatIsRolledBackStaysSoUntilItIsMended() {
    scenario.deployUninjected(Change.whenMeshed("never-ready"), "beta");

    Answer apply = caller.apply();

    assertThat(apply.outcome()).as(apply.body).isEqualTo("degraded");
    assertThat(apply.change("beta")).isEqualTo("rolledBack");
    assertThat(annotations("beta")).containsKeys(Annotations.PREVIOUS, Annotations.FAILED);
    assertThat(inject("beta")).as("its namespace asks for injection").isEqualTo("disabled");
    itsNextPodComesUpAsBefore("beta");
    theNextRunLeavesItAndWritesNothing();
    aSignedRefreshTriesItAgain("beta");
    theNextRunGoesOnWhenTheFaultIsGone("beta");
    platform.deleteFunction("beta");
  }

  private static void itsNextPodComesUpAsBefore(String function) {
    platform
        .admin()
        .pods()
        .inNamespace(platform.functions())
        .withLabel("faas_function", function)
        .delete();
    platform.awaitSettled();

    Answer status = caller.get("");

    assertThat(status.after(function)).as(status.body).isEqualTo("unmeshed");
    assertThat(status.workload(function).get("message").getAsString())
        .startsWith("rolled back at ")
        .contains("its rollout does not complete with its proxy");
    assertThat(status.json().get("next").getAsString())
        .contains(function)
        .doesNotContain("Nothing to do");
  }

  private static void theNextRunLeavesItAndWritesNothing() {
    audit.forget();

    Answer apply = caller.apply();

    assertThat(apply.outcome()).as(apply.body).isEqualTo("degraded");
    assertThat(apply.status).isEqualTo(200);
    assertThat(apply.findings()).contains("failed_before");
    assertThat(audit.writes()).isEmpty();
  }

  private static void aSignedRefreshTriesItAgain(String function) {
    audit.forget();

    Answer refresh = caller.signed("refresh", Instant.now());

    assertThat(refresh.status).as(refresh.body).isEqualTo(500);
    assertThat(refresh.change(function)).isEqualTo("rolledBack");
    assertThat(audit.patches())
        .containsExactly("patch deployments/" + function, "patch deployments/" + function);
    assertThat(inject(function)).isEqualTo("disabled");
  }

  private static void theNextRunGoesOnWhenTheFaultIsGone(String function) {
    mend(function);

    assertThat(caller.apply().outcome()).isIn("changed", "meshed");
    platform.awaitSettled();
    Answer meshed = caller.apply();
    assertThat(meshed.outcome()).isEqualTo("meshed");
    assertThat(meshed.after(function)).isEqualTo("meshed");
    assertThat(annotations(function)).doesNotContainKey(Annotations.FAILED);
    assertThat(inject(function)).isEqualTo("enabled");
  }

  @Test
  void whatAdmissionRefusesIsTriedOnceAndTheOthersGoOn() {
    scenario.deployUninjected("picky", "plain");
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
    platform.deleteFunction("plain");
  }

  @Test
  void withStrategyRecreateTheWayBackIsAwaitedAndARevertTakesMarkAndRefusalAway() {
    scenario.deployUninjected(
        function -> Change.recreate().apply(Change.whenMeshed("never-ready").apply(function)),
        "anew");

    Answer apply = caller.apply();

    assertThat(apply.outcome()).as(apply.body).isEqualTo("degraded");
    assertThat(apply.status).isEqualTo(500);
    assertThat(apply.after("anew")).as("up again when the answer comes").isEqualTo("unmeshed");
    assertThat(scenario.deployment(platform.functions(), "anew").getStatus().getAvailableReplicas())
        .isEqualTo(1);
    assertThat(inject("anew")).isEqualTo("disabled");

    Answer revert = caller.signed("revert", Instant.now());

    assertThat(revert.outcome()).as(revert.body).isEqualTo("reverted");
    assertThat(annotations("anew")).doesNotContainKeys(Annotations.PREVIOUS, Annotations.FAILED);
    assertThat(inject("anew")).isNull();
    platform.deleteFunction("anew");
  }

  private static void mend(String function) {
    platform.edit(
        platform.functions(), function, Change.templateAnnotated(Map.of(WHEN_MESHED, "ready")));
    platform.awaitSettled();
  }

  private static String inject(String function) {
    return platform.templateAnnotations(platform.functions(), function).get(Annotations.INJECT);
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
