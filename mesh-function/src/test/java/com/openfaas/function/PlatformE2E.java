package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName(
    "A platform that meshes itself, with a real kubelet; each step goes on from the one before")
class PlatformE2E {
  /** Images are pulled and probes are waited for. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final List<String> MESHED =
      List.of("nodeinfo", "figlet", "env", "queue-worker", "gateway", "mesh-setup");

  private static TestPlatform platform;
  private static Caller caller;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installOpenFaas();
    // the pods are to be there before Linkerd is
    platform.awaitSettled(PATIENCE);
    platform.linkerd().install();
    platform.awaitSettled(PATIENCE);
    caller = new Caller(platform, Map.of("exec_timeout", "5m"));
  }

  @Test
  @Order(1)
  void statusFindsNothingMeshed() {
    Answer status = caller.get("");

    assertThat(status.outcome()).as(status.body).isEqualTo("observed");
    assertThat(MESHED).allSatisfy(name -> assertThat(status.after(name)).isNotEqualTo("meshed"));
  }

  @Test
  @Order(2)
  void applyMeshesWhatShouldBeMeshed() {
    Answer apply = caller.apply();

    assertThat(apply.outcome()).as(apply.body).isEqualTo("changed");
    for (String name : List.of("nodeinfo", "figlet", "env", "queue-worker")) {
      assertThat(apply.after(name)).as(name).isEqualTo("meshed");
    }
    assertThat(apply.after("markdown")).isEqualTo("optedOut");
    assertThat(apply.after("nmap")).isEqualTo("unsupported");
    assertThat(apply.after("sentiment")).isEqualTo("idle");
  }

  @Test
  @Order(3)
  void everythingIsMeshedOnceItselfAndTheGatewayAreThrough() {
    platform.awaitSettled(PATIENCE);

    Answer status = caller.get("");

    assertThat(MESHED).allSatisfy(name -> assertThat(status.after(name)).isEqualTo("meshed"));
  }

  @Test
  @Order(4)
  void theKubeletReallyRunsTheProxies() {
    assertThat(proxies()).hasSize(7).allMatch(ContainerStatus::getReady);
    assertThat(proxies()).extracting(ContainerStatus::getContainerID).doesNotHaveDuplicates();
  }

  @Test
  @Order(5)
  void aSecondApplyWritesNothing() {
    List<String> before = written();

    Answer second = caller.apply();

    assertThat(second.outcome()).as(second.body).isEqualTo("meshed");
    assertThat(written()).isEqualTo(before);
  }

  private static List<ContainerStatus> proxies() {
    return Stream.of(platform.openfaas(), platform.functions())
        .flatMap(name -> platform.admin().pods().inNamespace(name).list().getItems().stream())
        .flatMap((Pod pod) -> pod.getStatus().getInitContainerStatuses().stream())
        .filter(status -> status.getName().equals("linkerd-proxy"))
        .collect(Collectors.toList());
  }

  /** What mesh-setup may write; a generation counts the changes of a Deployment's spec. */
  private static List<String> written() {
    return Stream.of(platform.openfaas(), platform.functions())
        .flatMap(PlatformE2E::namespaceAndDeployments)
        .map(HasMetadata::getMetadata)
        .map(object -> object.getUid() + object.getGeneration() + object.getAnnotations())
        .collect(Collectors.toList());
  }

  private static Stream<HasMetadata> namespaceAndDeployments(String name) {
    KubernetesClient admin = platform.admin();
    return Stream.concat(
        Stream.of(admin.namespaces().withName(name).get()),
        admin.apps().deployments().inNamespace(name).list().getItems().stream());
  }
}
