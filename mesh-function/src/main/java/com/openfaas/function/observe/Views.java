package com.openfaas.function.observe;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Role;
import com.openfaas.function.platform.Rollout;
import com.openfaas.function.platform.Selector;
import com.openfaas.function.platform.Template;
import com.openfaas.function.platform.Workload;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** From the client's objects to ours: only what judging needs. */
final class Views {
  private static final Set<String> OURS =
      Set.of(
          Annotations.INJECT,
          Annotations.SKIP_OUTBOUND_PORTS,
          Annotations.PROXY_VERSION,
          Annotations.TRUST_ROOT,
          Annotations.RESTARTED_AT);

  private Views() {}

  static NamespaceView namespace(Namespace namespace) {
    ObjectMeta meta = namespace.getMetadata();
    return new NamespaceView(
        meta.getName(),
        orEmpty(meta.getLabels()),
        orEmpty(meta.getAnnotations()),
        meta.getDeletionTimestamp() != null);
  }

  static Workload workload(Role role, Deployment deployment, List<PodView> pods) {
    ObjectMeta meta = deployment.getMetadata();
    return new Workload(
        role,
        meta.getNamespace(),
        meta.getName(),
        orEmpty(meta.getAnnotations()),
        new Workload.Spec(
            selector(deployment.getSpec().getSelector()),
            template(deployment.getSpec().getTemplate()),
            killsBeforeReady(deployment)),
        rollout(deployment),
        pods);
  }

  static Selector selector(LabelSelector selector) {
    if (selector == null) {
      return Selector.ALL;
    }
    return new Selector(
        orEmpty(selector.getMatchLabels()),
        selector.getMatchExpressions().stream()
            .map(e -> new Selector.Expression(e.getKey(), e.getOperator(), e.getValues()))
            .collect(Collectors.toList()));
  }

  private static Template template(PodTemplateSpec template) {
    return new Template(
        orEmpty(template.getMetadata().getLabels()),
        orEmpty(template.getMetadata().getAnnotations()),
        Boolean.TRUE.equals(template.getSpec().getHostNetwork()),
        !Boolean.FALSE.equals(template.getSpec().getAutomountServiceAccountToken()),
        Stream.concat(
                template.getSpec().getContainers().stream(),
                template.getSpec().getInitContainers().stream())
            .map(Container::getName)
            .collect(Collectors.toList()));
  }

  static Rollout rollout(Deployment deployment) {
    DeploymentStatus status =
        Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
    long observed = Objects.requireNonNullElse(status.getObservedGeneration(), 0L);
    return new Rollout(
        Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1),
        orZero(status.getReplicas()),
        orZero(status.getUpdatedReplicas()),
        orZero(status.getAvailableReplicas()),
        observed >= Objects.requireNonNullElse(deployment.getMetadata().getGeneration(), 0L),
        Boolean.TRUE.equals(deployment.getSpec().getPaused()),
        complaint(status));
  }

  private static String complaint(DeploymentStatus status) {
    return status.getConditions().stream()
        .filter(
            c ->
                ("ReplicaFailure".equals(c.getType()) && "True".equals(c.getStatus()))
                    || "ProgressDeadlineExceeded".equals(c.getReason()))
        .map(c -> c.getReason() + ": " + c.getMessage())
        .findFirst()
        .orElse("");
  }

  /** Recreate, or a maxUnavailable that reaches all replicas (rounded down, as Kubernetes does). */
  private static boolean killsBeforeReady(Deployment deployment) {
    var strategy = deployment.getSpec().getStrategy();
    if (strategy != null && "Recreate".equals(strategy.getType())) {
      return true;
    }
    if (strategy == null
        || strategy.getRollingUpdate() == null
        || strategy.getRollingUpdate().getMaxUnavailable() == null) {
      return false;
    }
    int replicas = Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
    var most = strategy.getRollingUpdate().getMaxUnavailable();
    int unavailable =
        most.getIntVal() != null
            ? most.getIntVal()
            : replicas * Integer.parseInt(most.getStrVal().replace("%", "")) / 100;
    return replicas > 0 && unavailable >= replicas;
  }

  static PodView pod(Pod pod) {
    ObjectMeta meta = pod.getMetadata();
    String phase = String.valueOf(pod.getStatus().getPhase());
    boolean finished = phase.equals("Succeeded") || phase.equals("Failed");
    boolean ready =
        pod.getStatus().getConditions().stream()
            .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
    return new PodView(
        meta.getName(),
        orEmpty(meta.getLabels()),
        orEmpty(meta.getAnnotations()).entrySet().stream()
            .filter(e -> OURS.contains(e.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
        new PodView.Phase(meta.getDeletionTimestamp() != null || finished, ready, created(meta)),
        proxy(pod),
        ready ? "" : trouble(pod));
  }

  /** A pod that was never stored has none. */
  private static Instant created(ObjectMeta meta) {
    String created = meta.getCreationTimestamp();
    return created == null ? Instant.MAX : Instant.parse(created);
  }

  private static Proxy proxy(Pod pod) {
    boolean declared =
        Stream.concat(
                pod.getSpec().getContainers().stream(), pod.getSpec().getInitContainers().stream())
            .anyMatch(c -> Annotations.PROXY_CONTAINER.equals(c.getName()));
    if (!declared) {
      return Proxy.NONE;
    }
    boolean ready =
        statuses(pod)
            .anyMatch(
                s ->
                    Annotations.PROXY_CONTAINER.equals(s.getName())
                        && Boolean.TRUE.equals(s.getReady()));
    return ready ? Proxy.READY : Proxy.NOT_READY;
  }

  /** A container that waits for anything but its creation, in the kubelet's words. */
  private static String trouble(Pod pod) {
    return statuses(pod)
        .filter(s -> s.getState() != null && s.getState().getWaiting() != null)
        .filter(
            s ->
                !Set.of("ContainerCreating", "PodInitializing")
                    .contains(String.valueOf(s.getState().getWaiting().getReason())))
        .map(
            s -> {
              var waiting = s.getState().getWaiting();
              String message = waiting.getMessage() == null ? "" : ": " + waiting.getMessage();
              return "container " + s.getName() + " " + waiting.getReason() + message;
            })
        .findFirst()
        .orElse("");
  }

  private static Stream<ContainerStatus> statuses(Pod pod) {
    return Stream.concat(
        pod.getStatus().getInitContainerStatuses().stream(),
        pod.getStatus().getContainerStatuses().stream());
  }

  private static int orZero(Integer value) {
    return value == null ? 0 : value;
  }

  static Map<String, String> orEmpty(Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
