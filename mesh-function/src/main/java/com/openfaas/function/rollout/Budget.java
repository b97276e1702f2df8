package com.openfaas.function.rollout;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/** The time a run has. Monotonic: setting the clock does not lengthen or shorten a run. */
public final class Budget {
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
