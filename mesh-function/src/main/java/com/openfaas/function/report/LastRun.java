package com.openfaas.function.report;

import java.time.Instant;

/** The last run of this process that may write and is over: what came of it, and when. */
public final class LastRun {
  final String action;
  final Outcome outcome;
  final Instant at;

  public LastRun(Report report, Instant at) {
    this.action = report.run.action;
    this.outcome = report.outcome;
    this.at = at;
  }
}
