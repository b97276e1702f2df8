package com.openfaas.function.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** When a plan is made, by the API server's clock, and how old an unready pod may be by then. */
public final class Moment {
  public final Instant now;
  final Duration patience;

  public Moment(Instant now, Duration patience) {
    this.now = Objects.requireNonNull(now);
    this.patience = Objects.requireNonNull(patience);
  }

  /** Whether the time is less than that ago. A time in the future is not ours. */
  boolean isWithin(Duration length, Instant time) {
    return !time.isAfter(now) && time.plus(length).isAfter(now);
  }

  boolean isLate(Instant created) {
    return created.isBefore(now.minus(patience));
  }
}
