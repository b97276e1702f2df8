package com.openfaas.function.rollout;

import com.openfaas.function.policy.Policy;
import java.time.Duration;

/** How long, and how many at once. */
public final class Limits {
  /** What this run has. */
  public final Budget budget;

  /** How long one workload may take to become ready with its proxy; longer counts as failed. */
  public final Duration rollout;

  /** Rollouts under way at once, at most. */
  public final int parallel;

  /**
   * A rollout has two thirds of the policy's budget: a failed one is then told, and can be dealt
   * with, in the same run. A caller who narrows the budget does not make a slow rollout a failed
   * one.
   */
  public Limits(Budget budget, Policy policy) {
    this.budget = budget;
    this.rollout = Duration.ofSeconds(policy.budgetSeconds).multipliedBy(2).dividedBy(3);
    this.parallel = policy.parallel;
  }

  /**
   * Rollouts that may be under way at once: a quarter of the most at first, and one more for each
   * that has come up. So what fails fails early and few at a time, and a large platform does not
   * wait: its control plane works through many changes with less effort than one by one.
   */
  int atOnce(int landed) {
    return Math.min(parallel, (parallel + 3) / 4 + landed);
  }
}
