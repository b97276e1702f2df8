package com.openfaas.function.plan;

import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.request.Invocation.Part;

/**
 * The order of a run. The manual procedure starts with the gateway; we end with it, because it
 * carries this very call, and the answer must still get out.
 */
public enum Wave {
  /** Admits refused callers again before the mesh is touched: without a proxy, no identity. */
  UNPROTECT(null, true),
  /** What an earlier run left stuck; then the run does nothing else. */
  PUT_BACK(null, true),
  /** One function, to prove injection on a real pod before a namespace is annotated. */
  CANARY(Part.FUNCTIONS, true),
  /** Lasting: a deploy by faas-netes replaces a function's annotations, not the namespace's. */
  NAMESPACES(Part.NAMESPACES, true),
  FUNCTIONS(Part.FUNCTIONS, true),
  /** Retries and timeouts on the functions' Services. */
  SERVICES(Part.FUNCTIONS, true),
  /** The header of a route that must be set before its controller's proxy would obey a client's. */
  OVERRIDES(Part.INGRESS, true),
  /** The ingress controller, if the operator wants mesh-setup to mesh it. */
  INGRESS(Part.INGRESS, true),
  ROUTES(Part.INGRESS, true),
  /** In parallel to the functions: it waits for none of them. */
  CORE(Part.CORE, true),
  /** After the answer, which it carries; then confirmed, or taken back. */
  GATEWAY(Part.GATEWAY, false),
  /** Who may call functions: once the gateway has its proxy and is confirmed. */
  PROTECT(Part.FUNCTIONS, false),
  /** The last: it ends our own process. */
  SELF(Part.SELF, false);

  /** The part by which a caller can exclude the wave; null if it cannot be excluded. */
  public final Part part;

  /** Whether the caller waits for the wave's rollouts. */
  public final boolean awaited;

  Wave(Part part, boolean awaited) {
    this.part = part;
    this.awaited = awaited;
  }

  static Wave of(Role role) {
    switch (role) {
      case CORE:
        return CORE;
      case INGRESS:
        return INGRESS;
      case SELF:
        return SELF;
      case GATEWAY:
        return GATEWAY;
      default:
        return FUNCTIONS;
    }
  }
}
