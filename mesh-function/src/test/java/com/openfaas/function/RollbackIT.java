package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("What does not come up is put back, and nothing further is touched")
class RollbackIT {
  private static final String WHEN_MESHED = "lab.mesh-setup/when-meshed";
  private static final Map<String, String> SHORT = Map.of("exec_timeout", "14s");

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

    assertThat(apply.outcome()).as(apply.body).isEqualTo("rolledBack");
    assertThat(apply.status).isEqualTo(500);
    assertThat(apply.change("alpha")).isEqualTo("rolledBack");
    assertThat(apply.after("alpha")).isEqualTo("unmeshed");
    assertThat(apply.workload("alpha").get("message").getAsString())
        .contains("not ready with its proxy after 6 s")
        .contains("said:");
    assertThat(apply.change("nodeinfo")).isEqualTo("pending");
    assertThat(audit.patches())
        .as("the namespace was never annotated")
        .containsExactly("patch deployments/alpha", "patch deployments/alpha");
    assertThat(annotations("alpha")).doesNotContainKeys(Annotations.PREVIOUS, Annotations.INJECT);
    apply.inTable(8, "canary never ready");
  }

  @Test
  @Order(2)
  void aWaveMemberThatCrashesDoesNotLetTheNextWaveStart() {
    platform.edit(
        platform.functions(), "alpha", Change.templateAnnotated(Map.of(WHEN_MESHED, "ready")));
    platform.edit(
        platform.functions(),
        "nodeinfo",
        Change.templateAnnotated(Map.of(WHEN_MESHED, "crash-loop")));
    platform.awaitSettled();

    Answer apply = caller.apply();

    assertThat(apply.outcome()).as(apply.body).isEqualTo("rolledBack");
    assertThat(apply.after("alpha")).as("the canary").isEqualTo("meshed");
    assertThat(apply.after("figlet")).as("another member").isEqualTo("meshed");
    assertThat(apply.change("nodeinfo")).isEqualTo("rolledBack");
    assertThat(apply.workload("nodeinfo").get("message").getAsString())
        .contains("CrashLoopBackOff");
    assertThat(apply.change("queue-worker")).isEqualTo("pending");
    assertThat(apply.change("gateway")).isEqualTo("pending");
    apply.inTable(9, "a wave member crash-loops");
  }

  @Test
  @Order(3)
  void theNextRunGoesOnWhenTheFaultIsGone() {
    platform.edit(
        platform.functions(), "nodeinfo", Change.templateAnnotated(Map.of(WHEN_MESHED, "ready")));
    platform.edit(
        platform.openfaas(),
        "gateway",
        Change.templateAnnotated(Map.of(WHEN_MESHED, "never-ready")));
    platform.awaitSettled();

    Answer apply = caller.apply();

    assertThat(apply.outcome()).as(apply.body).isEqualTo("changed");
    assertThat(apply.after("nodeinfo")).isEqualTo("meshed");
    assertThat(apply.after("gateway")).as("not waited for").isEqualTo("rolling");
  }

  @Test
  @Order(4)
  void aGatewayThatDoesNotComeUpIsPutBackByALaterRunWhileTheOldOneServes() {
    assertThat(caller.apply().outcome()).as("it still has time").isEqualTo("inProgress");
    Answer later =
        Awaitility.await("the gateway's time is over")
            .atMost(Duration.ofSeconds(20))
            .pollInterval(Duration.ofSeconds(1))
            .until(caller::apply, answer -> !answer.outcome().equals("inProgress"));

    assertThat(later.outcome()).as(later.body).isEqualTo("rolledBack");
    assertThat(later.change("gateway")).isEqualTo("rolledBack");
    assertThat(later.workload("gateway").get("message").getAsString())
        .contains("a rollout of an earlier run did not come up")
        .contains("said:");
    assertThat(later.after("gateway")).isEqualTo("unmeshed");
    later.inTable(10, "gateway's new pod never ready, as a later run finds it");
  }

  @Test
  @Order(5)
  void andMeshedByTheRunAfterTheFaultIsGone() {
    platform.edit(
        platform.openfaas(), "gateway", Change.templateAnnotated(Map.of(WHEN_MESHED, "ready")));
    platform.awaitSettled();

    assertThat(caller.apply().outcome()).isEqualTo("changed");
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
            "MeshRolledBack alpha",
            "MeshEnabled alpha",
            "MeshRolledBack nodeinfo",
            "MeshEnabled " + platform.functions());
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
