package com.openfaas.function.plan;

import com.openfaas.function.ingress.ControllerProfile;
import com.openfaas.function.ingress.GatewayRoute;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.policy.Policy;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Invocation.Part;
import java.util.List;
import java.util.stream.Stream;

/** What a run was asked for, and what of that is ours to do by the request and the policy. */
public final class Scope {
  public final Platform platform;
  public final Policy policy;
  public final Invocation invocation;

  /** The routes to the gateway, each with its desired annotations. */
  public final List<GatewayRoute> routes;

  public Scope(Platform platform, Policy policy, Invocation invocation) {
    this.platform = platform;
    this.policy = policy;
    this.invocation = invocation;
    this.routes = GatewayRoute.all(platform.ingress.routes, policy.ingressSnippet);
  }

  /** Whether the run was asked for the workload. */
  public boolean covers(Workload workload) {
    return invocation.covers(Wave.of(workload.role).part)
        && (workload.role != Role.FUNCTION
            || invocation.coversFunction(workload.namespace, workload.name));
  }

  /** Whether this run should bring the workload onto the mesh. */
  public boolean wants(Workload workload) {
    return covers(workload)
        && (workload.role != Role.INGRESS || (changesIngress() && obstacle(workload).isEmpty()));
  }

  /**
   * Whether the run was asked for who may call functions: for whole namespaces only. The functions
   * would refuse a gateway that loses its proxy.
   */
  public boolean coversProtection() {
    return (invocation.covers(Part.FUNCTIONS) && invocation.functions.isEmpty())
        || (invocation.action == Action.REVERT && invocation.covers(Part.GATEWAY));
  }

  /** Whether controllers and routes are to be changed, not only reported. */
  public boolean changesIngress() {
    return policy.ingress == Policy.Ingress.APPLY && invocation.covers(Part.INGRESS);
  }

  /** Why we cannot mesh a controller, whatever the policy; empty if we can. */
  public String obstacle(Workload controller) {
    if (profile(controller).mode.isEmpty()) {
      return profile(controller).verdict;
    }
    return through(controller)
        .map(GatewayRoute::needs)
        .filter(needs -> !needs.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** A controller's profile; all its routes have the same. */
  public ControllerProfile profile(Workload controller) {
    return through(controller).map(route -> route.profile).findFirst().orElseThrow();
  }

  private Stream<GatewayRoute> through(Workload controller) {
    return routes.stream()
        .filter(route -> route.view.controller != null)
        .filter(route -> route.view.controller.subject().equals(controller.subject()));
  }
}
