package com.openfaas.function.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The annotations that build/lab/kubelet.yaml documents. */
@ExtendWith(ClusterExtension.class)
@DisplayName("A pod of the lab")
class PodBehaviourIT {
  private final TestPlatform platform;

  PodBehaviourIT(TestPlatform platform) {
    this.platform = platform;
  }

  @BeforeAll
  static void install(TestPlatform platform) {
    assumeThat(platform.cluster().name).isEqualTo("lab");
    platform.linkerd().install();
  }

  @ParameterizedTest
  @CsvSource({
    "never-ready,       Running, false, true",
    "crash-loop,        Running, false, true",
    "proxy-never-ready, Pending, false, false"
  })
  void breaksAFunctionOnceItIsMeshed(
      String behaviour, String phase, boolean ready, boolean proxyReady) {
    platform.deployFunction("cows-" + behaviour, Change.whenMeshed(behaviour));
    platform.awaitSettled();
    platform.edit(
        platform.functions(),
        "cows-" + behaviour,
        Change.templateAnnotated(Map.of("linkerd.io/inject", "enabled")));

    Awaitility.await("stays so")
        .during(Duration.ofSeconds(1))
        .until(
            () -> meshedPod("cows-" + behaviour),
            pod -> pod != null && isAt(pod.getStatus(), phase, ready, proxyReady));
    platform.deleteFunction("cows-" + behaviour);
  }

  @Test
  void namesTheReasonOfACrash() {
    platform.deployFunction("crasher", Change.behaviour("crash-loop"));

    ContainerStatus crashed =
        Awaitility.await()
            .until(
                () -> firstStatus("crasher"),
                status -> status != null && status.getRestartCount() > 0);
    assertThat(crashed.getState().getWaiting().getReason()).isEqualTo("CrashLoopBackOff");
    platform.deleteFunction("crasher");
  }

  @Test
  void takesItsTimeWhenTold() {
    long began = System.nanoTime();
    platform.deployFunction(
        "late", Change.templateAnnotated(Map.of("lab.mesh-setup/ready-after", "1500ms")));
    platform.awaitSettled();

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1400));
  }

  private Pod meshedPod(String function) {
    return FunctionPods.of(platform, function).stream()
        .filter(pod -> !pod.getSpec().getInitContainers().isEmpty())
        .findFirst()
        .orElse(null);
  }

  private static boolean isAt(PodStatus status, String phase, boolean ready, boolean proxyReady) {
    return status.getPhase().equals(phase)
        && status.getContainerStatuses().stream().allMatch(c -> c.getReady() == ready)
        && status.getInitContainerStatuses().stream()
            .filter(container -> container.getName().equals("linkerd-proxy"))
            .anyMatch(proxy -> proxy.getReady() == proxyReady);
  }

  private ContainerStatus firstStatus(String function) {
    return FunctionPods.of(platform, function).stream()
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
        .findFirst()
        .orElse(null);
  }
}
