package com.openfaas.function.rollout;

import com.openfaas.function.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

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

  /** The time a run has. Monotonic: setting the clock does not lengthen or shorten a run. */
  public static final class Budget {
    private final LongSupplier nanos;
    private final long start;
    private final Duration whole;
    private final List<Runnable> whenEnded = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    /**
     * @param nanos {@code System::nanoTime}, or a test's own
     */
    public Budget(Duration whole, LongSupplier nanos) {
      this.whole = whole;
      this.nanos = nanos;
      this.start = nanos.getAsLong();
    }

    public Duration spent() {
      return Duration.ofNanos(nanos.getAsLong() - start);
    }

    /** Ends the run early: it stops at the next safe point and reports what is left. */
    public void end() {
      ended = true;
      whenEnded.forEach(Runnable::run);
    }

    /** Runs the action if the budget is ended early. */
    public void whenEnded(Runnable action) {
      whenEnded.add(action);
      if (ended) {
        action.run();
      }
    }

    /** Never negative. */
    public Duration remaining() {
      if (ended) {
        return Duration.ZERO;
      }
      Duration remaining = whole.minus(spent());
      return remaining.isNegative() ? Duration.ZERO : remaining;
    }

    public boolean isOver() {
      return remaining().isZero();
    }
  }
}
