package com.openfaas.function.plan;

import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.request.Invocation.Part;

/**
 * The order of a run. The hand work starts with the gateway; we end with it, because it carries
 * this very call and the answer must still get out.
 */
public enum Wave {
  /**
   * Who is refused is let in again, before the mesh is touched: what has no proxy has no identity.
   */
  UNPROTECT(null, true),
  /** What an earlier run left stuck; then nothing else is done in this run. */
  PUT_BACK(null, true),
  /** One function, to prove injection on a real pod before a namespace is switched. */
  CANARY(Part.FUNCTIONS, true),
  /**
   * Durable: faas-netes replaces a function's annotations at each deploy, never the namespace's.
   */
  NAMESPACES(Part.NAMESPACES, true),
  FUNCTIONS(Part.FUNCTIONS, true),
  /** Retries and timeouts on the functions' Services. */
  SERVICES(Part.FUNCTIONS, true),
  /**
   * The header on a route that must be there before its controller's proxy would obey a client's.
   */
  OVERRIDES(Part.INGRESS, true),
  /** The ingress controller, where the operator wants it meshed from here. */
  INGRESS(Part.INGRESS, true),
  ROUTES(Part.INGRESS, true),
  /** Beside the functions: it waits for none of them. */
  CORE(Part.CORE, true),
  /** When the answer is out, which it carries; then confirmed, or taken back. */
  GATEWAY(Part.GATEWAY, false),
  /** Who may call functions: when the gateway has its proxy, and is confirmed. */
  PROTECT(Part.FUNCTIONS, false),
  /** The last: it ends the process that runs. */
  SELF(Part.SELF, false);

  /**
   * The part of the platform by which a caller can leave the wave out; null: cannot be left out.
   */
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
