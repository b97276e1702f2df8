package com.openfaas.function.rollout;

import com.openfaas.function.policy.Policy;
import java.time.Duration;

/** Time limits, and how many rollouts may run in parallel. */
public final class Limits {
  /** The time of this run. */
  public final Budget budget;

  /**
   * How long a rollout may make no progress before it counts as failed; its total time is
   * unlimited.
   */
  public final Duration patience;

  /** Most rollouts in progress at once. */
  public final int parallel;

  /** How long calls through a changed gateway must succeed, or fail, before that decides. */
  public final Duration confirmation;

  /** Patience is the policy's: a caller who lowers the budget does not make a slow rollout fail. */
  public Limits(Budget budget, Policy policy, Duration confirmation) {
    this.budget = budget;
    this.confirmation = confirmation;
    this.patience = policy.patience;
    this.parallel = policy.parallel;
  }

  /**
   * The patience if Kubernetes itself reports a problem: some pass by themselves, such as a
   * registry that is briefly unavailable, or a quota still used by others.
   */
  Duration patienceWithTrouble() {
    return patience.dividedBy(4);
  }

  /**
   * Rollouts that may be in progress: a quarter of the maximum at first, and one more for each that
   * completes. Failures thus show early and few at a time, without slowing down a large platform:
   * its control plane handles many changes together with less effort than one by one.
   */
  int atOnce(int landed) {
    return Math.min(parallel, (parallel + 3) / 4 + landed);
  }
}
