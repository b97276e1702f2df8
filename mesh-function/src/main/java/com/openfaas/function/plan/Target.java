package com.openfaas.function.plan;

import com.openfaas.function.ingress.GatewayRoute;
import com.openfaas.function.plan.Step.Reason;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.PolicyObject;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.policy.Policy.Protect;
import com.openfaas.function.request.Invocation.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One object that a run was asked for, and what is desired of it: apply sets what is lacking, and
 * revert gives back what is still as we have set it.
 */
final class Target {
  /** Who is refused is let in before who is let in is forgotten. */
  private static final List<Kind> MADE =
      List.of(Kind.SERVER, Kind.AUTHORIZATION_POLICY, Kind.MESH_TLS_AUTHENTICATION);

  final Annotated object;

  /** The workload whose pod template is annotated; null where the object itself is. */
  final Workload workload;

  /** A controller that has to be on the mesh, or to come to it, for a change; null: none. */
  final Workload controller;

  final Wave wave;
  private final Map<String, String> desired;

  /** The value that we set of an annotation, whether it is due now or not; null: none. */
  private final UnaryOperator<String> ours;

  private Target(
      Wave wave,
      Annotated object,
      Workload workload,
      Workload controller,
      Map<String, String> desired,
      UnaryOperator<String> ours) {
    this.wave = wave;
    this.object = object;
    this.workload = workload;
    this.controller = controller;
    this.desired = desired;
    this.ours = ours;
  }

  /** All that was asked for, whatever stands in the way of changing it. */
  static List<Target> all(Scope scope, List<Protection> protections) {
    List<Target> targets = new ArrayList<>();
    if (scope.invocation.covers(Part.NAMESPACES)) {
      scope.platform.functionNamespaces.forEach(each -> targets.add(of(scope, each)));
    }
    scope.platform.workloads.stream()
        .filter(scope::covers)
        .forEach(each -> targets.add(of(scope, each)));
    if (scope.invocation.covers(Part.INGRESS)) {
      scope.routes.forEach(each -> targets.add(of(scope, each)));
    }
    scope.platform.calls.services.stream()
        .filter(each -> scope.invocation.covers(Part.FUNCTIONS))
        .filter(each -> scope.invocation.coversFunction(each.namespace, each.name))
        .forEach(each -> targets.add(ofService(scope, each)));
    protections.forEach(each -> MADE.forEach(kind -> targets.add(of(each, kind))));
    return targets;
  }

  /** Let in again goes before everything, refused after it; what is not ours is not touched. */
  private static Target of(Protection protection, Kind kind) {
    PolicyObject there = protection.object(kind);
    Protect wanted = protection.wanted(kind);
    boolean first = protection.loosens(kind);
    Map<String, String> desired = new HashMap<>();
    if (wanted != null) {
      desired.put(PolicyObject.SPEC, protection.spec(kind, wanted));
      desired.put(Annotations.UNPROVEN, null);
    }
    return new Target(
        first ? Wave.UNPROTECT : Wave.PROTECT,
        there.object,
        null,
        first ? null : protection.gateway(),
        desired,
        key -> there.object.annotations.get(key));
  }

  /** A value of the namespace, whatever it says, is the operator's word. */
  private static Target of(Scope scope, NamespaceView namespace) {
    boolean admitted =
        !scope.platform.controlPlane.isKnown()
            || scope.platform.controlPlane.value.namespaceSelector.matches(namespace.labels);
    boolean due = namespace.inject() == null && !namespace.terminating && admitted;
    return new Target(
        Wave.NAMESPACES,
        namespace.object(),
        null,
        null,
        due ? Map.of(Annotations.INJECT, Annotations.ENABLED) : Map.of(),
        key -> Annotations.ENABLED);
  }

  private static Target of(Scope scope, Workload workload) {
    return new Target(
        Wave.of(workload.role),
        workload.object,
        workload,
        null,
        DesiredAnnotations.lacking(scope, workload),
        key -> DesiredAnnotations.ours(scope, workload, key));
  }

  private static Target of(Scope scope, GatewayRoute route) {
    boolean due = scope.changesIngress() && route.view.controller != null;
    return new Target(
        route.mustComeFirst() ? Wave.OVERRIDES : Wave.ROUTES,
        route.view.object,
        null,
        route.view.controller,
        due ? route.desired : Map.of(),
        route::ours);
  }

  /**
   * Set only where the gateway's proxy can know that a call is for the Service. Where the policy no
   * longer says what it asked for, the record alone tells what is ours.
   */
  private static Target ofService(Scope scope, Annotated service) {
    Map<String, String> asked = scope.policy.serviceAnnotations;
    return new Target(
        Wave.SERVICES,
        service,
        null,
        null,
        scope.platform.calls.toServices ? asked : Map.of(),
        key -> asked.getOrDefault(key, service.annotations.get(key)));
  }

  /** What apply has to set; empty where all is as it should be, or nothing is due. */
  Map<String, String> lacking() {
    return Annotations.lacking(present(), desired);
  }

  /** Whether the other is a route through this controller. */
  boolean carries(Target other) {
    return workload != null
        && other.controller != null
        && other.controller.subject().equals(object.subject());
  }

  /** Sets that, on an object that has no pods of its own. */
  Step set() {
    if (object.kind.isMade()) {
      Reason reason = wave == Wave.UNPROTECT ? Reason.REVERT : Reason.ENABLE;
      return Step.make(wave, object, reason, desired);
    }
    return Step.annotate(wave, object, lacking());
  }

  /** Whether there is anything of ours on it. */
  boolean isChanged() {
    return (object.kind.isMade() && !lacking().isEmpty())
        || Previous.isUsable(object)
        || object.annotations.containsKey(Annotations.FAILED)
        || (workload != null && Previous.isStripped(object));
  }

  /** Gives back what was there before us; values that someone else has set meanwhile are theirs. */
  Step revert() {
    if (object.kind.isMade()) {
      return set();
    }
    Map<String, String> values = new HashMap<>(Previous.recorded(object));
    values.keySet().removeIf(key -> !isOurs(key));
    if (workload != null) {
      return Step.restore(wave, workload, Reason.REVERT, values);
    }
    // The header that keeps a client's out goes last, when no proxy obeys it any more.
    return Step.restore(wave == Wave.OVERRIDES ? Wave.ROUTES : wave, object, values);
  }

  /** All of ours that is to stay on it: what is there already, and what the plan sets. */
  Step kept(Plan plan) {
    Map<String, String> kept = new HashMap<>();
    Previous.recorded(object).keySet().stream()
        .filter(this::isOurs)
        .forEach(key -> kept.put(key, present().get(key)));
    Stream.concat(plan.again.stream(), plan.steps.stream())
        .filter(step -> step.subject().equals(object.subject()) && step.wantsProxy())
        .forEach(step -> kept.putAll(step.annotations));
    kept.remove(Annotations.RESTARTED_AT);
    kept.remove(Annotations.INJECT, Annotations.DISABLED);
    return workload == null
        ? Step.annotate(wave, object, kept)
        : Step.mesh(wave, workload, Reason.ENABLE, kept);
  }

  private boolean isOurs(String key) {
    String current = present().get(key);
    return current != null && current.equals(ours.apply(key));
  }

  private Map<String, String> present() {
    return workload == null ? object.annotations : workload.template.annotations;
  }
}
