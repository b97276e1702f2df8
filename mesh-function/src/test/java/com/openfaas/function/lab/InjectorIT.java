package com.openfaas.function.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the injector makes of pods that the real API server shows it. All are dry runs. */
@ExtendWith(ClusterExtension.class)
@DisplayName("The injector")
class InjectorIT {
  private static final List<String> VALUES =
      List.of("none", "enabled", "disabled", "ingress", "true");
  private static final String PREFIX = "injectorit-namespace-";

  private final TestPlatform platform;

  InjectorIT(TestPlatform platform) {
    this.platform = platform;
  }

  @BeforeAll
  static void install(TestPlatform platform) {
    for (String value : VALUES) {
      platform
          .admin()
          .resource(
              new NamespaceBuilder()
                  .withNewMetadata()
                  .withName(PREFIX + value)
                  .withAnnotations(inject(value))
                  .endMetadata()
                  .build())
          .create();
    }
    // pods are refused until their namespace has its default account
    Awaitility.await()
        .until(
            () ->
                VALUES.stream()
                    .map(value -> platform.admin().serviceAccounts().inNamespace(PREFIX + value))
                    .allMatch(accounts -> accounts.withName("default").get() != null));
    platform.linkerd().install();
  }

  @AfterAll
  static void removeNamespaces(TestPlatform platform) {
    VALUES.forEach(value -> platform.admin().namespaces().withName(PREFIX + value).delete());
  }

  @ParameterizedTest(name = "namespace {0}, pod {1}: {2}")
  @CsvFileSource(resources = "/lab/decision-table.csv")
  void decidesByTheAnnotations(String namespace, String annotation, String outcome) {
    Pod pod = pod(namespace, annotation);

    assertThat(outcomeOf(pod)).isEqualTo(outcome);
    assertThat(outcomeOf(withoutToken(pod))).as("without a token").isEqualTo(outcome);
    assertThat(outcomeOf(withUdpPort(pod))).as("with a UDP port").isEqualTo(outcome);
    assertThat(outcomeOf(onHostNetwork(pod))).as("on the host's network").isEqualTo("no");
    assertThat(outcomeOf(withContainer(pod, "istio-proxy"))).as("in Istio").isEqualTo("no");
    assertThat(outcomeOf(withInit(pod, "istio-init"))).as("to be in Istio").isEqualTo("no");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesThePodThisShape(String file) {
    InjectedCase given = InjectedCase.read(file);

    Pod result = dryRun(given.given.toPod(PREFIX + given.namespace));

    assertThat(InjectedCase.Shape.of(result))
        .usingRecursiveComparison()
        .ignoringFields("ports")
        .isEqualTo(given.expected);
  }

  static List<String> cases() throws IOException {
    try (Stream<Path> files = Files.list(Paths.get("src/test/resources/lab/injected"))) {
      return files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.toList());
    }
  }

  @Test
  void labelsAndFingerprintsThePod() {
    Pod pod = dryRun(pod("enabled", "none"));

    assertThat(pod.getMetadata().getLabels())
        .containsOnlyKeys("faas_function", "linkerd.io/control-plane-ns", "linkerd.io/workload-ns")
        .containsEntry("linkerd.io/control-plane-ns", platform.linkerd().namespace())
        .containsEntry("linkerd.io/workload-ns", PREFIX + "enabled");
    ProxyConfig config = platform.linkerd().config();
    assertThat(pod.getMetadata().getAnnotations())
        .containsEntry("linkerd.io/created-by", "linkerd/proxy-injector " + config.version)
        .containsEntry("linkerd.io/proxy-version", config.version)
        .containsEntry("linkerd.io/trust-root-sha256", Sha256.hex(config.trustRoots));
  }

  private String outcomeOf(Pod pod) {
    Pod result = dryRun(pod);
    boolean injected =
        Stream.of(result.getSpec().getInitContainers(), result.getSpec().getContainers())
            .flatMap(List::stream)
            .anyMatch(container -> container.getName().equals("linkerd-proxy"));
    return injected ? result.getMetadata().getAnnotations().get("linkerd.io/inject") : "no";
  }

  private Pod dryRun(Pod pod) {
    return platform.admin().resource(pod).dryRun().create();
  }

  private static Pod pod(String namespace, String annotation) {
    InjectedCase.Shape shape = new InjectedCase.Shape();
    shape.containers = List.of("nodeinfo");
    shape.annotations = inject(annotation);
    return shape.toPod(PREFIX + namespace);
  }

  private static Map<String, String> inject(String value) {
    return value.equals("none") ? Map.of() : Map.of("linkerd.io/inject", value);
  }

  private static Pod withoutToken(Pod pod) {
    return new PodBuilder(pod).editSpec().withAutomountServiceAccountToken(false).endSpec().build();
  }

  private static Pod onHostNetwork(Pod pod) {
    return new PodBuilder(pod).editSpec().withHostNetwork(true).endSpec().build();
  }

  private static Pod withUdpPort(Pod pod) {
    return new PodBuilder(pod)
        .editSpec()
        .editFirstContainer()
        .addNewPort()
        .withContainerPort(53)
        .withProtocol("UDP")
        .endPort()
        .endContainer()
        .endSpec()
        .build();
  }

  private static Pod withContainer(Pod pod, String name) {
    return new PodBuilder(pod)
        .editSpec()
        .addNewContainer()
        .withName(name)
        .withImage("example.com/" + name)
        .endContainer()
        .endSpec()
        .build();
  }

  private static Pod withInit(Pod pod, String name) {
    return new PodBuilder(pod)
        .editSpec()
        .addNewInitContainer()
        .withName(name)
        .withImage("example.com/" + name)
        .endInitContainer()
        .endSpec()
        .build();
  }
}
