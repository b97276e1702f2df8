package com.openfaas.function.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ClusterExtension.class)
@DisplayName("The control plane")
class LinkerdControlPlaneIT {
  private static final Map<String, String> ENABLED = Map.of("linkerd.io/inject", "enabled");

  private final TestPlatform platform;
  private final LinkerdControlPlane linkerd;

  LinkerdControlPlaneIT(TestPlatform platform) {
    this.platform = platform;
    this.linkerd = platform.linkerd();
  }

  @BeforeEach
  void install() {
    linkerd.failurePolicy("Ignore").install();
  }

  @AfterEach
  void remove() {
    platform.deleteFunction("nodeinfo");
    linkerd.uninstall();
    platform.awaitSettled();
  }

  @Test
  void injectsThePodsOfADeploymentAndSaysSo() {
    Pod pod = deploy(ENABLED);

    assertThat(containers(pod)).contains("linkerd-proxy");
    assertThat(pod.getMetadata().getLabels())
        .containsEntry("linkerd.io/proxy-deployment", "nodeinfo");
    assertThat(awaitEvent("Injected").getMessage()).isEqualTo("Linkerd sidecar proxy injected");
  }

  @Test
  void saysWhyItSkippedAPod() {
    deploy(Map.of());

    assertThat(awaitEvent("InjectionSkipped").getMessage())
        .isEqualTo(
            "Linkerd sidecar proxy injection skipped: neither the namespace nor the pod"
                + " have the annotation \"linkerd.io/inject:enabled\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1beta3|Server|{podSelector: {}, port: 8080, accessPolicy: nobody}",
        "v1beta3|Server|{podSelector: {}, port: 8080, proxyProtocol: HTTP}",
        "v1beta3|Server|{port: 8080}",
        "v1alpha1|MeshTLSAuthentication|{}",
        "v1alpha1|MeshTLSAuthentication|{identities: ['*'], identityRefs: [{kind: Namespace, name: a}]}",
        "v1alpha1|MeshTLSAuthentication|{identityRefs: [{kind: Pod, name: a}]}",
        "v1alpha1|AuthorizationPolicy|{targetRef: {kind: Pod, name: a}, requiredAuthenticationRefs: []}",
        "v1alpha1|AuthorizationPolicy|{targetRef: {kind: Server, name: a}}"
      })
  @DisplayName("has the API server refuse the policy objects that Linkerd refuses")
  void refusesPolicyObjects(String object) {
    String[] of = object.split("[|]", -1);
    String yaml =
        String.format(
            "apiVersion: policy.linkerd.io/%s%nkind: %s%nmetadata: {name: wrong, namespace: %s}%nspec: %s%n",
            of[0], of[1], platform.functions(), of[2]);
    assertThatThrownBy(() -> platform.admin().resource(yaml).create())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("wrong")
        .hasMessageContaining("invalid");
  }

  @Test
  @DisplayName("leaves pods unmeshed, in silence, while it is away and Ignore is its policy")
  void isIgnoredWhileAway() {
    linkerd.injector().stop();
    assertThat(containers(deploy(ENABLED))).doesNotContain("linkerd-proxy");

    linkerd.injector().start();
    platform.redeployFunction("nodeinfo", ENABLED);
    platform.awaitSettled();
    assertThat(containers(onlyPod())).contains("linkerd-proxy");
  }

  @Test
  void admitsPodsAsTheyAreWhenTold() {
    linkerd.injector().admitWithoutInjecting(true);

    assertThat(containers(deploy(ENABLED))).doesNotContain("linkerd-proxy");
  }

  @Test
  @DisplayName("lets no pod come up while it is away and Fail is its policy")
  void isMissedUnderFail() {
    linkerd.uninstall();
    linkerd.failurePolicy("Fail").install();
    linkerd.injector().stop();

    // The API server learns of a webhook a moment after it is stored.
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> platform.admin().resource(bare()).dryRun().create())
                    .isInstanceOf(KubernetesClientException.class)
                    .hasMessageContaining("linkerd-proxy-injector.linkerd.io"));
  }

  @Test
  void injectsAsItsPresentConfigurationSays() {
    ProxyConfig before = linkerd.config();
    linkerd.reconfigure(before.version("edge-26.9.1").trustRoots("another bundle").cni(true));

    Pod pod = deploy(ENABLED);

    assertThat(containers(pod)).startsWith("linkerd-network-validator", "linkerd-proxy");
    assertThat(pod.getMetadata().getAnnotations())
        .containsEntry("linkerd.io/proxy-version", "edge-26.9.1")
        .containsEntry("linkerd.io/trust-root-sha256", Sha256.hex("another bundle"));
    assertThat(configMap("linkerd-config").get("values")).contains("linkerdVersion: edge-26.9.1");
    assertThat(configMap("linkerd-identity-trust-roots"))
        .containsEntry("ca-bundle.crt", "another bundle");
  }

  private Map<String, String> configMap(String name) {
    return platform
        .admin()
        .configMaps()
        .inNamespace(linkerd.namespace())
        .withName(name)
        .get()
        .getData();
  }

  private Pod deploy(Map<String, String> annotations) {
    platform.deployFunction("nodeinfo", Change.annotated(annotations));
    platform.awaitSettled();
    return onlyPod();
  }

  private Pod onlyPod() {
    List<Pod> pods = platform.admin().pods().inNamespace(platform.functions()).list().getItems();
    assertThat(pods).hasSize(1);
    return pods.get(0);
  }

  private Pod bare() {
    InjectedCase.Shape shape = new InjectedCase.Shape();
    shape.containers = List.of("nodeinfo");
    return shape.toPod(platform.functions());
  }

  private static List<String> containers(Pod pod) {
    return Stream.concat(
            pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
        .map(Container::getName)
        .collect(Collectors.toList());
  }

  /** Of the Deployment that is there now, not of one that a test before had. */
  private Event awaitEvent(String reason) {
    Deployment deployment =
        platform
            .admin()
            .apps()
            .deployments()
            .inNamespace(platform.functions())
            .withName("nodeinfo")
            .get();
    return Awaitility.await()
        .until(
            () ->
                platform
                    .admin()
                    .v1()
                    .events()
                    .inNamespace(platform.functions())
                    .list()
                    .getItems()
                    .stream()
                    .filter(event -> event.getReason().equals(reason))
                    .filter(
                        event ->
                            event
                                .getInvolvedObject()
                                .getUid()
                                .equals(deployment.getMetadata().getUid()))
                    .findFirst()
                    .orElse(null),
            event -> event != null);
  }
}
