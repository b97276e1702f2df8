package com.openfaas.function.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openfaas.function.observe.Listing.PodIndex;
import com.openfaas.function.platform.Cases;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Selector;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.platform.Workload.Template;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirementBuilder;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From objects of the API to values: each file of cases/observe. */
class ViewsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Stream<Named<Path>> pods() {
    return cases("observe/pod");
  }

  static Stream<Named<Path>> deployments() {
    return cases("observe/deployment");
  }

  static Stream<Named<Path>> daemonSets() {
    return cases("observe/daemonset");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pods")
  void seesOfAPod(Path file) {
    List<JsonNode> documents = Cases.documents(file);
    PodView pod = Views.pod(Serialization.unmarshal(documents.get(0).toString(), Pod.class));
    Map<String, Object> seen = new LinkedHashMap<>();
    seen.put("proxy", pod.proxy.toString());
    seen.put("ready", pod.ready);
    seen.put("leaving", pod.leaving);
    seen.put("trouble", pod.trouble);
    seen.put("labels", pod.labels);
    seen.put("annotations", pod.annotations);
    assertSeen(seen, documents.get(1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("deployments")
  void seesOfADeployment(Path file) {
    assertSeenOfWorkload(file, Deployment.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("daemonSets")
  void seesOfADaemonSet(Path file) {
    assertSeenOfWorkload(file, DaemonSet.class);
  }

  private static void assertSeenOfWorkload(Path file, Class<? extends HasMetadata> kind) {
    List<JsonNode> documents = Cases.documents(file);
    HasMetadata object = Serialization.unmarshal(documents.get(0).toString(), kind);
    Workload workload = WorkloadView.of(object).workload(Role.GATEWAY, new PodIndex(List.of()));
    List<Template.Container> containers = workload.template.containers;
    Map<String, Object> seen = new LinkedHashMap<>();
    seen.put("key", workload.key());
    seen.put("kind", workload.object.kind.toString());
    seen.put("done", workload.rollout.isDone());
    seen.put("wanted", workload.rollout.wanted);
    seen.put("existing", workload.rollout.existing);
    seen.put("updated", workload.rollout.updated);
    seen.put("available", workload.rollout.available);
    seen.put("observed", workload.rollout.observed);
    seen.put("paused", workload.rollout.paused);
    seen.put("complaint", workload.rollout.complaint);
    seen.put("killsBeforeReady", workload.killsBeforeReady);
    seen.put("hostNetwork", workload.template.hostNetwork);
    seen.put("automount", workload.template.automount);
    seen.put("containers", containers.stream().map(c -> c.name).collect(Collectors.toList()));
    seen.put("images", containers.stream().map(c -> c.image).collect(Collectors.toList()));
    seen.put("ports", new TreeSet<>(containers.get(0).ports.keySet()));
    seen.put("inject", workload.template.inject());
    assertSeen(seen, documents.get(1));
    assertThat(workload.object.annotations).containsEntry("mesh-setup.openfaas.com/previous", "{}");
    assertThat(workload.selector.labels).isEqualTo(Map.of("app", "gateway"));
  }

  @Test
  void aNamespaceWithNothingOnIt() {
    NamespaceView view =
        Views.namespace(
            new NamespaceBuilder().withNewMetadata().withName("x").endMetadata().build());
    assertThat(view.name).isEqualTo("x");
    assertThat(view.inject()).isNull();
    assertThat(view.terminating).isFalse();
  }

  @Test
  void whoWroteToAnObjectLastIsNeitherUsNorWhoeverKeepsItsStatus() {
    ObjectMeta meta =
        new ObjectMetaBuilder()
            .withName("x")
            .addToManagedFields(written("helm", null, "2026-09-01T10:00:00Z"))
            .addToManagedFields(written("argocd-controller", null, "2026-09-01T11:00:00Z"))
            .addToManagedFields(written("mesh-setup", null, "2026-09-01T12:00:00Z"))
            .addToManagedFields(
                written("kube-controller-manager", "status", "2026-09-01T12:00:09Z"))
            .build();

    assertThat(Views.object(Kind.INGRESS, "openfaas", meta).lastWriter)
        .isEqualTo("\"argocd-controller\" at 2026-09-01T11:00:00Z");
    meta.setManagedFields(List.of());
    assertThat(Views.object(Kind.INGRESS, "openfaas", meta).lastWriter)
        .isEqualTo("an unknown client");
  }

  private static ManagedFieldsEntry written(String manager, String subresource, String time) {
    return new ManagedFieldsEntryBuilder()
        .withManager(manager)
        .withSubresource(subresource)
        .withTime(time)
        .build();
  }

  @Test
  void aNamespaceThatIsBeingDeleted() {
    NamespaceView view =
        Views.namespace(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName("x")
                .withDeletionTimestamp("2026-09-01T12:00:00Z")
                .addToAnnotations("linkerd.io/inject", "enabled")
                .endMetadata()
                .build());
    assertThat(view.terminating).isTrue();
    assertThat(view.inject()).isEqualTo("enabled");
  }

  @Test
  void selectorsOfEveryKind() {
    assertThat(Views.selector(null).matches(Map.of())).isTrue();
    assertThat(Views.selector(new LabelSelector()).matches(Map.of())).isTrue();
    Selector selector =
        Views.selector(
            new LabelSelectorBuilder()
                .addToMatchLabels("app", "x")
                .addToMatchExpressions(expression("tier", "In", "a"))
                .addToMatchExpressions(expression("gone", "DoesNotExist"))
                .build());
    assertThat(selector.matches(Map.of("app", "x", "tier", "a"))).isTrue();
    assertThat(selector.matches(Map.of("app", "x", "tier", "b"))).isFalse();
    assertThat(selector.matches(Map.of("app", "x", "tier", "a", "gone", ""))).isFalse();
  }

  private static LabelSelectorRequirement expression(
      String key, String operator, String... values) {
    return new LabelSelectorRequirementBuilder()
        .withKey(key)
        .withOperator(operator)
        .withValues(values)
        .build();
  }

  private static Stream<Named<Path>> cases(String folder) {
    return Cases.in(folder).stream()
        .map(file -> Named.of(file.getFileName().toString().replace(".yaml", ""), file));
  }

  private static void assertSeen(Map<String, Object> seen, JsonNode expected) {
    expected
        .properties()
        .forEach(
            entry -> {
              assertThat(seen).as("what a case may name").containsKey(entry.getKey());
              assertThat(JSON.<JsonNode>valueToTree(seen.get(entry.getKey())))
                  .as(entry.getKey())
                  .isEqualTo(entry.getValue());
            });
  }
}
