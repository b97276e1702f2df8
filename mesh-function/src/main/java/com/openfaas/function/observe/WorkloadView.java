package com.openfaas.function.observe;

import com.openfaas.function.cluster.FieldFilter;
import com.openfaas.function.observe.Listing.PodIndex;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.platform.Workload.Rollout;
import com.openfaas.function.platform.Workload.Template;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What is kept of a Deployment or a DaemonSet, and no more, since a platform may have thousands.
 * Its role and its pods come from elsewhere.
 */
final class WorkloadView {
  final Annotated object;
  final Workload.Spec spec;
  final Rollout rollout;

  /** The images of its containers without the init containers. */
  final List<String> images;

  /** The variables of its containers, by name; the value is empty for {@code valueFrom}. */
  final Map<String, String> environment;

  /** The generation of its spec: a later state has a greater number. */
  final long generation;

  WorkloadView(
      Annotated object,
      Workload.Spec spec,
      Rollout rollout,
      List<String> images,
      Map<String, String> environment,
      long generation) {
    this.object = Objects.requireNonNull(object);
    this.spec = Objects.requireNonNull(spec);
    this.rollout = Objects.requireNonNull(rollout);
    this.images = List.copyOf(images);
    this.environment = Map.copyOf(environment);
    this.generation = generation;
  }

  /**
   * Whether it is of OpenFaaS Pro, or a mirror of it: the editions differ in the repository of
   * their images, {@code ghcr.io/openfaasltd} and {@code ghcr.io/openfaas} (OpenFaaS chart,
   * values.yaml).
   */
  boolean isPro() {
    return images.stream().anyMatch(image -> ("/" + image).contains("/openfaasltd/"));
  }

  /**
   * Adds its role and its pods.
   *
   * @param pods of its namespace; it gets those that it owns and that its selector matches
   */
  Workload workload(Role role, PodIndex pods) {
    return new Workload(role, object, spec, rollout, pods.of(object, spec.selector));
  }

  static WorkloadView of(HasMetadata object) {
    ObjectMeta meta = object.getMetadata();
    boolean daemon = object instanceof DaemonSet;
    return new WorkloadView(
        Views.object(daemon ? Kind.DAEMON_SET : Kind.DEPLOYMENT, meta.getNamespace(), meta),
        daemon ? spec((DaemonSet) object) : spec((Deployment) object),
        daemon ? rollout((DaemonSet) object) : rollout((Deployment) object),
        images(podTemplate(object)),
        GatewaySettings.environment(podTemplate(object)),
        Objects.requireNonNullElse(meta.getGeneration(), 0L));
  }

  private static PodTemplateSpec podTemplate(HasMetadata object) {
    return object instanceof DaemonSet
        ? ((DaemonSet) object).getSpec().getTemplate()
        : ((Deployment) object).getSpec().getTemplate();
  }

  private static List<String> images(PodTemplateSpec template) {
    return template.getSpec().getContainers().stream()
        .map(container -> String.valueOf(container.getImage()))
        .collect(Collectors.toList());
  }

  private static Workload.Spec spec(Deployment deployment) {
    return new Workload.Spec(
        Views.selector(deployment.getSpec().getSelector()),
        template(podTemplate(deployment)),
        killsBeforeReady(deployment));
  }

  private static Workload.Spec spec(DaemonSet daemonSet) {
    return new Workload.Spec(
        Views.selector(daemonSet.getSpec().getSelector()),
        template(podTemplate(daemonSet)),
        killsBeforeReady(daemonSet));
  }

  private static Template template(PodTemplateSpec template) {
    PodSpec spec = template.getSpec();
    List<Container> all = new ArrayList<>(spec.getContainers());
    all.addAll(spec.getInitContainers());
    return new Template(
        Views.orEmpty(template.getMetadata().getLabels()),
        Views.orEmpty(template.getMetadata().getAnnotations()),
        Boolean.TRUE.equals(spec.getHostNetwork()),
        !Boolean.FALSE.equals(spec.getAutomountServiceAccountToken()),
        Objects.requireNonNullElse(spec.getServiceAccountName(), ""),
        all.stream().map(WorkloadView::container).collect(Collectors.toList()),
        FieldFilter.hash(template));
  }

  private static Template.Container container(Container container) {
    return new Template.Container(
        container.getName(),
        Objects.requireNonNullElse(container.getImage(), ""),
        container.getPorts().stream()
            .collect(
                Collectors.toMap(
                    ContainerPort::getContainerPort,
                    port -> Objects.requireNonNullElse(port.getName(), ""),
                    // The same port with two protocols.
                    (one, other) -> one.isEmpty() ? other : one)));
  }

  private static Rollout rollout(Deployment deployment) {
    DeploymentStatus status =
        Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
    long observed = Objects.requireNonNullElse(status.getObservedGeneration(), 0L);
    Rollout rollout =
        new Rollout(
            Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1),
            orZero(status.getReplicas()),
            orZero(status.getUpdatedReplicas()),
            orZero(status.getAvailableReplicas()),
            observed >= Objects.requireNonNullElse(deployment.getMetadata().getGeneration(), 0L),
            Boolean.TRUE.equals(deployment.getSpec().getPaused()),
            complaint(status));
    return rollout.first(isFirst(status));
  }

  /**
   * From the end of a rollout until the next begins, the condition has this reason
   * (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#complete-deployment).
   */
  private static boolean isFirst(DeploymentStatus status) {
    return status.getConditions().stream()
        .filter(c -> "Progressing".equals(c.getType()))
        .anyMatch(c -> !"NewReplicaSetAvailable".equals(c.getReason()));
  }

  /** A ReplicaFailure says why pods cannot be created; Progressing only that time ran out. */
  private static String complaint(DeploymentStatus status) {
    return status.getConditions().stream()
        .filter(
            c ->
                ("ReplicaFailure".equals(c.getType()) && "True".equals(c.getStatus()))
                    || ("Progressing".equals(c.getType()) && "False".equals(c.getStatus())))
        .sorted(Comparator.comparing(c -> !"ReplicaFailure".equals(c.getType())))
        .map(c -> c.getReason() + ": " + c.getMessage())
        .findFirst()
        .orElse("");
  }

  /** A DaemonSet with OnDelete would not roll out, like a paused Deployment. */
  private static Rollout rollout(DaemonSet daemonSet) {
    DaemonSetStatus status =
        Objects.requireNonNullElseGet(daemonSet.getStatus(), DaemonSetStatus::new);
    var strategy = daemonSet.getSpec().getUpdateStrategy();
    long observed = Objects.requireNonNullElse(status.getObservedGeneration(), 0L);
    return new Rollout(
        orZero(status.getDesiredNumberScheduled()),
        orZero(status.getCurrentNumberScheduled()),
        orZero(status.getUpdatedNumberScheduled()),
        orZero(status.getNumberAvailable()),
        observed >= Objects.requireNonNullElse(daemonSet.getMetadata().getGeneration(), 0L),
        strategy != null && "OnDelete".equals(strategy.getType()),
        "");
  }

  /**
   * Recreate, or a maxUnavailable of all replicas. Kubernetes rounds it down and the surge up, and
   * where both are 0 one pod may be unavailable
   * (https://pkg.go.dev/k8s.io/kubectl/pkg/util/deployment, ResolveFenceposts).
   */
  private static boolean killsBeforeReady(Deployment deployment) {
    var strategy = deployment.getSpec().getStrategy();
    if (strategy != null && "Recreate".equals(strategy.getType())) {
      return true;
    }
    var rolling = strategy == null ? null : strategy.getRollingUpdate();
    int replicas = Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
    if (rolling == null || rolling.getMaxUnavailable() == null) {
      return false;
    }
    boolean surges = rolling.getMaxSurge() == null || of(rolling.getMaxSurge(), replicas, 99) > 0;
    int unavailable = Math.max(of(rolling.getMaxUnavailable(), replicas, 0), surges ? 0 : 1);
    return replicas > 0 && unavailable >= replicas;
  }

  /**
   * Without a surge a node's pod is stopped before the next one starts; one node at a time by
   * default. Unlike for a Deployment, Kubernetes rounds a percentage up here
   * (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/).
   */
  private static boolean killsBeforeReady(DaemonSet daemonSet) {
    int nodes = rollout(daemonSet).wanted;
    var strategy = daemonSet.getSpec().getUpdateStrategy();
    var rolling = strategy == null ? null : strategy.getRollingUpdate();
    if (rolling == null || rolling.getMaxUnavailable() == null) {
      return nodes == 1;
    }
    return nodes > 0 && of(rolling.getMaxUnavailable(), nodes, 99) >= nodes;
  }

  /**
   * How many of all replicas it is.
   *
   * @param fill hundredths added before a percentage is rounded down: 99 rounds it up
   */
  private static int of(IntOrString most, int replicas, int fill) {
    return most.getIntVal() != null
        ? most.getIntVal()
        : (replicas * Integer.parseInt(most.getStrVal().replace("%", "")) + fill) / 100;
  }

  private static int orZero(Integer value) {
    return value == null ? 0 : value;
  }
}
