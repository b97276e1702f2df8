package com.openfaas.function.platform;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/** A run that has changed something, or failed, and is over: when, what was asked, what came. */
public final class PastRun {
  /** The call that asked for it. */
  public final String id;

  public final String action;

  /** As reports say it. */
  public final String outcome;

  /** How its last report began. */
  public final String headline;

  public final boolean failed;

  /** When it was over, by the API server's clock. */
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

  /** When it was over, and what it came to. */
  public String told() {
    return at.truncatedTo(ChronoUnit.SECONDS) + ": " + headline;
  }
}
