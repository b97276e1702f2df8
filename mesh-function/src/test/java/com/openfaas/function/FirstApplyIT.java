package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("A platform that meshes itself, and stays meshed")
class FirstApplyIT {
  private static TestPlatform platform;
  private static Caller caller;

  private static Answer status;
  private static List<String> writesOfStatus;
  private static Answer plan;
  private static List<String> writesOfPlan;

  private static Answer first;
  private static Answer settled;
  private static List<String> writes;
  private static List<String> patches;
  private static List<Pod> natsClients;
  private static Deployment gateway;

  @BeforeAll
  static void asksThenApplies(TestPlatform installed) {
    platform = installed.installWithLinkerd();
    caller = new Caller(platform);
    AuditLog audit = new AuditLog(platform);

    status = caller.get("");
    writesOfStatus = audit.writes();
    plan = caller.get("action=plan");
    writesOfPlan = audit.writes();

    audit.forget();
    first = caller.apply();
    platform.awaitSettled();
    settled = caller.get("");
    writes = audit.writes();
    patches = audit.patches();
    natsClients = List.of(pod("gateway"), pod("queue-worker"));
    gateway = FaultScenario.on(platform).deployment(platform.openfaas(), "gateway");
  }

  @Test
  void statusObservesAndWritesNothing() {
    assertThat(status.outcome()).isEqualTo("observed");
    assertThat(status.status).isEqualTo(200);
    assertThat(status.after("nodeinfo")).isEqualTo("unmeshed");
    assertThat(writesOfStatus).isEmpty();
  }

  @Test
  void planRehearsesAndWritesNothing() {
    assertThat(plan.outcome()).isEqualTo("planned");
    assertThat(plan.checks())
        .containsEntry("permissions", "pass")
        .containsEntry("rehearsal-function", "pass")
        .containsEntry("rehearsal-core", "pass")
        .containsEntry("rehearsal-self", "pass")
        .containsEntry("rehearsal-gateway", "pass");
    assertThat(plan.change("gateway")).isEqualTo("planned");
    assertThat(writesOfPlan).isEmpty();
  }

  @Test
  void applyMeshesWhatShouldBeMeshed() {
    assertThat(first.outcome()).as(first.body).isEqualTo("changed");
    assertThat(first.status).isEqualTo(200);
    for (String name : List.of("nodeinfo", "figlet", "queue-worker")) {
      assertThat(first.after(name)).isEqualTo("meshed");
      assertThat(first.change(name)).isEqualTo("enabled");
    }
    assertThat(first.change("env")).as("annotated before, not injected").isEqualTo("restarted");
  }

  @Test
  void doesNotWaitForItselfAndTheGateway() {
    assertThat(first.change("mesh-setup")).isEqualTo("deferred");
    assertThat(first.change("gateway")).isEqualTo("deferred");

    assertThat(settled.after("gateway")).isEqualTo("meshed");
    assertThat(settled.after("mesh-setup")).isEqualTo("meshed");
  }

  @Test
  void changesInTheOrderOfTheWaves() {
    assertThat(patches.get(0)).as("the canary").isEqualTo("patch deployments/env");
    assertThat(patches.get(1)).isEqualTo("patch namespaces/" + platform.functions());
    assertThat(patches.subList(2, 4))
        .containsExactlyInAnyOrder("patch deployments/figlet", "patch deployments/nodeinfo");
    assertThat(patches.subList(4, 8))
        .containsExactly(
            "patch deployments/queue-worker",
            "patch deployments/gateway",
            "patch deployments/gateway",
            "patch deployments/mesh-setup");
    assertThat(patches).as("the gateway's second is its mark, taken off").hasSize(8);
    assertThat(writes)
        .startsWith("create leases/mesh-setup")
        .endsWith("update leases/mesh-setup")
        .filteredOn("create events"::equals)
        .as("one of each change, and one of the run")
        .hasSize(8);
  }

  @Test
  void leavesAloneWhatSaidNoOrCannotBeMeshed() {
    assertThat(first.after("markdown")).isEqualTo("optedOut");
    assertThat(first.after("nmap")).isEqualTo("unsupported");
    assertThat(first.after("sentiment")).isEqualTo("idle");
    for (String name : List.of("markdown", "nmap", "sentiment", "nats", "prometheus")) {
      assertThat(writes).doesNotContain("patch deployments/" + name);
    }
  }

  @Test
  void letsNatsClientsPassTheProxy() {
    for (Pod client : natsClients) {
      assertThat(initArguments(client))
          .containsSequence("--outbound-ports-to-ignore", "4222,4567,4568");
    }
  }

  @Test
  void keepsWhatWasThereBefore() {
    String previous = gateway.getMetadata().getAnnotations().get(Annotations.PREVIOUS);

    assertThat(previous)
        .isEqualTo("{\"config.linkerd.io/skip-outbound-ports\":null,\"linkerd.io/inject\":null}");
    assertThat(gateway.getSpec().getTemplate().getSpec().getContainers())
        .as("containers are never written")
        .extracting(Container::getName)
        .containsExactly("gateway", "faas-netes");
  }

  // From here on each test finds a platform that is meshed, and leaves it so.

  @Test
  void aSecondApplyWritesNothing() {
    AuditLog audit = new AuditLog(platform);
    Answer second = caller.apply();

    assertThat(second.outcome()).as(second.body).isEqualTo("meshed");
    assertThat(audit.writes()).isEmpty();
    assertThat(audit.requests()).hasSize(second.requests());
    assertThat(second.requests()).isLessThanOrEqualTo(19);
  }

  @Test
  void aFunctionDeployedLaterIsBornMeshed() {
    platform.deployFunction("cows");
    platform.awaitSettled();
    AuditLog audit = new AuditLog(platform);

    Answer apply = caller.apply();

    assertThat(apply.outcome()).isEqualTo("meshed");
    assertThat(apply.after("cows")).isEqualTo("meshed");
    assertThat(audit.writes()).isEmpty();
  }

  @Test
  void touchesOnlyTheOneThatSlippedInWhileTheInjectorWasAway() {
    FaultScenario.on(platform).deployUninjected("slipped");
    AuditLog audit = new AuditLog(platform);

    Answer apply = caller.apply();

    assertThat(apply.outcome()).as(apply.body).isEqualTo("changed");
    assertThat(apply.change("slipped")).isEqualTo("restarted");
    assertThat(apply.after("slipped")).isEqualTo("meshed");
    assertThat(audit.patches()).containsExactly("patch deployments/slipped");
  }

  @Test
  void aRedeployedFunctionStaysMeshedThroughItsNamespace() {
    platform.redeployFunction("nodeinfo", Map.of());
    platform.awaitSettled();
    AuditLog audit = new AuditLog(platform);

    Answer apply = caller.apply();

    assertThat(apply.outcome()).isEqualTo("meshed");
    assertThat(apply.after("nodeinfo")).isEqualTo("meshed");
    assertThat(audit.writes()).isEmpty();
  }

  private static Pod pod(String app) {
    return platform
        .admin()
        .pods()
        .inNamespace(platform.openfaas())
        .withLabel("app", app)
        .list()
        .getItems()
        .get(0);
  }

  private static List<String> initArguments(Pod pod) {
    return pod.getSpec().getInitContainers().stream()
        .filter(container -> container.getName().equals("linkerd-init"))
        .findFirst()
        .orElseThrow()
        .getArgs();
  }
}
