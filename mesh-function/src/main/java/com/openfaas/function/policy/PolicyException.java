package com.openfaas.function.policy;

import java.util.List;

/** The operator's settings are invalid; holds every fault found in them. */
public final class PolicyException extends Exception {
  private static final long serialVersionUID = 1L;

  public final transient List<String> faults;

  PolicyException(List<String> faults) {
    super(String.join("; ", faults));
    this.faults = List.copyOf(faults);
  }
}
