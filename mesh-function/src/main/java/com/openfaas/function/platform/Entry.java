package com.openfaas.function.platform;

import java.util.List;
import java.util.Objects;

/** How calls from outside come to the gateway, and what else speaks to it. */
public final class Entry {
  /** Nothing was looked for: the operator wants it so. */
  public static final Entry OFF =
      new Entry(List.of(), "mesh_ingress is off in stack.yml", List.of(), List.of());

  /** By namespace, then name. */
  public final List<RouteView> routes;

  /** Why there is no route to look at; empty where there is one. */
  public final String withoutRoute;

  /** What could not be read of routes and controllers. */
  public final List<Problem> unread;

  /** The function's Services that retries and timeouts can be set on; empty unless asked for. */
  public final List<Annotated> services;

  public Entry(
      List<RouteView> routes, String withoutRoute, List<Problem> unread, List<Annotated> services) {
    this.routes = List.copyOf(routes);
    this.withoutRoute = Objects.requireNonNull(withoutRoute);
    this.unread = List.copyOf(unread);
    this.services = List.copyOf(services);
  }
}
