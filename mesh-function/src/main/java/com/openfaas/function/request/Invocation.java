package com.openfaas.function.request;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/** One valid invocation: what to do, on how much of the platform, for how long. */
public final class Invocation {
  public final Action action;

  /** The parts the run is narrowed to; empty means all of them. */
  public final Set<Part> only;

  /**
   * The functions the run is narrowed to, as {@code name} or {@code name.namespace}; empty: all.
   */
  public final List<String> functions;

  /** How long the run may take, in seconds. */
  public final int budgetSeconds;

  public Invocation(Action action, Set<Part> only, List<String> functions, int budgetSeconds) {
    this.action = Objects.requireNonNull(action);
    this.only = Set.copyOf(only);
    this.functions = List.copyOf(functions);
    this.budgetSeconds = budgetSeconds;
  }

  /** Naming functions, and no parts, asks for those functions alone. */
  public boolean covers(Part part) {
    if (only.isEmpty()) {
      return functions.isEmpty() || part == Part.FUNCTIONS;
    }
    return only.contains(part);
  }

  public boolean coversFunction(String namespace, String name) {
    return functions.isEmpty()
        || functions.contains(name)
        || functions.contains(name + "." + namespace);
  }
}
