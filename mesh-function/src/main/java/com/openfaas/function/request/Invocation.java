package com.openfaas.function.request;

import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** One valid invocation: what to do, on which part of the platform, and for how long. */
public final class Invocation {
  public final Action action;

  /** The parts the run is narrowed to; empty means all of them. */
  public final Set<Part> only;

  /**
   * The functions the run is narrowed to, as {@code name} or {@code name.namespace}; empty: all.
   */
  public final List<String> functions;

  /** How long the caller waits, in seconds. */
  public final int budgetSeconds;

  /** The time in a signed request; null if it needed no signature. */
  public final Instant signedAt;

  public Invocation(
      Action action, Set<Part> only, List<String> functions, int budgetSeconds, Instant signedAt) {
    this.signedAt = signedAt;
    this.action = Objects.requireNonNull(action);
    this.only = Set.copyOf(only);
    this.functions = List.copyOf(functions);
    this.budgetSeconds = budgetSeconds;
  }

  /** An unknown name is the caller's mistake, unless a namespace could not be read. */
  public void requireKnownFunctions(Platform platform) throws BadRequestException {
    List<String> unknown =
        functions.stream()
            .filter(asked -> platform.workloads.stream().noneMatch(w -> isNamed(asked, w)))
            .map(asked -> "functions: there is no function \"" + asked + '"')
            .collect(Collectors.toList());
    if (platform.missing.isEmpty() && !unknown.isEmpty()) {
      throw new BadRequestException(400, unknown);
    }
  }

  private static boolean isNamed(String asked, Workload workload) {
    boolean function = workload.role.isFunction();
    boolean named =
        asked.equals(workload.name) || asked.equals(workload.name + "." + workload.namespace);
    return function && named;
  }

  /** Whether it is about less than the whole platform. */
  public boolean isNarrowed() {
    return !only.isEmpty() || !functions.isEmpty();
  }

  /** Whether another apply, of everything, asks for no more than this did. */
  public boolean isWholeApply() {
    return !isNarrowed() && action.meshes();
  }

  /** Functions without parts narrow the run to those functions. */
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

  /** A part of the platform that {@code only} can narrow a run to. */
  public enum Part {
    NAMESPACES,
    FUNCTIONS,
    GATEWAY,
    CORE,
    INGRESS,
    SELF;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
