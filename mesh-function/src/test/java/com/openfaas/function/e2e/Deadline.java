package com.openfaas.function.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** When the story has to be over; every wait is bounded by what is left until then. */
final class Deadline {
  private static final Duration POLL = Duration.ofMillis(500);

  private final long end;

  private Deadline(long end) {
    this.end = end;
  }

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** The sooner of the two. */
  Deadline orIn(Duration time) {
    return new Deadline(Math.min(end - System.nanoTime(), time.toNanos()) + System.nanoTime());
  }

  boolean isOver() {
    return end - System.nanoTime() <= 0;
  }

  /**
   * Waits until it is so.
   *
   * @throws Unexpected where the time is over before
   */
  void await(String what, Callable<Boolean> isSo) {
    long left = Math.max(1, end - System.nanoTime());
    try {
      Awaitility.await(what)
          .pollDelay(Duration.ZERO)
          .pollInterval(POLL.toNanos() < left ? POLL : Duration.ofNanos(left / 2 + 1))
          .atMost(Duration.ofNanos(left + POLL.toNanos() * 2))
          .ignoreExceptionsMatching(e -> !(e instanceof Unexpected))
          .until(isSo);
    } catch (ConditionTimeoutException e) {
      String why = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
      throw new Unexpected("waited in vain until " + what + why);
    }
  }
}
