package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetList;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** An ingress controller in a namespace of its own, and the platform's Ingress that goes by it. */
public final class IngressController implements AutoCloseable {
  private static final String INGRESS = "openfaas-ingress";
  private static final int NODES = 3;

  private final TestPlatform platform;
  private final KubernetesClient admin;
  private final String className;
  private final List<HasMetadata> objects;

  /** The controller's own. */
  public final String namespace;

  /**
   * @param shape ingress-nginx or traefik: the name of its manifest, without the ending
   */
  public IngressController(TestPlatform platform, String shape) {
    this.platform = platform;
    this.admin = platform.admin();
    this.namespace = platform.addNamespace(shape, Map.of());
    this.className = namespace;
    labelNodes();
    Map<String, String> values = Map.of("namespace", namespace, "class", className);
    this.objects = Manifests.objects(admin, shape + ".yaml", values);
    objects.forEach(object -> admin.resource(object).create());
    ingresses()
        .edit(
            i ->
                new IngressBuilder(i).editSpec().withIngressClassName(className).endSpec().build());
    awaitSettled();
  }

  /** What rbac-ingress.yml tells an operator to apply. */
  public void grant() {
    platform.account().apply("rbac-ingress.yml", "--ingress-namespace", namespace);
  }

  /** The Ingress as it is now. */
  public Ingress ingress() {
    return ingresses().get();
  }

  public Map<String, String> routeAnnotations() {
    return Objects.requireNonNullElse(ingress().getMetadata().getAnnotations(), Map.of());
  }

  /** As {@code kubectl annotate ingress} does; null removes. */
  public void annotateRoute(String key, String value) {
    ingresses()
        .edit(
            ingress -> {
              Map<String, String> annotations = new HashMap<>(routeAnnotations());
              annotations.put(key, value);
              annotations.values().removeIf(Objects::isNull);
              return new IngressBuilder(ingress)
                  .editMetadata()
                  .withAnnotations(annotations)
                  .endMetadata()
                  .build();
            });
  }

  public List<Pod> pods() {
    return admin.pods().inNamespace(namespace).list().getItems();
  }

  public DaemonSet daemonSet(String name) {
    return daemonSets().withName(name).get();
  }

  /** Edits its DaemonSet by hand. */
  public void edit(String name, UnaryOperator<DaemonSet> change) {
    Conflicts.retried(() -> daemonSets().withName(name).edit(change));
  }

  private NonNamespaceOperation<DaemonSet, DaemonSetList, Resource<DaemonSet>> daemonSets() {
    return admin.apps().daemonSets().inNamespace(namespace);
  }

  /** Until every pod is the newest and ready. */
  public void awaitSettled() {
    Awaitility.await("the controller is rolled out")
        .pollInterval(Duration.ofMillis(100))
        .until(
            () ->
                Settled.unsettled(admin, namespace).collect(Collectors.toList()).isEmpty()
                    && admin.apps().daemonSets().inNamespace(namespace).list().getItems().stream()
                        .allMatch(IngressController::isRolledOut));
  }

  private static boolean isRolledOut(DaemonSet set) {
    DaemonSetStatus status = set.getStatus();
    return status != null
        && Objects.equals(status.getObservedGeneration(), set.getMetadata().getGeneration())
        && status.getDesiredNumberScheduled() == NODES
        && Objects.requireNonNullElse(status.getUpdatedNumberScheduled(), 0) == NODES
        && Objects.requireNonNullElse(status.getNumberAvailable(), 0) == NODES;
  }

  private void labelNodes() {
    admin.nodes().list().getItems().stream()
        .limit(NODES)
        .forEach(
            node ->
                admin
                    .nodes()
                    .withName(node.getMetadata().getName())
                    .edit(
                        n ->
                            new NodeBuilder(n)
                                .editMetadata()
                                .addToLabels("lab.mesh-setup/ingress", className)
                                .endMetadata()
                                .build()));
  }

  private Resource<Ingress> ingresses() {
    return admin.network().v1().ingresses().inNamespace(platform.openfaas()).withName(INGRESS);
  }

  /** Its namespace takes the rest with it. */
  @Override
  public void close() {
    objects.stream()
        .filter(object -> object.getMetadata().getNamespace() == null)
        .forEach(object -> admin.resource(object).delete());
  }
}
