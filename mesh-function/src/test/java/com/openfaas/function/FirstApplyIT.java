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
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("A platform that meshes itself: each step goes on from the one before")
class FirstApplyIT {
  private static TestPlatform platform;
  private static Caller caller;
  private static AuditLog audit;
  private static Answer first;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installWithLinkerd();
    caller = new Caller(platform);
    audit = new AuditLog(platform);
  }

  @Test
  @Order(1)
  void statusObservesAndWritesNothing() {
    Answer status = caller.get("");

    assertThat(status.outcome()).isEqualTo("observed");
    assertThat(status.status).isEqualTo(200);
    assertThat(status.after("nodeinfo")).isEqualTo("unmeshed");
    assertThat(audit.writes()).isEmpty();
  }

  @Test
  @Order(2)
  void planRehearsesAndWritesNothing() {
    Answer plan = caller.get("action=plan");

    assertThat(plan.outcome()).isEqualTo("planned");
    assertThat(plan.checks())
        .containsEntry("permissions", "pass")
        .containsEntry("rehearsal-function", "pass")
        .containsEntry("rehearsal-core", "pass")
        .containsEntry("rehearsal-self", "pass")
        .containsEntry("rehearsal-gateway", "pass");
    assertThat(plan.change("gateway")).isEqualTo("planned");
    assertThat(audit.writes()).isEmpty();
  }

  @Test
  @Order(3)
  void applyMeshesWhatShouldBeMeshed() {
    audit.forget();
    first = caller.apply();

    assertThat(first.outcome()).as(first.body).isEqualTo("changed");
    assertThat(first.status).isEqualTo(200);
    for (String name : List.of("nodeinfo", "figlet", "queue-worker")) {
      assertThat(first.after(name)).isEqualTo("meshed");
      assertThat(first.change(name)).isEqualTo("enabled");
    }
    assertThat(first.change("env")).as("annotated before, not injected").isEqualTo("restarted");
  }

  @Test
  @Order(4)
  void doesNotWaitForItselfAndTheGateway() {
    assertThat(first.change("mesh-setup")).isEqualTo("deferred");
    assertThat(first.change("gateway")).isEqualTo("deferred");

    platform.awaitSettled();

    assertThat(caller.get("").after("gateway")).isEqualTo("meshed");
    assertThat(caller.get("").after("mesh-setup")).isEqualTo("meshed");
  }

  @Test
  @Order(5)
  void changesInTheOrderOfTheWaves() {
    List<String> writes = audit.patches();

    assertThat(writes.get(0)).as("the canary").isEqualTo("patch deployments/env");
    assertThat(writes.get(1)).isEqualTo("patch namespaces/" + platform.functions());
    assertThat(writes.subList(2, 4))
        .containsExactlyInAnyOrder("patch deployments/figlet", "patch deployments/nodeinfo");
    assertThat(writes.subList(4, 8))
        .containsExactly(
            "patch deployments/queue-worker",
            "patch deployments/gateway",
            "patch deployments/gateway",
            "patch deployments/mesh-setup");
    assertThat(writes).as("the gateway's second is its mark, taken off").hasSize(8);
    assertThat(audit.writes())
        .startsWith("create leases/mesh-setup")
        .endsWith("update leases/mesh-setup")
        .filteredOn("create events"::equals)
        .as("one of each change, and one of the run")
        .hasSize(8);
  }

  @Test
  @Order(6)
  void leavesAloneWhatSaidNoOrCannotBeMeshed() {
    assertThat(first.after("markdown")).isEqualTo("optedOut");
    assertThat(first.after("nmap")).isEqualTo("unsupported");
    assertThat(first.after("sentiment")).isEqualTo("idle");
    for (String name : List.of("markdown", "nmap", "sentiment", "nats", "prometheus")) {
      assertThat(audit.writes()).doesNotContain("patch deployments/" + name);
    }
  }

  @Test
  @Order(7)
  void letsNatsClientsPassTheProxy() {
    for (String client : List.of("gateway", "queue-worker")) {
      assertThat(initArguments(client))
          .containsSequence("--outbound-ports-to-ignore", "4222,4567,4568");
    }
  }

  @Test
  @Order(8)
  void keepsWhatWasThereBefore() {
    Deployment gateway = deployment(platform.openfaas(), "gateway");
    String previous = gateway.getMetadata().getAnnotations().get(Annotations.PREVIOUS);

    assertThat(previous)
        .isEqualTo("{\"config.linkerd.io/skip-outbound-ports\":null,\"linkerd.io/inject\":null}");
    assertThat(gateway.getSpec().getTemplate().getSpec().getContainers())
        .as("containers are never written")
        .extracting(Container::getName)
        .containsExactly("gateway", "faas-netes");
  }

  @Test
  @Order(9)
  void aSecondApplyWritesNothing() {
    audit.forget();
    Answer second = caller.apply();

    assertThat(second.outcome()).as(second.body).isEqualTo("meshed");
    assertThat(audit.writes()).isEmpty();
    assertThat(audit.requests()).hasSize(second.requests());
    assertThat(second.requests()).isLessThanOrEqualTo(19);
  }

  @Test
  @Order(10)
  void aFunctionDeployedLaterIsBornMeshed() {
    platform.deployFunction("cows");
    platform.awaitSettled();
    audit.forget();

    Answer apply = caller.apply();

    assertThat(apply.outcome()).isEqualTo("meshed");
    assertThat(apply.after("cows")).isEqualTo("meshed");
    assertThat(audit.writes()).isEmpty();
  }

  @Test
  @Order(11)
  void touchesOnlyTheOneThatSlippedInWhileTheInjectorWasAway() {
    platform.linkerd().injector().stop();
    platform.deployFunction("slipped");
    platform.awaitSettled();
    platform.linkerd().injector().start();
    audit.forget();

    Answer apply = caller.apply();

    assertThat(apply.outcome()).as(apply.body).isEqualTo("changed");
    assertThat(apply.change("slipped")).isEqualTo("restarted");
    assertThat(apply.after("slipped")).isEqualTo("meshed");
    assertThat(audit.patches()).containsExactly("patch deployments/slipped");
  }

  @Test
  @Order(12)
  void aRedeployedFunctionStaysMeshedThroughItsNamespace() {
    platform.redeployFunction("nodeinfo", Map.of());
    platform.awaitSettled();
    audit.forget();

    Answer apply = caller.apply();

    assertThat(apply.outcome()).isEqualTo("meshed");
    assertThat(apply.after("nodeinfo")).isEqualTo("meshed");
    assertThat(audit.writes()).isEmpty();
  }

  private static List<String> initArguments(String app) {
    Pod pod =
        platform
            .admin()
            .pods()
            .inNamespace(platform.openfaas())
            .withLabel("app", app)
            .list()
            .getItems()
            .get(0);
    return pod.getSpec().getInitContainers().stream()
        .filter(container -> container.getName().equals("linkerd-init"))
        .findFirst()
        .orElseThrow()
        .getArgs();
  }

  private static Deployment deployment(String namespace, String name) {
    return platform.admin().apps().deployments().inNamespace(namespace).withName(name).get();
  }
}
