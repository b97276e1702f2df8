package com.openfaas.function.platform;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/** A completed run that changed something, or failed: when, its action, and its result. */
public final class PastRun {
  /** The id of its call. */
  public final String id;

  public final String action;

  /** The outcome, as in reports. */
  public final String outcome;

  /** The headline of its last report. */
  public final String headline;

  public final boolean failed;

  /** When it ended, by the API server's clock. */
  public final Instant at;

  public PastRun(
      String id, String action, String outcome, String headline, boolean failed, Instant at) {
    this.id = Objects.requireNonNull(id);
    this.action = Objects.requireNonNull(action);
    this.outcome = Objects.requireNonNull(outcome);
    this.headline = Objects.requireNonNull(headline);
    this.failed = failed;
    this.at = Objects.requireNonNull(at);
  }

  /** When it ended, and its headline. */
  public String told() {
    return at.truncatedTo(ChronoUnit.SECONDS) + ": " + headline;
  }
}
