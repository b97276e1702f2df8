package com.openfaas.function.preflight;

import com.openfaas.function.ingress.GatewayRoute;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Kubectl;
import com.openfaas.function.platform.Traffic.IngressView;
import com.openfaas.function.platform.Workload;
import java.util.List;
import java.util.stream.Collectors;

/** Checks of the traffic into the gateway, and from it to the functions. Pure. */
final class TrafficChecks {
  private TrafficChecks() {}

  static Check ingress(Scope scope) {
    String id = "ingress";
    IngressView ingress = scope.platform.ingress;
    if (!ingress.unread.isEmpty()) {
      return Check.skipped(id, ingress.unread.get(0));
    }
    if (!ingress.withoutRoute.isEmpty()) {
      return Check.skipped(id, ingress.withoutRoute);
    }
    List<String> open =
        scope.routes.stream()
            .filter(route -> !isWhole(scope, route))
            .map(route -> route.view.object.subject() + " through " + route.profile.title)
            .collect(Collectors.toList());
    return open.isEmpty()
        ? Check.pass(id, "every route to the gateway has a meshed controller and is set")
        : Check.warn(
            id,
            "ingress traffic is not entirely on the mesh: " + String.join(", ", open),
            scope.changesIngress()
                ? "apply changes that, unless a finding says why it cannot"
                : "the findings have the commands; or "
                    + Kubectl.set(scope.platform.workloads, "mesh_ingress=apply"));
  }

  private static boolean isWhole(Scope scope, GatewayRoute route) {
    Workload controller = route.view.controller;
    return controller != null
        && scope.platform.status(controller).state.isMeshed()
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
            "gateway.directFunctions=true in the OpenFaaS chart; or remove them: "
                + Kubectl.set(scope.platform.workloads, "mesh_retries- mesh_timeout-"));
  }
}
