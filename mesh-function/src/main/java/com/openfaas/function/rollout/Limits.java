package com.openfaas.function.rollout;

import com.openfaas.function.policy.Policy;
import java.time.Duration;

/** How long, and how many at once. */
public final class Limits {
  /** What this run has. */
  public final Budget budget;

  /**
   * How long nothing of a rollout may move before it counts as failed; however long it takes while
   * it moves.
   */
  public final Duration patience;

  /** Rollouts under way at once, at most. */
  public final int parallel;

  /** How long the way through a changed gateway must work, or fail, before that is believed. */
  public final Duration confirmation;

  /** A caller who narrows the budget does not make a slow rollout a failed one. */
  public Limits(Budget budget, Policy policy, Duration confirmation) {
    this.budget = budget;
    this.confirmation = confirmation;
    this.patience = policy.patience;
    this.parallel = policy.parallel;
  }

  /**
   * How long nothing may move where Kubernetes itself says that something is wrong: some of that
   * passes by itself, as a registry that is away for a moment, or a quota that others still use up.
   */
  Duration patienceWithTrouble() {
    return patience.dividedBy(4);
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
