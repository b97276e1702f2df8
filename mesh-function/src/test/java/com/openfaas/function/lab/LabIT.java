package com.openfaas.function.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
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
    assumeThat(platform.cluster().name).isEqualTo("lab");
    platform.installOpenFaas().awaitSettled();
    platform.linkerd().install();
    platform.awaitSettled();
  }

  @Test
  void givesPodsAddressesOfTheirOwn() {
    List<Pod> pods = FunctionPods.of(platform, "figlet");

    assertThat(pods).hasSize(2);
    assertThat(pods).extracting(pod -> pod.getStatus().getPodIP()).doesNotHaveDuplicates();
    assertThat(pods).allMatch(pod -> pod.getStatus().getPodIP().startsWith("127."));
  }

  @Test
  void reportsNativeSidecarsAsAKubeletDoes() {
    platform.deployFunction("cows", Change.annotated(Map.of("linkerd.io/inject", "enabled")));
    platform.awaitSettled();

    List<ContainerStatus> inits =
        FunctionPods.of(platform, "cows").get(0).getStatus().getInitContainerStatuses();

    assertThat(inits)
        .extracting(ContainerStatus::getName)
        .containsExactly("linkerd-init", "linkerd-proxy");
    assertThat(inits).extracting(ContainerStatus::getReady).containsExactly(true, true);
    assertThat(inits).extracting(ContainerStatus::getStarted).containsExactly(false, true);
    assertThat(inits.get(0).getState().getTerminated().getReason()).isEqualTo("Completed");
    assertThat(inits.get(1).getState().getRunning()).isNotNull();
  }

  @Test
  void rollsOutAFunctionThatIsInjected() {
    Map<String, String> inject = Map.of("linkerd.io/inject", "enabled");
    platform.edit(platform.functions(), "figlet", Change.templateAnnotated(inject));
    platform.awaitSettled();

    assertThat(FunctionPods.of(platform, "figlet"))
        .hasSize(2)
        .allMatch(pod -> pod.getStatus().getInitContainerStatuses().get(1).getReady());
  }

  @Test
  void keepsABookOfWhatAnAccountAskedFor() throws IOException {
    Map<String, String> environment = platform.functionEnvironment();
    Path secrets = Paths.get(environment.get("secret_mount_path"));
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(platform.admin().getMasterUrl().toString())
            .withCaCertFile(secrets.resolve("ca.crt").toString())
            .withOauthToken(Files.readString(secrets.resolve("token")))
            .build();
    try (KubernetesClient account = new KubernetesClientBuilder().withConfig(config).build()) {
      assertThatThrownBy(() -> account.secrets().inNamespace("kube-system").list())
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("forbidden");
    }

    assertThat(platform.cluster().auditLog).isPresent();
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(Files.readString(platform.cluster().auditLog.get()))
                    .contains("system:serviceaccount:" + platform.functions() + ":mesh-setup")
                    .contains("/api/v1/namespaces/kube-system/secrets"));
  }

  @Test
  @DisplayName("can run beside another one, which has other pod addresses")
  void runsBesideAnother() throws NoClusterException {
    try (Cluster other = ClusterChoice.find();
        KubernetesClient client = other.client()) {
      assertThat(client.getMasterUrl()).isNotEqualTo(platform.admin().getMasterUrl());
      assertThat(podNetworks(client))
          .hasSize(20)
          .doesNotContainAnyElementsOf(podNetworks(platform.admin()));
    }
  }

  private static List<String> podNetworks(KubernetesClient client) {
    return client.nodes().list().getItems().stream()
        .map(node -> node.getSpec().getPodCIDR())
        .collect(Collectors.toList());
  }

  @Test
  void givesTheFunctionItsAccount() {
    assertThat(platform.functionEnvironment())
        .containsKeys("KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "secret_mount_path")
        .containsEntry("mesh_gateway", platform.openfaas() + "/gateway")
        .hasEntrySatisfying("HOSTNAME", name -> assertThat(name).startsWith("mesh-setup-"));
  }
}
