package com.openfaas.function.request;

import java.util.Locale;

/**
 * What an invocation does. An action that only reads may come by GET, one that writes must be a
 * POST.
 */
public enum Action {
  /** Observes. */
  STATUS(false),
  /** Observes, proves and lists the steps; writes nothing. */
  PLAN(false),
  /** Observes, and proves mTLS between the gateway and the functions; writes nothing. */
  VERIFY(false),
  /** Meshes what should be meshed and is not. */
  APPLY(true),
  /** Applies, and restarts what has a stale proxy. */
  REFRESH(true),
  /** Takes back exactly what this function changed. */
  REVERT(true);

  private final boolean writes;

  Action(boolean writes) {
    this.writes = writes;
  }

  public boolean writes() {
    return writes;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
