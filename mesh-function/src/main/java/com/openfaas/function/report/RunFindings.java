package com.openfaas.function.report;

import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.PastRun;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.report.Finding.Severity;
import java.util.List;

/** The last run, if it failed: a platform that was rolled back shows no trace of it. */
final class RunFindings {
  private RunFindings() {}

  /** Empty if a mark on the failed object reports it, or if a run has succeeded since. */
  static List<Finding> of(RunRecord record) {
    List<PastRun> runs = record.pastRuns;
    if (runs == null || runs.isEmpty() || !runs.get(0).failed || !record.plan.failed.isEmpty()) {
      return List.of();
    }
    PastRun last = runs.get(0);
    Report.LastRun own = record.lastRun;
    boolean settled = own != null && own.outcome.isSuccess() && own.at.isAfter(last.at);
    return settled ? List.of() : List.of(new Finding(Severity.WARNING, problem(last)));
  }

  private static Problem problem(PastRun last) {
    return new Problem(
        Code.LAST_RUN_FAILED,
        "run " + last.id,
        "the last " + last.action + " ended " + last.outcome + " at " + last.told(),
        "which objects, and why: kubectl get events -A --field-selector"
            + " type=Warning,reportingComponent=openfaas.com/mesh-setup");
  }
}
