package com.openfaas.function.request;

import java.util.Locale;

/**
 * What an invocation does. Actions that only read may come by GET; those that write need a POST.
 */
public enum Action {
  /** Observes. */
  STATUS(false),
  /** Observes, runs the preflight and lists the steps; writes nothing. */
  PLAN(false),
  /** Observes, and proves mTLS between the gateway and the functions; writes nothing. */
  VERIFY(false),
  /** Meshes what should be meshed and is not. */
  APPLY(true),
  /** Applies, and restarts workloads whose proxy is stale. */
  REFRESH(true),
  /** Rolls back exactly what this function changed. */
  REVERT(true);

  private final boolean writes;

  Action(boolean writes) {
    this.writes = writes;
  }

  public boolean writes() {
    return writes;
  }

  /** Whether it puts workloads on the mesh. */
  public boolean meshes() {
    return this == APPLY || this == REFRESH;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
