package com.openfaas.function.report;

import com.openfaas.function.platform.State;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.report.Report.WorkloadEntry;
import java.util.List;
import java.util.stream.Collectors;

/** What the operator does next, in one sentence. */
final class NextSentence {
  private static final int NAMED = 3;

  private NextSentence() {}

  static String of(Outcome outcome, RunRecord record, List<WorkloadEntry> workloads) {
    switch (outcome) {
      case OBSERVED:
      case PLANNED:
        return ofPlan(record);
      case BLOCKED:
        return "Nothing was touched: " + ofFailedCheck(record);
      case FAILED:
        return ofFailure(record);
      case BUSY:
        return record.busy.hint;
      case ROLLED_BACK:
        return "What failed is as it was before, nothing else was touched: " + ofFailure(record);
      case REVERTED:
        return ofRevert(workloads);
      case IN_PROGRESS:
        return "Invoke mesh-setup again: left are " + left(workloads) + ".";
      case CHANGED:
        return ofChange(workloads);
      default:
        return "Nothing to do.";
    }
  }

  private static String ofPlan(RunRecord record) {
    int steps = record.plan == null ? 0 : record.plan.steps.size();
    if (record.checks.stream().anyMatch(Check::failed)) {
      return ofFailedCheck(record);
    }
    return steps == 0 ? "Nothing to do." : "POST apply to change " + steps + " objects.";
  }

  private static String ofFailedCheck(RunRecord record) {
    return record.checks.stream()
        .filter(Check::failed)
        .findFirst()
        .map(check -> check.id + " failed; " + check.hint)
        .orElse("a check failed");
  }

  private static String ofFailure(RunRecord record) {
    if (record.problem != null) {
      return record.problem.hint;
    }
    return record.results.stream()
        .filter(result -> result.problem != null)
        .findFirst()
        .map(result -> result.problem.hint)
        .orElse("see the function's log");
  }

  private static String ofRevert(List<WorkloadEntry> workloads) {
    boolean reverted = workloads.stream().anyMatch(entry -> entry.change == Change.REVERTED);
    return reverted
        ? "The gateway and mesh-setup roll back last; invoke status in a minute."
        : "Nothing of mesh-setup's was left to take back.";
  }

  private static String ofChange(List<WorkloadEntry> workloads) {
    String rolling =
        workloads.stream()
            .filter(entry -> entry.after == State.ROLLING || entry.change == Change.DEFERRED)
            .map(entry -> entry.namespace + "/" + entry.name)
            .collect(Collectors.joining(" and "));
    return rolling.isEmpty()
        ? "Nothing to do."
        : "Invoke status in a minute to see " + rolling + " meshed, too.";
  }

  private static String left(List<WorkloadEntry> workloads) {
    List<String> names =
        workloads.stream()
            .filter(entry -> entry.after.isUnfinished())
            .map(entry -> entry.namespace + "/" + entry.name)
            .collect(Collectors.toList());
    String more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
    return names.stream().limit(NAMED).collect(Collectors.joining(", ")) + more;
  }
}
