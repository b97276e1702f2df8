package com.openfaas.function.e2e;

import com.google.gson.JsonObject;
import com.openfaas.function.lab.Settled;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The platform as an operator's kubeconfig shows it, which knows nothing of the reports. */
final class OpenFaas {
  static final String SELF = "mesh-setup";

  private static final String OURS = "mesh-setup.openfaas.com/";
  private static final String PROXY = "linkerd-proxy";

  final KubernetesClient client;

  /** The namespace of the gateway. */
  final String core;

  /** The namespace in which mesh-setup runs. */
  final String functions;

  /** Those two, and what else the reports tell of. */
  final Set<String> namespaces = new TreeSet<>();

  /** What was not rolled out before anything was done: it is not waited for. */
  private Set<String> restless = Set.of();

  /** What a run holds. */
  final RunLease lease;

  OpenFaas(KubernetesClient client, String core, String functions) {
    this.client = client;
    this.core = core;
    this.functions = functions;
    this.lease = new RunLease(client, functions);
    namespaces.add(core);
    namespaces.add(functions);
  }

  /** The namespaces of all that the report is about, from now on. */
  void knows(Answer report) {
    report.entries("workloads", any -> true).forEach(this::addNamespace);
    report.entries("routes", any -> true).forEach(this::addNamespace);
    report
        .entries("namespaces", any -> true)
        .forEach(entry -> namespaces.add(entry.get("name").getAsString()));
    restless = unsettled();
  }

  private void addNamespace(JsonObject entry) {
    namespaces.add(entry.get("namespace").getAsString());
  }

  Set<String> restless() {
    return restless;
  }

  Deployment deployment(String namespace, String name) {
    return client.apps().deployments().inNamespace(namespace).withName(name).get();
  }

  /** A value of a Secret, by its key or, where it has but one, whatever that is called. */
  Optional<String> secret(String namespace, String name, String key) {
    Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
    Map<String, String> data =
        secret == null || secret.getData() == null ? Map.of() : secret.getData();
    String value = data.size() == 1 ? data.values().iterator().next() : data.get(key);
    return Optional.ofNullable(value)
        .map(v -> new String(Base64.getDecoder().decode(v), StandardCharsets.UTF_8));
  }

  /** The objects that carry a record of mesh-setup's. */
  List<String> changedByMeshSetup() {
    Stream<HasMetadata> all =
        namespaces.stream()
            .flatMap(
                namespace ->
                    Stream.of(
                            Stream.of(client.namespaces().withName(namespace).get()),
                            deployments(namespace),
                            client
                                .apps()
                                .daemonSets()
                                .inNamespace(namespace)
                                .list()
                                .getItems()
                                .stream())
                        .flatMap(stream -> stream));
    return all.filter(OpenFaas::isRecorded)
        .map(object -> object.getKind() + " " + object.getMetadata().getName())
        .collect(Collectors.toList());
  }

  private static boolean isRecorded(HasMetadata object) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(OURS + "previous");
  }

  private Stream<Deployment> deployments(String namespace) {
    return client.apps().deployments().inNamespace(namespace).list().getItems().stream();
  }

  /** No run is under way, no change of the gateway waits for its proof, and all is rolled out. */
  void awaitTheEnd(Deadline deadline) {
    deadline.await("the run has given back its Lease", lease::isFree);
    deadline.await(
        "the gateway's change is confirmed or taken back",
        () -> !annotations(deployment(core, "gateway")).containsKey(OURS + "unconfirmed"));
    deadline.await("all is rolled out", () -> restless.containsAll(unsettled()));
    deadline.await("no run is under way", lease::isFree);
  }

  private static Map<String, String> annotations(HasMetadata object) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  /** What is rolling out, or going. */
  private Set<String> unsettled() {
    Set<String> unsettled = new TreeSet<>();
    for (String namespace : namespaces) {
      deployments(namespace)
          .filter(deployment -> !Settled.isRolledOut(deployment))
          .forEach(d -> unsettled.add(namespace + "/" + d.getMetadata().getName()));
      client.pods().inNamespace(namespace).list().getItems().stream()
          .filter(pod -> pod.getMetadata().getDeletionTimestamp() != null)
          .forEach(pod -> unsettled.add(namespace + "/" + pod.getMetadata().getName()));
    }
    return unsettled;
  }

  /** The ready pods of a workload that have no ready proxy, whatever a report says of them. */
  List<String> withoutProxy(String kind, String namespace, String name) {
    return pods(kind, namespace, name).stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null && isReady(pod))
        .filter(pod -> !hasReadyProxy(pod))
        .map(pod -> pod.getMetadata().getName())
        .collect(Collectors.toList());
  }

  private List<Pod> pods(String kind, String namespace, String name) {
    LabelSelector selector =
        kind.equals("DaemonSet")
            ? client
                .apps()
                .daemonSets()
                .inNamespace(namespace)
                .withName(name)
                .get()
                .getSpec()
                .getSelector()
            : deployment(namespace, name).getSpec().getSelector();
    return client.pods().inNamespace(namespace).withLabelSelector(selector).list().getItems();
  }

  static boolean isReady(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  private static boolean hasReadyProxy(Pod pod) {
    return Stream.concat(
            pod.getStatus().getContainerStatuses().stream(),
            pod.getStatus().getInitContainerStatuses().stream())
        .filter(container -> container.getName().equals(PROXY))
        .anyMatch(ContainerStatus::getReady);
  }

  /** What runs here. */
  Map<String, String> versions() {
    Map<String, String> versions = new HashMap<>();
    versions.put("Kubernetes", client.getKubernetesVersion().getGitVersion());
    for (Container container :
        deployment(core, "gateway").getSpec().getTemplate().getSpec().getContainers()) {
      versions.put(container.getName(), container.getImage());
    }
    versions.put(SELF, image());
    return versions;
  }

  String image() {
    return deployment(functions, SELF)
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .get(0)
        .getImage();
  }

  /** What has been told of the platform's objects since then, a line each. */
  String events(Instant since) {
    return namespaces.stream()
        .flatMap(name -> client.events().v1().events().inNamespace(name).list().getItems().stream())
        .filter(e -> !Instant.parse(e.getMetadata().getCreationTimestamp()).isBefore(since))
        .sorted((a, b) -> created(a).compareTo(created(b)))
        .map(
            e ->
                String.join(
                    " ",
                    created(e),
                    e.getMetadata().getNamespace(),
                    String.valueOf(e.getReason()),
                    e.getRegarding() == null ? "" : e.getRegarding().getKind(),
                    e.getRegarding() == null ? "" : e.getRegarding().getName(),
                    String.valueOf(e.getNote())))
        .collect(Collectors.joining("\n"));
  }

  private static String created(HasMetadata object) {
    return object.getMetadata().getCreationTimestamp();
  }
}
