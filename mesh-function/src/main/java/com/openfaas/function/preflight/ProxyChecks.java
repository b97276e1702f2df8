package com.openfaas.function.preflight;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Platform;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Effects of a proxy on Jobs, which it keeps from completing, and on autoscalers, which need its
 * CPU request. Read only if the plan has such an effect, with optional permissions; they only ever
 * warn.
 */
final class ProxyChecks {
  private static final String CRONJOBS = "cron-jobs";
  private static final String AUTOSCALER = "autoscaler";

  private final Cluster cluster;
  private final Platform platform;
  private final List<Check> checks = new ArrayList<>();

  ProxyChecks(Cluster cluster, Platform platform) {
    this.cluster = cluster;
    this.platform = platform;
  }

  /** Empty if there is nothing to report. */
  List<Check> of(Plan plan) {
    for (Step step : plan.of(Wave.NAMESPACES)) {
      if (step.wantsProxy() && !hasNativeSidecars(step)) {
        ofCronJobs(step.namespace);
      }
    }
    List<Step> scaled =
        plan.steps.stream()
            .filter(step -> step.wave == Wave.CORE || step.wave == Wave.GATEWAY)
            .filter(step -> step.wantsProxy() && !hasCpuRequest(step))
            .collect(Collectors.toList());
    if (!scaled.isEmpty()) {
      ofAutoscalers(scaled);
    }
    return List.copyOf(checks);
  }

  /**
   * Once the namespace asks for injection, its Jobs get a proxy, which, unless it is a native
   * sidecar, keeps running after the Job's own container has ended (linkerd2#7425, #1869).
   */
  private void ofCronJobs(String namespace) {
    try {
      List<String> names =
          cluster.cronJobs(namespace, ProxyChecks::nameIfHeldUp).stream()
              .flatMap(Optional::stream)
              .sorted()
              .collect(Collectors.toList());
      if (!names.isEmpty()) {
        checks.add(heldUp(namespace, names));
      }
    } catch (ClusterException e) {
      checks.add(Check.skipped(CRONJOBS, e.problem));
    }
  }

  private static Optional<String> nameIfHeldUp(CronJob cronJob) {
    ObjectMeta ofPods = cronJob.getSpec().getJobTemplate().getSpec().getTemplate().getMetadata();
    Map<String, String> annotations =
        ofPods == null ? Map.of() : Objects.requireNonNullElse(ofPods.getAnnotations(), Map.of());
    boolean out =
        Annotations.DISABLED.equals(annotations.get(Annotations.INJECT))
            || Annotations.NATIVE_SIDECAR.stream()
                .anyMatch(key -> "true".equals(annotations.get(key)));
    return out ? Optional.empty() : Optional.of(cronJob.getMetadata().getName());
  }

  private static Check heldUp(String namespace, List<String> names) {
    String more = names.size() == 1 ? "" : " and " + (names.size() - 1) + " more";
    return Check.warn(
        CRONJOBS,
        "cronjob "
            + namespace
            + "/"
            + names.get(0)
            + more
            + ": once the namespace asks for injection its Jobs have a proxy and never end, because"
            + " Linkerd's native sidecars are off (proxy.nativeSidecar)",
        "for each: kubectl -n "
            + namespace
            + " patch cronjob "
            + names.get(0)
            + " -p '{\"spec\":{\"jobTemplate\":{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"linkerd.io/inject\":\"disabled\"}}}}}}}';"
            + " or set "
            + Annotations.NATIVE_SIDECAR.get(0)
            + ": \"true\" there");
  }

  /** Set by the namespace's annotation, or else by Linkerd's defaults. */
  private boolean hasNativeSidecars(Step namespace) {
    String own = namespace.object.annotations.get(Annotations.NATIVE_SIDECAR.get(0));
    return own == null ? platform.defaults().nativeSidecar : Boolean.parseBoolean(own);
  }

  private boolean hasCpuRequest(Step step) {
    String own = platform.annotation(Annotations.PROXY_CPU_REQUEST, step.workload);
    return !(own == null ? platform.defaults().cpuRequest : own).isEmpty();
  }

  private void ofAutoscalers(List<Step> scaled) {
    String namespace = scaled.get(0).namespace;
    try {
      for (HorizontalPodAutoscaler scaler : cluster.autoscalers(namespace)) {
        scaled.stream()
            .filter(step -> isByCpu(scaler) && scales(scaler, step))
            .forEach(step -> checks.add(blinded(scaler, step)));
      }
    } catch (ClusterException e) {
      checks.add(Check.skipped(AUTOSCALER, e.problem));
    }
  }

  private static boolean scales(HorizontalPodAutoscaler scaler, Step step) {
    var target = scaler.getSpec().getScaleTargetRef();
    return step.object.kind.toString().equals(target.getKind())
        && step.object.name.equals(target.getName());
  }

  /** Only a utilization is relative to requests; a value or a container's metric is not. */
  private static boolean isByCpu(HorizontalPodAutoscaler scaler) {
    return scaler.getSpec().getMetrics().stream()
        .map(MetricSpec::getResource)
        .filter(Objects::nonNull)
        .anyMatch(
            resource ->
                "cpu".equals(resource.getName())
                    && resource.getTarget() != null
                    && "Utilization".equals(resource.getTarget().getType()));
  }

  /** Kubernetes, pkg/controller/podautoscaler: "missing request for cpu in container". */
  private static Check blinded(HorizontalPodAutoscaler scaler, Step step) {
    return Check.warn(
        AUTOSCALER,
        "horizontalpodautoscaler "
            + step.namespace
            + "/"
            + scaler.getMetadata().getName()
            + " scales "
            + step.subject()
            + " by CPU utilization, and its proxy would have no CPU request: the utilization of"
            + " such a pod is unknown, so it would no longer scale",
        "kubectl annotate namespace "
            + step.namespace
            + " "
            + Annotations.PROXY_CPU_REQUEST
            + "=100m, before this; or a metric of type ContainerResource");
  }
}
