package com.openfaas.function.plan;

import com.openfaas.function.ingress.GatewayRoute;
import com.openfaas.function.plan.Step.Reason;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.FailedMark;
import com.openfaas.function.platform.InboundRules.PolicyObject;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.policy.Policy.Protect;
import com.openfaas.function.request.Invocation.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One object that a run was asked for, with its desired annotations: apply sets the missing ones,
 * and revert restores those that still have our value.
 */
final class Target {
  /** Callers are admitted again before the list of allowed ones is deleted. */
  private static final List<Kind> MADE =
      List.of(Kind.SERVER, Kind.AUTHORIZATION_POLICY, Kind.MESH_TLS_AUTHENTICATION);

  private static final List<String> PORT_LISTS =
      List.of(Annotations.SKIP_OUTBOUND_PORTS, Annotations.SKIP_INBOUND_PORTS);

  private static final String API_SERVER_PORTS = "443,6443";

  final Annotated object;

  /** The workload whose pod template is annotated; null if the object itself is. */
  final Workload workload;

  /** The workload that must be on the mesh, or come onto it, first; null for none. */
  final Workload controller;

  final Wave wave;
  private final Map<String, String> desired;

  /** The value that we set for an annotation, whether it is due now or not; null for none. */
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

  /** All that was asked for, whether it can be changed now or not. */
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

  /** Admitting again comes first, refusing last; objects that are not ours are left alone. */
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

  /** Any value the namespace has is the operator's decision. */
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
        lacking(scope, workload),
        key -> ours(scope, workload, key));
  }

  /** The annotations to set; empty if all are there, and only a restart is due. */
  private static Map<String, String> lacking(Scope scope, Workload workload) {
    Map<String, String> lacking = new TreeMap<>();
    if (!isAskedFor(scope, workload)) {
      lacking.put(Annotations.INJECT, mode(scope, workload));
    }
    for (String key : PORT_LISTS) {
      String skipped = scope.platform.skippedPorts(key, workload);
      if (!Ports.covers(skipped, desiredPorts(scope, workload, key))) {
        lacking.put(key, ports(scope, workload, key, skipped));
      }
    }
    return lacking;
  }

  /** The value that we set for an annotation; a restart mark is always ours. */
  private static String ours(Scope scope, Workload workload, String key) {
    switch (key) {
      case Annotations.RESTARTED_AT:
        return workload.template.annotations.get(key);
      case Annotations.INJECT:
        return FailedMark.isDisabledByUs(workload) ? Annotations.DISABLED : mode(scope, workload);
      default:
        String before = Previous.recorded(workload.object).get(key);
        String inherited = scope.platform.namespaceOf(workload).annotations.get(key);
        return ports(scope, workload, key, before == null ? inherited : before);
    }
  }

  /** The value of {@code linkerd.io/inject} that the workload should have. */
  private static String mode(Scope scope, Workload workload) {
    return workload.role == Role.INGRESS ? scope.profile(workload).mode : Annotations.ENABLED;
  }

  /**
   * The port list to set: an annotation replaces the default, so that is included.
   *
   * @param before the list in force; null for the default
   */
  private static String ports(Scope scope, Workload workload, String key, String before) {
    return Ports.union(
        desiredPorts(scope, workload, key), before, scope.platform.defaultSkippedPorts(key));
  }

  /** The pod template's own value stays, in either mode; a namespace's means enabled. */
  private static boolean isAskedFor(Scope scope, Workload workload) {
    String ofNamespace = scope.platform.namespaceOf(workload).inject();
    return Annotations.asksForInjection(workload.template.inject())
        || (workload.template.inject() == null
            && Annotations.asksForInjection(ofNamespace)
            && (workload.role != Role.INGRESS || mode(scope, workload).equals(ofNamespace)));
  }

  private static String desiredPorts(Scope scope, Workload workload, String key) {
    boolean outbound = key.equals(Annotations.SKIP_OUTBOUND_PORTS);
    if (workload.role == Role.INGRESS) {
      return outbound
          ? scope.profile(workload).podAnnotations.getOrDefault(key, "")
          : scope.policy.ingressSkipInboundPorts;
    }
    if (workload.role == Role.SELF) {
      // The repair must not depend on what it repairs: without linkerd-destination, a new pod of
      // ours would not reach the API server through its own proxy. Linkerd's own control plane
      // skips the same ports.
      return outbound ? Ports.union(API_SERVER_PORTS, scope.policy.apiServerPort) : "";
    }
    // In NATS the server speaks first, which makes Linkerd's protocol detection time out. Its
    // clients bypass their proxies, so its own proxy, if any, must not intercept them.
    boolean nats =
        outbound ? scope.platform.isNatsClient(workload) : scope.platform.isNatsServer(workload);
    return nats ? scope.platform.natsPortsOrNone() : "";
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
   * Set only if the gateway's proxy can tell that a call is for the Service. If the policy no
   * longer names an annotation, only the record tells what is ours.
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

  /** What apply has to set; empty if all is as desired, or nothing is due. */
  Map<String, String> lacking() {
    return Annotations.lacking(present(), desired);
  }

  /** Whether the other is a route of this controller. */
  boolean carries(Target other) {
    return workload != null
        && other.controller != null
        && other.controller.subject().equals(object.subject());
  }

  /** The step that sets it, for an object without pods of its own. */
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

  /** Restores the values from before us; values that others have set since are theirs. */
  Step revert() {
    if (object.kind.isMade()) {
      return set();
    }
    Map<String, String> values = new HashMap<>(Previous.recorded(object));
    values.keySet().removeIf(key -> !isOurs(key));
    if (workload != null) {
      return Step.restore(wave, workload, Reason.REVERT, values);
    }
    // The header that overrides a client's is removed last, when no proxy obeys it any more.
    return Step.restore(wave == Wave.OVERRIDES ? Wave.ROUTES : wave, object, values);
  }

  /** All our values that must stay on it: those present, and those the plan sets. */
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
