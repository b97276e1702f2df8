package com.openfaas.function.cluster;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Kind;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PartialObjectMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The requests one run makes of the API server, each by its name, and their number. */
public final class Cluster {
  private final KubernetesClient client;
  private final ServerClock clock;
  private final ObjectRequests objects;
  private final Requests requests = new Requests();

  public Cluster(KubernetesClient client, ServerClock clock) {
    this.client = client;
    this.objects = new ObjectRequests(client);
    this.clock = clock;
  }

  /** Questions about what we may, and what would become of a pod. */
  public Reviews reviews() {
    return new Reviews(client, requests);
  }

  /** What stands in front of the gateway and of the functions. */
  public Networking networking() {
    return new Networking(client, objects, requests);
  }

  public Watches watches() {
    return new Watches(objects, requests);
  }

  Leases leases() {
    return new Leases(client, requests);
  }

  /** The time by the API server's clock. */
  public Instant now() {
    return clock.now();
  }

  /** How many requests this run has made; one that the client tried again counts once. */
  public int requests() {
    return requests.count();
  }

  /**
   * The Deployments or DaemonSets of a namespace.
   *
   * @param label the key every object must carry, or null for all
   * @param wanted what stays of each
   */
  public <V> Listed<V> workloads(
      Kind kind, String namespace, String label, Function<HasMetadata, V> wanted)
      throws ClusterException {
    return requests.ask(
        "list",
        kind.resource + " in " + namespace,
        () ->
            objects.list(
                ObjectRequests.all(kind, namespace, label), ObjectRequests.type(kind), wanted));
  }

  /**
   * The pods of a namespace.
   *
   * @param label the key every pod must carry, or null for all
   * @param wanted what stays of each pod
   */
  public <V> Listed<V> pods(String namespace, String label, Function<Pod, V> wanted)
      throws ClusterException {
    return requests.ask(
        "list",
        "pods in " + namespace,
        () -> objects.list(ObjectRequests.pods(namespace, label), Pod.class, wanted));
  }

  /**
   * The pod template of a Deployment or a DaemonSet, whole: lists hold only what is looked at. It
   * is listed, because that is what we may.
   */
  public PodTemplateSpec podTemplate(Annotated object) throws ClusterException {
    List<PodTemplateSpec> found =
        requests.ask(
            "list",
            object.kind.resource + " in " + object.namespace,
            () ->
                object.kind == Kind.DAEMON_SET
                    ? templates(client.apps().daemonSets(), object, d -> d.getSpec().getTemplate())
                    : templates(
                        client.apps().deployments(), object, d -> d.getSpec().getTemplate()));
    if (found.isEmpty()) {
      throw KubeErrors.of(new KubernetesClientException(null, 404, null), "list", object.subject());
    }
    return found.get(0);
  }

  private static <T extends HasMetadata, L extends KubernetesResourceList<T>>
      List<PodTemplateSpec> templates(
          MixedOperation<T, L, ?> all, Annotated object, Function<T, PodTemplateSpec> template) {
    return all
        .inNamespace(object.namespace)
        .withField("metadata.name", object.name)
        .list()
        .getItems()
        .stream()
        .map(template)
        .collect(Collectors.toList());
  }

  public List<Namespace> namespaces() throws ClusterException {
    return requests.ask(
        "list",
        "namespaces",
        () -> objects.list(ObjectRequests.NAMESPACES, Namespace.class, ns -> ns).items);
  }

  public Namespace namespace(String name) throws ClusterException {
    return get("namespace " + name, ObjectRequests.NAMESPACES + "/" + name, Namespace.class);
  }

  public ConfigMap configMap(String namespace, String name) throws ClusterException {
    return get(
        "configmap " + namespace + "/" + name,
        ObjectRequests.NAMESPACES + "/" + namespace + "/configmaps/" + name,
        ConfigMap.class);
  }

  public MutatingWebhookConfiguration webhook(String name) throws ClusterException {
    return get(
        "mutatingwebhookconfiguration " + name,
        "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/" + name,
        MutatingWebhookConfiguration.class);
  }

  private <T> T get(String subject, String path, Class<T> type) throws ClusterException {
    return requests.ask("get", subject, () -> objects.get(path, type));
  }

  /** Sends a merge patch as it stands, without reading the object before. */
  public void patch(Annotated object, String patch) throws ClusterException {
    patch(object, patch, PartialObjectMetadata.class);
  }

  /** The same, of a workload; gives what has become of it. */
  public HasMetadata patchWorkload(Annotated workload, String patch) throws ClusterException {
    return patch(workload, patch, ObjectRequests.type(workload.kind));
  }

  private <T> T patch(Annotated object, String patch, Class<T> type) throws ClusterException {
    return requests.ask("patch", object.subject(), () -> objects.patch(object, patch, type));
  }

  /** Tells of a change, beside the object's other events. */
  public void createEvent(ChangeEvent event) throws ClusterException {
    requests.ask(
        "create",
        "events in " + event.object.namespace,
        () -> {
          objects.createEvent(event.at(now()));
          return null;
        });
  }

  /** What the cluster says of an object, newest last. */
  public List<String> eventsOf(String namespace, String name) throws ClusterException {
    return requests.ask(
        "list",
        "events in " + namespace,
        () ->
            client
                .v1()
                .events()
                .inNamespace(namespace)
                .withField("involvedObject.name", name)
                .list()
                .getItems()
                .stream()
                .map(event -> event.getReason() + ": " + event.getMessage())
                .collect(Collectors.toList()));
  }
}
