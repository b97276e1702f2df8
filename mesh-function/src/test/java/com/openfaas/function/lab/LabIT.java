package com.openfaas.function.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("The lab")
class LabIT {
  private final TestPlatform platform;

  LabIT(TestPlatform platform) {
    this.platform = platform;
  }

  @BeforeAll
  static void install(TestPlatform platform) {
    platform.installOpenFaas().awaitSettled();
    platform.linkerd().install();
    platform.awaitSettled();
  }

  @Test
  void givesPodsAddressesOfTheirOwn() {
    List<Pod> pods = pods("figlet");

    assertThat(pods).hasSize(2);
    assertThat(pods).extracting(pod -> pod.getStatus().getPodIP()).doesNotHaveDuplicates();
    assertThat(pods).allMatch(pod -> pod.getStatus().getPodIP().startsWith("127."));
  }

  @Test
  void reportsNativeSidecarsAsAKubeletDoes() {
    platform.deployFunction("cows", Change.annotated(Map.of("linkerd.io/inject", "enabled")));
    platform.awaitSettled();

    List<ContainerStatus> inits = pods("cows").get(0).getStatus().getInitContainerStatuses();

    assertThat(inits)
        .extracting(ContainerStatus::getName)
        .containsExactly("linkerd-init", "linkerd-proxy");
    assertThat(inits).extracting(ContainerStatus::getReady).containsExactly(true, true);
    assertThat(inits).extracting(ContainerStatus::getStarted).containsExactly(false, true);
    assertThat(inits.get(0).getState().getTerminated().getReason()).isEqualTo("Completed");
    assertThat(inits.get(1).getState().getRunning()).isNotNull();
  }

  @Test
  void givesTheFunctionItsAccount() {
    assertThat(platform.functionEnvironment())
        .containsKeys("KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "secret_mount_path")
        .containsEntry("mesh_gateway", platform.openfaas() + "/gateway")
        .hasEntrySatisfying("HOSTNAME", name -> assertThat(name).startsWith("mesh-setup-"));
  }

  private List<Pod> pods(String function) {
    return platform
        .admin()
        .pods()
        .inNamespace(platform.functions())
        .withLabel("faas_function", function)
        .list()
        .getItems();
  }
}
