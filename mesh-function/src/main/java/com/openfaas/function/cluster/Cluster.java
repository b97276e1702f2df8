package com.openfaas.function.cluster;

import com.openfaas.function.cluster.Connection.ServerClock;
import com.openfaas.function.cluster.Requests.OwnProxy;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.PastRun;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PartialObjectMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.apps.DaemonSetList;
import io.fabric8.kubernetes.api.model.apps.DeploymentList;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectRulesReviewStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The requests a run makes to the API server, by name, and how many there were. */
public final class Cluster {
  private static final String REVIEWS = "/apis/authorization.k8s.io/v1/";
  private static final int MOST_RUNS = 20;

  private final ServerClock clock;
  private final ObjectRequests objects;

  /**
   * A cluster for one run.
   *
   * @param remaining the time left for requests and their answers; each request may use at most ten
   *     seconds of it, and none is sent once it is used up
   */
  public Cluster(KubernetesClient client, ServerClock clock, Supplier<Duration> remaining) {
    this(
        new ObjectRequests(client, new Requests(remaining, OwnProxy.of(client.getConfiguration()))),
        clock);
  }

  private Cluster(ObjectRequests objects, ServerClock clock) {
    this.objects = objects;
    this.clock = clock;
  }

  /** The same run with another time limit, for what must be done once its own is over. */
  public Cluster within(Supplier<Duration> remaining) {
    return new Cluster(objects.within(remaining), clock);
  }

  /** What routes traffic to the gateway and to the functions. */
  public Networking networking() {
    return new Networking(objects);
  }

  /** Requests by path, for what knows its own. */
  ObjectRequests objects() {
    return objects;
  }

  /** The time by the API server's clock. */
  public Instant now() {
    return clock.now();
  }

  /** How many requests this run has made; retries are not counted. */
  public int requests() {
    return objects.count();
  }

  /**
   * The Deployments or DaemonSets of a namespace.
   *
   * @param label the key every object must carry, or null for all
   * @param wanted what to keep of each
   */
  public <V> Listed<V> workloads(
      Kind kind, String namespace, String label, Function<HasMetadata, V> wanted)
      throws ClusterException {
    return objects.list(
        kind.resource + " in " + namespace,
        ObjectRequests.path(kind, namespace, label),
        ObjectRequests.type(kind),
        wanted);
  }

  /**
   * The pods of a namespace.
   *
   * @param label the key every pod must carry, or null for all
   * @param wanted what to keep of each pod
   */
  public <V> Listed<V> pods(String namespace, String label, Function<Pod, V> wanted)
      throws ClusterException {
    return objects.list(
        "pods in " + namespace, ObjectRequests.podsPath(namespace, label), Pod.class, wanted);
  }

  /**
   * Changes of the Deployments or DaemonSets of a namespace as they happen.
   *
   * @param label the key every object must carry, or null for all
   * @param from the resource version of the list from whose end it watches
   * @param wanted what the listener gets of each
   */
  public <V> Watch watchWorkloads(
      Kind kind,
      String namespace,
      String label,
      String from,
      Function<HasMetadata, V> wanted,
      ObjectWatch.Listener<V> listener)
      throws ClusterException {
    return objects.watch(
        kind.resource + " in " + namespace,
        ObjectRequests.path(kind, namespace, label),
        from,
        ObjectRequests.type(kind),
        wanted,
        listener);
  }

  /** The same for its pods. */
  public <V> Watch watchPods(
      String namespace,
      String label,
      String from,
      Function<Pod, V> wanted,
      ObjectWatch.Listener<V> listener)
      throws ClusterException {
    String path = ObjectRequests.podsPath(namespace, label);
    return objects.watch("pods in " + namespace, path, from, Pod.class, wanted, listener);
  }

  /**
   * The complete pod template of a Deployment or a DaemonSet, because the other lists are filtered.
   * Uses {@code list} with a field selector, the verb we have the right to.
   */
  public PodTemplateSpec podTemplate(Annotated object) throws ClusterException {
    String subject = object.kind.resource + " in " + object.namespace;
    String path =
        ObjectRequests.path(object.kind, object.namespace, null)
            + "&fieldSelector=metadata.name%3D"
            + object.name;
    Stream<PodTemplateSpec> found =
        object.kind == Kind.DAEMON_SET
            ? objects.whole(subject, path, DaemonSetList.class).getItems().stream()
                .map(daemonSet -> daemonSet.getSpec().getTemplate())
            : objects.whole(subject, path, DeploymentList.class).getItems().stream()
                .map(deployment -> deployment.getSpec().getTemplate());
    Optional<PodTemplateSpec> first = found.findFirst();
    if (first.isEmpty()) {
      throw ClusterException.of(
          new KubernetesClientException(null, 404, null), "list", object.subject());
    }
    return first.get();
  }

  public List<Namespace> namespaces() throws ClusterException {
    return objects.list("namespaces", ObjectRequests.NAMESPACES, Namespace.class, ns -> ns).items;
  }

  public Namespace namespace(String name) throws ClusterException {
    return objects.get(
        "namespace " + name, ObjectRequests.NAMESPACES + "/" + name, Namespace.class);
  }

  public ConfigMap configMap(String namespace, String name) throws ClusterException {
    return objects.get(
        "configmap " + namespace + "/" + name,
        ObjectRequests.NAMESPACES + "/" + namespace + "/configmaps/" + name,
        ConfigMap.class);
  }

  public MutatingWebhookConfiguration webhook(String name) throws ClusterException {
    return objects.get(
        "mutatingwebhookconfiguration " + name,
        "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/" + name,
        MutatingWebhookConfiguration.class);
  }

  /**
   * The CronJobs of a namespace.
   *
   * @param wanted what to keep of each
   */
  public <V> List<V> cronJobs(String namespace, Function<CronJob, V> wanted)
      throws ClusterException {
    String path = "/apis/batch/v1/namespaces/" + namespace + "/cronjobs";
    return objects.list("cronjobs in " + namespace, path, CronJob.class, wanted).items;
  }

  /** The HorizontalPodAutoscalers of a namespace. */
  public List<HorizontalPodAutoscaler> autoscalers(String namespace) throws ClusterException {
    String path = "/apis/autoscaling/v2/namespaces/" + namespace + "/horizontalpodautoscalers";
    String subject = "horizontalpodautoscalers in " + namespace;
    return objects.list(subject, path, HorizontalPodAutoscaler.class, scaler -> scaler).items;
  }

  /** Our rules in a namespace, as far as the authorizers can list them. */
  public SubjectRulesReviewStatus rules(String namespace) throws ClusterException {
    var review =
        new SelfSubjectRulesReviewBuilder()
            .withNewSpec()
            .withNamespace(namespace)
            .endSpec()
            .build();
    return objects
        .create(
            "selfsubjectrulesreview for " + namespace, REVIEWS + "selfsubjectrulesreviews", review)
        .getStatus();
  }

  /** Whether the authorizers allow us this. */
  public boolean allowed(ResourceAttributes wanted) throws ClusterException {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withResourceAttributes(wanted)
            .endSpec()
            .build();
    return objects
        .create(
            "selfsubjectaccessreview for " + wanted.getNamespace(),
            REVIEWS + "selfsubjectaccessreviews",
            review)
        .getStatus()
        .getAllowed();
  }

  /**
   * The pod after all admission; nothing is stored. No retry: a 500 that says how a webhook failed
   * is the answer.
   */
  public Pod rehearse(Pod pod) throws ClusterException {
    String namespace = pod.getMetadata().getNamespace();
    String path = ObjectRequests.NAMESPACES + "/" + namespace + "/pods";
    return objects.dryRun("pods in " + namespace, path, pod);
  }

  /** Sends a merge patch without reading the object first. */
  public void patch(Annotated object, String patch) throws ClusterException {
    objects.patch(object, patch, PartialObjectMetadata.class);
  }

  /** The same for a workload; returns the patched object. */
  public HasMetadata patchWorkload(Annotated workload, String patch) throws ClusterException {
    return objects.patch(workload, patch, ObjectRequests.type(workload.kind));
  }

  /** Creates the object or changes it to match the manifest, without reading it first. */
  public void apply(Annotated object, String manifest) throws ClusterException {
    objects.apply(object, manifest);
  }

  /** Deletes an object; it is no error if there is none. */
  public void delete(Annotated object) throws ClusterException {
    try {
      objects.delete(object);
    } catch (ClusterException e) {
      if (!e.problem.is(Code.NOT_FOUND)) {
        throw e;
      }
    }
  }

  /** Creates an event, which is listed with the object's other events. */
  public void createEvent(ChangeEvent event) throws ClusterException {
    String namespace = event.object.namespace;
    String path = "/apis/events.k8s.io/v1/namespaces/" + namespace + "/events";
    objects.create("events in " + namespace, path, event.at(now()));
  }

  /**
   * The reported runs, newest first. The API server keeps events for an hour unless it is
   * configured otherwise.
   *
   * @param namespace the namespace of mesh-setup
   */
  public List<PastRun> pastRuns(String namespace) throws ClusterException {
    String path = ObjectRequests.NAMESPACES + "/" + namespace + "/events" + ChangeEvent.ofRuns();
    return objects
        .list("events in " + namespace, path, Event.class, ChangeEvent::run)
        .items
        .stream()
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing((PastRun run) -> run.at).reversed())
        .limit(MOST_RUNS)
        .collect(Collectors.toUnmodifiableList());
  }

  /** The events of objects of that name as "reason: message", oldest first. */
  public List<String> eventsOf(String namespace, String name) throws ClusterException {
    String path =
        ObjectRequests.NAMESPACES
            + "/"
            + namespace
            + "/events?fieldSelector=involvedObject.name%3D"
            + name;
    return objects.list("events in " + namespace, path, Event.class, event -> event).items.stream()
        .sorted(Comparator.comparing(ChangeEvent::time))
        .map(event -> event.getReason() + ": " + event.getMessage())
        .collect(Collectors.toUnmodifiableList());
  }
}
