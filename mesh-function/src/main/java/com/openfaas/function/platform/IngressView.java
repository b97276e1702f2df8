package com.openfaas.function.platform;

import java.util.List;
import java.util.Objects;

/** How calls from outside come to the gateway, and how it calls the functions. */
public final class IngressView {
  /** Nothing was looked for: the operator wants it so. */
  public static final IngressView OFF =
      new IngressView(List.of(), "mesh_ingress is off", List.of());

  /** By namespace, then name. */
  public final List<RouteView> routes;

  /** Why there is no route to look at; empty where there is one. */
  public final String withoutRoute;

  /** What could not be read, or found, of routes and controllers. */
  public final List<Problem> unread;

  public IngressView(List<RouteView> routes, String withoutRoute, List<Problem> unread) {
    this.routes = List.copyOf(routes);
    this.withoutRoute = Objects.requireNonNull(withoutRoute);
    this.unread = List.copyOf(unread);
  }
}
