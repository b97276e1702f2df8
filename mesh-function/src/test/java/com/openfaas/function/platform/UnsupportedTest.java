package com.openfaas.function.platform;

import static com.openfaas.function.platform.MeshStatusTest.assertStatus;
import static com.openfaas.function.platform.MeshStatusTest.evaluate;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.ControlPlane.LinkerdConfig;
import com.openfaas.function.platform.ControlPlane.ProxyDefaults;
import com.openfaas.function.platform.MeshStatus.Evaluator;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Workload.Rollout;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Linkerd would not inject, with Linkerd's own reason codes; and which reason comes first. */
class UnsupportedTest {
  private static final Evaluator EVALUATOR = new Evaluator(Sample.plane(Reading.of(Sample.CONFIG)));

  @Test
  void hostNetwork() {
    MeshStatus status = evaluate(Sample.function().hostNetwork().unmeshed(1));
    assertStatus(status, State.UNSUPPORTED, "host_network_enabled");
    assertThat(status.message).isEqualTo("hostNetwork is enabled");
  }

  @ParameterizedTest
  @ValueSource(strings = {"istio-proxy", "istio-init"})
  void aForeignSidecar(String container) {
    MeshStatus status = evaluate(Sample.function().containers("main", container).unmeshed(1));
    assertStatus(status, State.UNSUPPORTED, "sidecar_already_exists");
    assertThat(status.message).isEqualTo("pod has a sidecar injected already");
  }

  @Test
  @DisplayName("a proxy injected by hand is the mesh's own: judged by its pods")
  void aManualProxyIsNotForeign() {
    assertStatus(
        evaluate(
            Sample.function()
                .containers("main", "linkerd-proxy")
                .annotated(Annotations.CREATED_BY, "linkerd/cli edge-26.8.1")
                .meshed(1)),
        State.MESHED,
        "");
  }

  @Test
  @DisplayName("a container named like the proxy, without Linkerd's mark, keeps the injector away")
  void aContainerNamedLikeTheProxyIsForeign() {
    assertStatus(
        evaluate(Sample.function().containers("main", "linkerd-proxy").unmeshed(1)),
        State.UNSUPPORTED,
        "sidecar_already_exists");
  }

  @Test
  @DisplayName("automountServiceAccountToken: false, only where token projection is off")
  void noAccountToken() {
    LinkerdConfig old =
        new LinkerdConfig("edge-26.8.1", "", ProxyDefaults.OF_LINKERD, false, false, "aa11");
    Workload workload = Sample.function().noAutomount().unmeshed(1).workload();
    NamespaceView namespace = Sample.namespace("openfaas-fn", null);
    assertStatus(
        new Evaluator(Sample.plane(Reading.of(old))).evaluate(workload, namespace),
        State.UNSUPPORTED,
        "disabled_automount_service_account_token_account");
    assertThat(EVALUATOR.evaluate(workload, namespace).state).isEqualTo(State.UNMESHED);
  }

  @Test
  void aPausedDeploymentWouldNotRollOut() {
    Rollout paused = new Rollout(1, 1, 1, 1, true, true, "");
    assertStatus(
        evaluate(Sample.function().rollout(paused).unmeshed(1)),
        State.UNSUPPORTED,
        "deployment_paused");
    assertStatus(evaluate(Sample.function().rollout(paused).meshed(1)), State.MESHED, "");
  }

  @Test
  void aNamespaceThatIsBeingDeleted() {
    NamespaceView leaving = new NamespaceView("openfaas-fn", Map.of(), Map.of(), true);
    assertStatus(
        EVALUATOR.evaluate(Sample.function().unmeshed(1).workload(), leaving),
        State.UNSUPPORTED,
        "namespace_terminating");
  }

  @ParameterizedTest
  @CsvSource({
    "kubernetes.io/metadata.name, kube-system",
    "kubernetes.io/metadata.name, cert-manager",
    "config.linkerd.io/admission-webhooks, disabled"
  })
  void aNamespaceTheWebhookLeavesOut(String label, String value) {
    NamespaceView namespace = new NamespaceView("x", Map.of(label, value), Map.of(), false);
    Workload workload = Sample.function().inject("enabled").unmeshed(1).workload();
    assertStatus(
        EVALUATOR.evaluate(workload, namespace), State.UNSUPPORTED, "webhook_excludes_namespace");
    assertThat(new Evaluator(null).evaluate(workload, namespace).state)
        .as("without a control plane its rules are not known")
        .isEqualTo(State.UNMESHED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"linkerd.io/control-plane-component", "linkerd.io/cni-resource"})
  void aPodTheWebhookLeavesOut(String label) {
    assertStatus(
        evaluate(Sample.function().labelled(label, "x").unmeshed(1)),
        State.UNSUPPORTED,
        "webhook_excludes_pod");
  }

  @Test
  @DisplayName("the first rule that holds decides: each beats all that stand after it")
  void theOrderOfTheRules() {
    List<String> order =
        List.of(
            "namespace_terminating",
            "injection_disable_annotation_present",
            "invalid_inject_annotation_at_ns",
            "webhook_excludes_namespace",
            "webhook_excludes_pod",
            "host_network_enabled",
            "sidecar_already_exists",
            "deployment_paused",
            "no_replicas",
            "rollout_under_way");
    for (int first = 0; first < order.size(); first++) {
      assertThat(judgedWithFaultsFrom(first).code).isEqualTo(order.get(first));
    }
  }

  /** A workload that has every fault from that place of the order on. */
  private static MeshStatus judgedWithFaultsFrom(int first) {
    Map<String, String> inject =
        first <= 2 ? Map.of(Annotations.INJECT, "yes") : Map.of(Annotations.INJECT, "enabled");
    String name = first <= 3 ? "kube-system" : "openfaas-fn";
    NamespaceView namespace =
        new NamespaceView(name, Map.of("kubernetes.io/metadata.name", name), inject, first <= 0);
    Sample sample = Sample.function();
    if (first <= 1) {
      sample.inject("disabled");
    }
    if (first <= 4) {
      sample.labelled("linkerd.io/cni-resource", "true");
    }
    if (first <= 5) {
      sample.hostNetwork();
    }
    if (first <= 6) {
      sample.containers("main", "istio-proxy");
    }
    int wanted = first <= 8 ? 0 : 1;
    sample.rollout(new Rollout(wanted, 2, 1, 1, false, first <= 7, ""));
    return EVALUATOR.evaluate(sample.unmeshed(1).workload(), namespace);
  }
}
