package com.openfaas.function.cluster;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Kind;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceList;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The requests one run makes of the API server, each by its name, and their number. */
public final class Cluster {
  private final KubernetesClient client;
  private final ServerClock clock;
  private final Requests requests = new Requests();

  public Cluster(KubernetesClient client, ServerClock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Questions about what we may, and what would become of a pod. */
  public Reviews reviews() {
    return new Reviews(client, requests);
  }

  /** What stands in front of the gateway and of the functions. */
  public Networking networking() {
    return new Networking(client, requests);
  }

  public Watches watches() {
    return new Watches(client, requests);
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
   * The Deployments of a namespace, without their managed fields, which are larger than all the
   * rest; a watch tells those of one that changes.
   *
   * @param label the key every object must carry, or null for all
   */
  public Listed<Deployment> deployments(String namespace, String label) throws ClusterException {
    return requests.ask(
        "list",
        "deployments in " + namespace,
        () ->
            new ObjectLists(client)
                .list(
                    "/apis/apps/v1/namespaces/" + namespace + "/deployments",
                    label,
                    Deployment.class,
                    Cluster::withoutManagedFields));
  }

  public Listed<DaemonSet> daemonSets(String namespace) throws ClusterException {
    return requests.ask(
        "list",
        "daemonsets in " + namespace,
        () ->
            new ObjectLists(client)
                .list(
                    "/apis/apps/v1/namespaces/" + namespace + "/daemonsets",
                    null,
                    DaemonSet.class,
                    Cluster::withoutManagedFields));
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
        () ->
            new ObjectLists(client)
                .list("/api/v1/namespaces/" + namespace + "/pods", label, Pod.class, wanted));
  }

  public NamespaceList namespaces() throws ClusterException {
    return requests.ask("list", "namespaces", () -> client.namespaces().list());
  }

  public Namespace namespace(String name) throws ClusterException {
    String subject = "namespace " + name;
    return requests.askExisting(subject, () -> client.namespaces().withName(name).get());
  }

  public ConfigMap configMap(String namespace, String name) throws ClusterException {
    String subject = "configmap " + namespace + "/" + name;
    return requests.askExisting(
        subject, () -> client.configMaps().inNamespace(namespace).withName(name).get());
  }

  public MutatingWebhookConfiguration webhook(String name) throws ClusterException {
    String subject = "mutatingwebhookconfiguration " + name;
    return requests.askExisting(
        subject,
        () ->
            client
                .admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(name)
                .get());
  }

  /**
   * Sends a merge patch as it stands; told by name alone, the client would read the object before.
   */
  public HasMetadata patch(Annotated object, String patch) throws ClusterException {
    HasMetadata bare = bare(object);
    return requests.ask(
        "patch", object.subject(), () -> client.resource(bare).patch(mergePatch(), patch));
  }

  /** Tells of a change, beside the object's other events. */
  public void createEvent(ChangeEvent event) throws ClusterException {
    String namespace = event.object.namespace;
    requests.ask(
        "create",
        "events in " + namespace,
        () ->
            client
                .events()
                .v1()
                .events()
                .inNamespace(namespace)
                .resource(event.at(now()))
                .create());
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

  private static <T extends HasMetadata> T withoutManagedFields(T object) {
    object.getMetadata().setManagedFields(List.of());
    return object;
  }

  private static HasMetadata bare(Annotated object) {
    ObjectMeta meta =
        new ObjectMetaBuilder()
            .withName(object.name)
            .withNamespace(object.kind == Kind.NAMESPACE ? null : object.namespace)
            .build();
    switch (object.kind) {
      case DEPLOYMENT:
        return new DeploymentBuilder().withMetadata(meta).build();
      case DAEMON_SET:
        return new DaemonSetBuilder().withMetadata(meta).build();
      case NAMESPACE:
        return new NamespaceBuilder().withMetadata(meta).build();
      case INGRESS:
        return new IngressBuilder().withMetadata(meta).build();
      case SERVICE:
        return new ServiceBuilder().withMetadata(meta).build();
      default:
        throw new IllegalArgumentException(object.kind + " is never written");
    }
  }

  private static PatchContext mergePatch() {
    PatchContext context = PatchContext.of(PatchType.JSON_MERGE);
    context.setFieldManager("mesh-setup");
    return context;
  }
}
