package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.FunctionPods;
import com.openfaas.function.lab.FunctionProcess;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("A rollout is late when nothing of it moves, whoever began it")
class LateRolloutsIT {
  private static TestPlatform platform;
  private static FaultScenario scenario;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed;
    scenario = FaultScenario.meshed(platform);
  }

  @Test
  @DisplayName(
      "10 replicas of 4 s each, and 4 that must have been ready for 12 s, with 30 s patience")
  void whatMovesIsNotLateHoweverLongItTakes() {
    Map<String, String> slow = Map.of("lab.mesh-setup/ready-after", "4s");
    scenario.deployUninjected(
        function -> Change.replicas(10).apply(Change.templateAnnotated(slow).apply(function)),
        "many");
    scenario.deployUninjected(
        function -> Change.replicas(4).apply(Change.minReadySeconds(12).apply(function)), "steady");
    scenario.deployUninjected("canary");

    patient("30s").apply();
    scenario.platform.awaitTheEnd();

    Answer status = patient("30s").get("");
    for (String name : List.of("many", "steady")) {
      assertThat(status.after(name)).as(status.body).isEqualTo("meshed");
      assertThat(scenario.isRestarted(name)).isTrue();
      assertThat(scenario.deployment(platform.functions(), name).getMetadata().getAnnotations())
          .doesNotContainKey(Annotations.FAILED);
      assertThat(fromFirstToLastPod(name)).as(name).isGreaterThan(Duration.ofSeconds(30));
    }
  }

  @Test
  @DisplayName("26 killed while a function with strategy Recreate has no pod that serves")
  void whatAKilledRunHasLeftDownIsRolledBackByTheNext() throws Exception {
    scenario.deployUninjected(
        function -> Change.recreate().apply(Change.whenMeshed("never-ready").apply(function)),
        "left");
    Map<String, String> environment = new HashMap<>(platform.functionEnvironment());
    environment.put("exec_timeout", "55s");
    CompletableFuture<Void> call;
    try (FunctionProcess killed = FunctionProcess.start(FunctionProcess.TEMPLATE, environment)) {
      call = CompletableFuture.runAsync(() -> apply(killed), run -> new Thread(run).start());
      Awaitility.await("the old pod is gone, and the new one there")
          .until(LateRolloutsIT::restartedAlone);
    }
    assertThat(call).as("a killed run cannot answer").failsWithin(Duration.ofMinutes(1));
    scenario.platform.lease().runOut();
    Caller caller = patient("15s");

    Answer apply =
        Awaitility.await("the new pod is late")
            .until(caller::apply, answer -> !answer.change("left").equals("none"));

    assertThat(apply.change("left")).as(apply.body).isEqualTo("rolledBack");
    assertThat(apply.status).isEqualTo(500);
    DeploymentStatus status = scenario.deployment(platform.functions(), "left").getStatus();
    assertThat(Objects.requireNonNullElse(status.getAvailableReplicas(), 0)).isEqualTo(1);
    Answer next = caller.apply();
    assertThat(next.outcome()).as(next.body).isEqualTo("degraded");
    assertThat(next.status).isEqualTo(200);
    assertThat(next.after("left")).isEqualTo("unmeshed");
  }

  private static Caller patient(String patience) {
    return new Caller(platform, Map.of("mesh_patience", patience));
  }

  private static void apply(FunctionProcess function) {
    try {
      function.invoke("POST", "format=json", "");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean restartedAlone() {
    List<Pod> pods = FunctionPods.of(platform, "left");
    List<Pod> restarted =
        pods.stream()
            .filter(pod -> pod.getMetadata().getAnnotations().containsKey(Annotations.RESTARTED_AT))
            .collect(Collectors.toList());
    return restarted.size() == 1 && pods.equals(restarted);
  }

  private static Duration fromFirstToLastPod(String function) {
    List<Instant> made =
        FunctionPods.of(platform, function).stream()
            .map(pod -> Instant.parse(pod.getMetadata().getCreationTimestamp()))
            .sorted()
            .collect(Collectors.toList());
    return Duration.between(made.get(0), made.get(made.size() - 1));
  }
}
