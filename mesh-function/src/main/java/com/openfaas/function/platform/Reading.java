package com.openfaas.function.platform;

/** What came of asking the cluster for one thing: the thing, or the reason why it is not known. */
public final class Reading<T> {
  /** The answer; null where there is a problem. */
  public final T value;

  /** Why there is no answer; null where there is one. */
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
