package com.openfaas.function.platform;

/** The result of reading one thing from the cluster: its value, or why it is unknown. */
public final class Reading<T> {
  /** The value; null if there is a problem. */
  public final T value;

  /** Why there is no value; null if there is one. */
  public final Problem problem;

  private Reading(T value, Problem problem) {
    this.value = value;
    this.problem = problem;
  }

  public static <T> Reading<T> of(T value) {
    return new Reading<>(value, null);
  }

  public static <T> Reading<T> failed(Problem problem) {
    return new Reading<>(null, problem);
  }

  public boolean isKnown() {
    return problem == null;
  }
}
