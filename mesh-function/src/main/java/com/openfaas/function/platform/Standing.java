package com.openfaas.function.platform;

import java.util.Objects;

/** A workload's state, with the reason: a code first, a sentence second. */
public final class Standing {
  public final State state;

  /**
   * Linkerd's own reason id where it has one (linkerd2 pkg/inject/report.go); empty: no reason due.
   */
  public final String code;

  public final String message;

  public Standing(State state, String code, String message) {
    this.state = Objects.requireNonNull(state);
    this.code = Objects.requireNonNull(code);
    this.message = Objects.requireNonNull(message);
  }
}
