package com.openfaas.function.platform;

import java.util.List;
import java.util.Set;

/** How the gateway calls the functions, and what Linkerd could do for those calls. */
public final class Calls {
  /** As the community's gateway does. */
  public static final Calls TO_PODS = new Calls(false, List.of(), Set.of(), List.of(), List.of());

  /**
   * Whether it calls a function's Service, not its pods: retries and timeouts are set on Services,
   * and a proxy knows of a Service only by its address (OpenFaaS chart, {@code
   * gateway.directFunctions}).
   */
  public final boolean toServices;

  /** The Services of functions; empty unless something is to be set on them, or taken back. */
  public final List<Annotated> services;

  /** Names of Services with a ServiceProfile, which ends what annotations ask for. */
  public final Set<String> profiled;

  /** What runs in the gateway's namespace and is none of ours: it is seen, and left alone. */
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
