package com.openfaas.function.preflight;

import com.openfaas.function.ingress.GatewayRoute;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.Entry;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Role;
import com.openfaas.function.platform.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks of the ways calls take: into the gateway, and on to the functions. Pure. */
final class RoadChecks {
  private RoadChecks() {}

  /**
   * Under a policy that asks for authenticated callers, whoever is not on the mesh is refused from
   * the moment the callee is. The functions are meshed before the gateway that calls them, and it
   * before what stands in front.
   */
  static Check inboundPolicy(Scope scope, Plan plan) {
    String id = "inbound-policy";
    List<String> shut = new ArrayList<>();
    List<String> trusted = new ArrayList<>();
    for (Step step : plan.steps) {
      boolean called = step.workload != null && step.wantsProxy() && step.wave != Wave.SELF;
      if (called && isShut(scope.platform.inboundPolicy(step.workload))) {
        boolean asOthers = isAsOthers(scope.platform, step.workload);
        unmeshedCaller(scope, plan, step.workload).ifPresent(asOthers ? trusted::add : shut::add);
      }
    }
    if (!shut.isEmpty()) {
      return Check.fail(
          id,
          "requests would be refused: "
              + shut.stream().distinct().limit(3).collect(Collectors.joining("; ")),
          "admit the gateway's identity by a Server and an AuthorizationPolicy, and mesh the gateway"
              + " first; or annotate the namespaces config.linkerd.io/default-inbound-policy:"
              + " all-unauthenticated until every caller is on the mesh, then take it away and restart");
    }
    if (!trusted.isEmpty()) {
      return Check.warn(
          id,
          "not read: whether a Server and an AuthorizationPolicy admit the gateway to "
              + trusted.stream().distinct().limit(3).collect(Collectors.joining("; "))
              + "; functions beside it are meshed under the same policy",
          "see that they cover the function, too: linkerd authz -n NAMESPACE deploy/FUNCTION");
    }
    List<String> blinded = blinded(scope);
    return blinded.isEmpty()
        ? Check.pass(id, "nobody who calls without the mesh is shut out")
        : Check.warn(
            id,
            "not on the mesh, and so refused by the gateway's proxy: " + String.join(", ", blinded),
            "name it in mesh_core, or allow its port by a Server and an AuthorizationPolicy");
  }

  /** As https://linkerd.io/2-edge/features/server-policy/ has them. */
  private static boolean isShut(String policy) {
    return policy.endsWith("-authenticated") || policy.equals("deny");
  }

  /**
   * Under {@code deny} a Server and an AuthorizationPolicy that admit the gateway make a correct
   * set-up (https://linkerd.io/2-edge/features/server-policy/). Where functions of the namespace
   * are meshed under the same policy, and the gateway is, the operator has made it, or nobody is
   * served.
   */
  private static boolean isAsOthers(Platform platform, Workload called) {
    return called.role == Role.FUNCTION
        && platform.gateway.isKnown()
        && platform.standing(platform.gateway.value).state.isMeshed()
        && platform.workloads.stream()
            .filter(w -> w.role.isFunction() && w.namespace.equals(called.namespace))
            .filter(w -> platform.standing(w).state.isMeshed())
            .anyMatch(w -> platform.inboundPolicy(w).equals(platform.inboundPolicy(called)));
  }

  private static Optional<String> unmeshedCaller(Scope scope, Plan plan, Workload called) {
    Platform platform = scope.platform;
    String policy = platform.inboundPolicy(called);
    if (policy.equals("deny")) {
      return Optional.of(called.subject() + " would let nobody in (deny)");
    }
    if (called.role == Role.FUNCTION) {
      return platform.gateway.isKnown()
              && !platform.standing(platform.gateway.value).state.isMeshed()
          ? Optional.of(called.subject() + " lets in " + policy + " only, the gateway is not yet")
          : Optional.empty();
    }
    return called.role != Role.GATEWAY
        ? Optional.empty()
        : scope.routes.stream()
            .map(route -> route.view.controller)
            .filter(Objects::nonNull)
            .filter(c -> !platform.standing(c).state.isMeshed())
            .filter(
                c -> plan.of(Wave.INGRESS).stream().noneMatch(s -> s.subject().equals(c.subject())))
            .map(
                c ->
                    "the gateway lets in "
                        + policy
                        + " only, "
                        + c.subject()
                        + " is not on the mesh")
            .findFirst();
  }

  /** What runs beside the gateway without a proxy, where the gateway asks for one. */
  private static List<String> blinded(Scope scope) {
    Platform platform = scope.platform;
    boolean shut =
        platform.gateway.isKnown() && isShut(platform.inboundPolicy(platform.gateway.value));
    return platform.calls.neighbours.stream()
        .filter(neighbour -> shut && !platform.isNatsServer(neighbour))
        .filter(neighbour -> neighbour.pods.stream().anyMatch(p -> p.isServing() && !p.isMeshed()))
        .map(Workload::subject)
        .collect(Collectors.toList());
  }

  static Check ingress(Scope scope) {
    String id = "ingress";
    Entry entry = scope.platform.entry;
    if (!entry.unread.isEmpty()) {
      return Check.skipped(id, entry.unread.get(0));
    }
    if (!entry.withoutRoute.isEmpty()) {
      return Check.skipped(id, entry.withoutRoute);
    }
    List<String> open =
        scope.routes.stream()
            .filter(route -> !isWhole(scope, route))
            .map(route -> route.view.object.subject() + " through " + route.profile.title)
            .collect(Collectors.toList());
    return open.isEmpty()
        ? Check.pass(id, "every route to the gateway comes through a meshed controller, and is set")
        : Check.warn(
            id,
            "the way in is not wholly on the mesh: " + String.join(", ", open),
            scope.changesIngress()
                ? "apply changes that, where the findings tell of nothing in its way"
                : "the findings hold the commands; or mesh_ingress=apply in stack.yml");
  }

  private static boolean isWhole(Scope scope, GatewayRoute route) {
    Workload controller = route.view.controller;
    return controller != null
        && scope.platform.standing(controller).state.isMeshed()
        && route.isSet();
  }

  /** Whether retries and timeouts of Linkerd, which are set on Services, could take effect. */
  static Check serviceFeatures(Scope scope) {
    String id = "service-features";
    if (scope.platform.calls.toServices) {
      return Check.pass(
          id, "the gateway calls Services: retries and timeouts set on them take effect");
    }
    String message =
        "the gateway calls pods, not Services (direct_functions is not true): mTLS holds, but"
            + " retries and timeouts of Linkerd cannot take effect";
    return scope.policy.serviceAnnotations.isEmpty()
        ? Check.pass(id, message + "; none are asked for")
        : Check.warn(
            id,
            message,
            "gateway.directFunctions=true in the OpenFaaS chart, or take mesh_retries and"
                + " mesh_timeout out of stack.yml");
  }
}
