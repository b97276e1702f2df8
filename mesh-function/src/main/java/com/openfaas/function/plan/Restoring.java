package com.openfaas.function.plan;

import com.openfaas.function.ingress.GatewayRoute;
import com.openfaas.function.plan.Step.Reason;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.State;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Plans the way back: of everything we changed, or of a rollout of ours that did not come up. */
final class Restoring {
  private final Scope scope;
  private final Platform platform;
  private final Invocation invocation;

  Restoring(Scope scope) {
    this.scope = scope;
    this.platform = scope.platform;
    this.invocation = scope.invocation;
  }

  /**
   * Every change of ours that is still in place. Namespaces come before functions also on the way
   * back: a function restarted under an annotated namespace would come up meshed again.
   */
  List<Step> everything() {
    List<Step> steps = new ArrayList<>();
    for (NamespaceView namespace : platform.functionNamespaces) {
      if (invocation.covers(Part.NAMESPACES) && Previous.isUsable(namespace.object())) {
        steps.add(restored(namespace));
      }
    }
    for (Workload workload : platform.workloads) {
      if (scope.covers(workload)
          && (Previous.isUsable(workload.object) || Previous.isStripped(workload.object))) {
        steps.add(
            Step.restore(
                Wave.of(workload.role), workload, Reason.REVERT, valuesBeforeUs(workload)));
      }
    }
    steps.addAll(routesAndServices());
    steps.sort(Planner.ORDER);
    return steps;
  }

  /** The records that are not as we write them, on what was asked for. */
  List<Problem> doubts() {
    List<Annotated> objects = new ArrayList<>();
    if (invocation.covers(Part.NAMESPACES)) {
      platform.functionNamespaces.forEach(namespace -> objects.add(namespace.object()));
    }
    platform.workloads.stream().filter(scope::covers).forEach(w -> objects.add(w.object));
    if (invocation.covers(Part.INGRESS)) {
      scope.routes.forEach(route -> objects.add(route.view.object));
    }
    if (invocation.covers(Part.FUNCTIONS)) {
      objects.addAll(platform.calls.services);
    }
    return objects.stream()
        .map(Previous::doubt)
        .filter(Objects::nonNull)
        .collect(Collectors.toUnmodifiableList());
  }

  /**
   * Rollouts of ours whose new pod is past its time while an old one still serves: left by a run
   * that was cut off, or of the gateway and mesh-setup, for which no run waits. Where the serving
   * pods came up under our last change already, the rollout is somebody else's, and theirs to
   * settle.
   */
  List<Step> stuckSince(Moment moment) {
    List<Step> steps = new ArrayList<>();
    for (Workload workload : platform.workloads) {
      if (scope.covers(workload) && isStuck(workload, moment)) {
        steps.add(putBack(workload));
      }
    }
    steps.sort(Planner.ORDER);
    return steps;
  }

  private boolean isStuck(Workload workload, Moment moment) {
    return platform.standing(workload).state == State.ROLLING
        && Previous.isUsable(workload.object)
        && workload.pods.stream()
            .filter(PodView::isServing)
            .anyMatch(pod -> isBefore(pod, workload))
        && workload.pods.stream()
            .filter(pod -> !pod.leaving && !pod.ready)
            .anyMatch(pod -> moment.isLate(pod.created));
  }

  private static boolean isBefore(PodView pod, Workload workload) {
    String mark = workload.template.annotations.get(Annotations.RESTARTED_AT);
    return !pod.isMeshed() || !Objects.equals(mark, pod.annotations.get(Annotations.RESTARTED_AT));
  }

  /** The restart, where that was the last change; else all that was recorded. */
  private static Step putBack(Workload workload) {
    String mark = workload.template.annotations.get(Annotations.RESTARTED_AT);
    String serving =
        workload.pods.stream()
            .filter(PodView::isServing)
            .map(pod -> pod.annotations.get(Annotations.RESTARTED_AT))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    if (!Objects.equals(mark, serving)) {
      return Step.unmark(workload, serving);
    }
    return Step.restore(
        Wave.PUT_BACK, workload, Reason.PUT_BACK, Previous.recorded(workload.object));
  }

  /** Values that someone else has set meanwhile are theirs. */
  private Map<String, String> valuesBeforeUs(Workload workload) {
    Map<String, String> values = new HashMap<>(Previous.recorded(workload.object));
    values.keySet().removeIf(key -> !isOurs(workload, key));
    return values;
  }

  private boolean isOurs(Workload workload, String key) {
    String current = workload.template.annotations.get(key);
    switch (key) {
      case Annotations.RESTARTED_AT:
        return true;
      case Annotations.INJECT:
        return WantedAnnotations.mode(scope, workload).equals(current);
      default:
        return Objects.equals(current, ourList(workload, key));
    }
  }

  /** The list of ports that we have set over the one that was there. */
  private String ourList(Workload workload, String key) {
    String before = Previous.recorded(workload.object).get(key);
    String inherited = platform.namespaceOf(workload).annotations.get(key);
    return WantedAnnotations.ports(scope, workload, key, before == null ? inherited : before);
  }

  private static Step restored(NamespaceView namespace) {
    Map<String, String> values = new HashMap<>();
    if (Annotations.ENABLED.equals(namespace.inject())) {
      values.putAll(Previous.recorded(namespace.object()));
    }
    return Step.restore(Wave.NAMESPACES, namespace.object(), values);
  }

  private List<Step> routesAndServices() {
    List<Step> steps = new ArrayList<>();
    for (GatewayRoute route : scope.routes) {
      Annotated object = route.view.object;
      if (invocation.covers(Part.INGRESS) && Previous.isUsable(object)) {
        Map<String, String> values = new HashMap<>(Previous.recorded(object));
        values.keySet().removeIf(key -> !route.isOurs(key));
        // The header that keeps a client's out goes last, when no proxy obeys it any more.
        steps.add(Step.restore(Wave.ROUTES, object, values));
      }
    }
    for (Annotated service : platform.calls.services) {
      if (invocation.covers(Part.FUNCTIONS)
          && invocation.coversFunction(service.namespace, service.name)
          && Previous.isUsable(service)) {
        Map<String, String> values = new HashMap<>(Previous.recorded(service));
        values.keySet().removeIf(key -> !isOurs(service, key));
        steps.add(Step.restore(Wave.SERVICES, service, values));
      }
    }
    return steps;
  }

  /** Where the policy no longer says what it asked for, the record alone tells. */
  private boolean isOurs(Annotated service, String key) {
    String current = service.annotations.get(key);
    return current != null
        && current.equals(scope.policy.serviceAnnotations.getOrDefault(key, current));
  }
}
