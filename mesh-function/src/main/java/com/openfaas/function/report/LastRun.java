package com.openfaas.function.report;

import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Kind;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

/** The last run of this process that may write and is over: what came of it, and when. */
public final class LastRun {
  final String action;
  final Outcome outcome;
  final Instant at;

  /** What refused a change, and a mark that says so. */
  private final Set<String> refusing;

  public LastRun(Report report, RunRecord record, Instant at) {
    this.action = report.run.action;
    this.outcome = report.outcome;
    this.at = at;
    this.refusing =
        record.results.stream()
            .filter(LastRun::refusesMark)
            .map(result -> result.step.subject())
            .collect(Collectors.toSet());
  }

  /**
   * Whether all that this run could not do was no news: it takes no mark, so it was asked again.
   */
  boolean knew(RunRecord record) {
    return record.invocation.signedAt == null
        && record.results.stream()
            .filter(result -> result.kind == Kind.ROLLED_BACK)
            .allMatch(r -> refusesMark(r) && refusing.contains(r.step.subject()));
  }

  private static boolean refusesMark(StepResult result) {
    return result.problem != null && result.problem.code.equals(StepResult.MARK_REFUSED);
  }
}
