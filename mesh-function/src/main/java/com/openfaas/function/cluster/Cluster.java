package com.openfaas.function.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentList;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectRulesReviewStatus;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The requests one run makes of the API server, each by its name, and their number. */
public final class Cluster {
  private final KubernetesClient client;
  private final ServerClock clock;
  private final AtomicInteger requests = new AtomicInteger();

  public Cluster(KubernetesClient client, ServerClock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** The time by the API server's clock. */
  public Instant now() {
    return clock.now();
  }

  /** How many requests this run has made; one that the client tried again counts once. */
  public int requests() {
    return requests.get();
  }

  /**
   * The Deployments of a namespace.
   *
   * @param label the key every object must carry, or null for all
   */
  public DeploymentList deployments(String namespace, String label) throws ClusterException {
    return ask("list", "deployments in " + namespace, () -> deploymentsOf(namespace, label).list());
  }

  public PodList pods(String namespace, String label) throws ClusterException {
    return ask("list", "pods in " + namespace, () -> podsOf(namespace, label).list());
  }

  public NamespaceList namespaces() throws ClusterException {
    return ask("list", "namespaces", () -> client.namespaces().list());
  }

  public Namespace namespace(String name) throws ClusterException {
    String subject = "namespace " + name;
    return found(
        "get", subject, ask("get", subject, () -> client.namespaces().withName(name).get()));
  }

  public ConfigMap configMap(String namespace, String name) throws ClusterException {
    String subject = "configmap " + namespace + "/" + name;
    return found(
        "get",
        subject,
        ask("get", subject, () -> client.configMaps().inNamespace(namespace).withName(name).get()));
  }

  public MutatingWebhookConfiguration webhook(String name) throws ClusterException {
    String subject = "mutatingwebhookconfiguration " + name;
    return found(
        "get",
        subject,
        ask(
            "get",
            subject,
            () ->
                client
                    .admissionRegistration()
                    .v1()
                    .mutatingWebhookConfigurations()
                    .withName(name)
                    .get()));
  }

  /** The rules that hold for us in a namespace, as far as the authorizers can list them. */
  public SubjectRulesReviewStatus rules(String namespace) throws ClusterException {
    var review =
        new SelfSubjectRulesReviewBuilder()
            .withNewSpec()
            .withNamespace(namespace)
            .endSpec()
            .build();
    return ask(
        "create",
        "selfsubjectrulesreview for " + namespace,
        () -> client.authorization().v1().selfSubjectRulesReview().create(review).getStatus());
  }

  /** Whether the authorizers allow us one thing. */
  public boolean allowed(ResourceAttributes wanted) throws ClusterException {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withResourceAttributes(wanted)
            .endSpec()
            .build();
    return ask(
        "create",
        "selfsubjectaccessreview for " + wanted.getNamespace(),
        () ->
            client
                .authorization()
                .v1()
                .selfSubjectAccessReview()
                .create(review)
                .getStatus()
                .getAllowed());
  }

  /**
   * What would become of the pod through all of admission; nothing is stored. Asked once: a 500
   * that says how a webhook failed is the answer, and asking again would not better it.
   */
  public Pod rehearse(Pod pod) throws ClusterException {
    String namespace = pod.getMetadata().getNamespace();
    var once = new RequestConfigBuilder().withRequestRetryBackoffLimit(0).build();
    return ask(
        "create (dry run)",
        "pods in " + namespace,
        () ->
            client
                .adapt(NamespacedKubernetesClient.class)
                .withRequestConfig(once)
                .call(c -> c.pods().inNamespace(namespace).resource(pod).dryRun(true).create()));
  }

  /**
   * Sends a merge patch as it stands; told by name alone, the client would read the object before.
   */
  public Deployment patchDeployment(String namespace, String name, String patch)
      throws ClusterException {
    var deployment =
        new DeploymentBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .endMetadata()
            .build();
    return ask(
        "patch",
        "deployment " + namespace + "/" + name,
        () -> client.resource(deployment).patch(mergePatch(), patch));
  }

  public Namespace patchNamespace(String name, String patch) throws ClusterException {
    var namespace = new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build();
    return ask(
        "patch", "namespace " + name, () -> client.resource(namespace).patch(mergePatch(), patch));
  }

  /** The Lease, or null where there is none. */
  public Lease lease(String namespace, String name) throws ClusterException {
    return ask(
        "get", "lease " + namespace + "/" + name, () -> leases(namespace).withName(name).get());
  }

  /** Fails with the code {@code conflict} where there is one already. */
  public Lease createLease(Lease lease) throws ClusterException {
    return ask(
        "create",
        subject(lease),
        () -> leases(lease.getMetadata().getNamespace()).resource(lease).create());
  }

  /** Fails with the code {@code conflict} where it is no longer as it was read. */
  public Lease updateLease(Lease lease) throws ClusterException {
    return ask(
        "update",
        subject(lease),
        () -> leases(lease.getMetadata().getNamespace()).resource(lease).update());
  }

  /** Tells of a change, beside the object's other events. */
  public void createEvent(ChangeEvent event) throws ClusterException {
    String namespace = event.namespace;
    ask(
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
    return ask(
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

  /**
   * Follows the Deployments of a namespace.
   *
   * @param from the resource version after which changes are wanted
   */
  public Watch watchDeployments(
      String namespace, String label, String from, Watcher<Deployment> watcher)
      throws ClusterException {
    return ask(
        "watch",
        "deployments in " + namespace,
        () -> deploymentsOf(namespace, label).watch(since(from), watcher));
  }

  public Watch watchPods(String namespace, String label, String from, Watcher<Pod> watcher)
      throws ClusterException {
    return ask(
        "watch",
        "pods in " + namespace,
        () -> podsOf(namespace, label).watch(since(from), watcher));
  }

  private FilterWatchListDeletable<Deployment, DeploymentList, ?> deploymentsOf(
      String namespace, String label) {
    var all = client.apps().deployments().inNamespace(namespace);
    return label == null ? all : all.withLabel(label);
  }

  private FilterWatchListDeletable<Pod, PodList, ?> podsOf(String namespace, String label) {
    var all = client.pods().inNamespace(namespace);
    return label == null ? all : all.withLabel(label);
  }

  private NonNamespaceOperation<Lease, LeaseList, Resource<Lease>> leases(String namespace) {
    return client.leases().inNamespace(namespace);
  }

  private static String subject(Lease lease) {
    return "lease " + lease.getMetadata().getNamespace() + "/" + lease.getMetadata().getName();
  }

  private static ListOptions since(String resourceVersion) {
    return new ListOptionsBuilder().withResourceVersion(resourceVersion).build();
  }

  private static PatchContext mergePatch() {
    PatchContext context = PatchContext.of(PatchType.JSON_MERGE);
    context.setFieldManager("mesh-setup");
    return context;
  }

  private <T> T ask(String verb, String subject, Supplier<T> request) throws ClusterException {
    requests.incrementAndGet();
    try {
      return request.get();
    } catch (KubernetesClientException e) {
      throw KubeErrors.of(e, verb, subject);
    }
  }

  /** The client answers null where the API server answers 404. */
  private static <T> T found(String verb, String subject, T object) throws ClusterException {
    if (object == null) {
      throw KubeErrors.of(new KubernetesClientException(null, 404, null), verb, subject);
    }
    return object;
  }
}
