package com.openfaas.function.platform;

import java.util.Objects;

/** A route whose backend is the gateway's Service: an Ingress, or an HTTPRoute. */
public final class RouteView {
  public final Annotated object;

  /** The class of ingress it names, or the Gateway that is its parent; empty: none. */
  public final String className;

  /** What the class, or the route's own status, says of its controller; empty: nothing. */
  public final String controllerName;

  /** The gateway's Service behind it, as {@code name.namespace.svc.cluster.local:port}. */
  public final String gatewayAddress;

  /** Whether it has a backend beside the gateway. */
  public final boolean isShared;

  /** The workload of its controller; null where it was not found. */
  public final Workload controller;

  public RouteView(
      Annotated object,
      String className,
      String controllerName,
      String gatewayAddress,
      boolean isShared,
      Workload controller) {
    this.object = Objects.requireNonNull(object);
    this.className = Objects.requireNonNull(className);
    this.controllerName = Objects.requireNonNull(controllerName);
    this.gatewayAddress = Objects.requireNonNull(gatewayAddress);
    this.isShared = isShared;
    this.controller = controller;
  }

  /** Whether both come through one workload. */
  public boolean isBeside(RouteView other) {
    return controller != null
        && other.controller != null
        && controller.subject().equals(other.controller.subject());
  }

  public RouteView through(Workload workload) {
    return new RouteView(object, className, controllerName, gatewayAddress, isShared, workload);
  }
}
