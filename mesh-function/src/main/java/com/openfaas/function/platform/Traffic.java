package com.openfaas.function.platform;

import com.openfaas.function.platform.Traffic.RouteView;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** How calls reach the gateway, how it forwards them, and which policies apply to them. */
public final class Traffic {
  public static final Traffic UNSEEN = new Traffic(IngressView.OFF, Calls.TO_PODS);

  final IngressView ingress;
  final Calls calls;
  final Reading<List<NetworkRules>> networkRules;
  final Reading<InboundRules> inboundRules;

  /** For a platform without policies. */
  public Traffic(IngressView ingress, Calls calls) {
    this(ingress, calls, Reading.of(List.of()), Reading.of(InboundRules.ABSENT));
  }

  public Traffic(
      IngressView ingress,
      Calls calls,
      Reading<List<NetworkRules>> networkRules,
      Reading<InboundRules> inboundRules) {
    this.ingress = Objects.requireNonNull(ingress);
    this.calls = Objects.requireNonNull(calls);
    this.networkRules = Objects.requireNonNull(networkRules);
    this.inboundRules = Objects.requireNonNull(inboundRules);
  }

  /** A route whose backend is the gateway's Service: an Ingress or an HTTPRoute. */
  public static final class RouteView {
    public final Annotated object;

    /** Its ingress class, or its parent Gateway; empty if there is none. */
    public final String className;

    /** Its controller, by the class or by the route's own status; empty if unknown. */
    public final String controllerName;

    /** The gateway's Service it leads to, as {@code name.namespace.svc.cluster.local:port}. */
    public final String gatewayAddress;

    /** Whether it has another backend beside the gateway. */
    public final boolean isShared;

    /** Its controller's workload; null if it was not found. */
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

    /** Whether both have the same controller. */
    public boolean isBeside(RouteView other) {
      return controller != null
          && other.controller != null
          && controller.subject().equals(other.controller.subject());
    }

    public RouteView through(Workload workload) {
      return new RouteView(object, className, controllerName, gatewayAddress, isShared, workload);
    }
  }

  /** The routes by which calls from outside reach the gateway. */
  public static final class IngressView {
    /** Nothing was read: mesh_ingress is off. */
    public static final IngressView OFF =
        new IngressView(List.of(), "mesh_ingress is off", List.of());

    /** By namespace, then name. */
    public final List<RouteView> routes;

    /** Why there is no route; empty if there is one. */
    public final String withoutRoute;

    /** What could not be read or found of routes and controllers. */
    public final List<Problem> unread;

    public IngressView(List<RouteView> routes, String withoutRoute, List<Problem> unread) {
      this.routes = List.copyOf(routes);
      this.withoutRoute = Objects.requireNonNull(withoutRoute);
      this.unread = List.copyOf(unread);
    }
  }

  /** How the gateway calls the functions, and what Linkerd could do for those calls. */
  public static final class Calls {
    /** The community edition's way. */
    public static final Calls TO_PODS = new Calls(false, List.of(), Set.of(), List.of(), List.of());

    /**
     * Whether it calls a function's Service, not its pods: retries and timeouts are set on
     * Services, and a proxy recognizes a Service only by its address (OpenFaaS chart, {@code
     * gateway.directFunctions}).
     */
    public final boolean toServices;

    /** The functions' Services; empty unless something is to be set on or removed from them. */
    public final List<Annotated> services;

    /** Names of Services with a ServiceProfile, which overrides what annotations ask for. */
    public final Set<String> profiled;

    /** The other workloads in the gateway's namespace: observed, never changed. */
    public final List<Workload> neighbours;

    /** What could not be read. */
    public final List<Problem> unread;

    /**
     * @param profiled as {@code name.namespace}
     */
    public Calls(
        boolean toServices,
        List<Annotated> services,
        Set<String> profiled,
        List<Workload> neighbours,
        List<Problem> unread) {
      this.toServices = toServices;
      this.services = List.copyOf(services);
      this.profiled = Set.copyOf(profiled);
      this.neighbours = List.copyOf(neighbours);
      this.unread = List.copyOf(unread);
    }
  }
}
