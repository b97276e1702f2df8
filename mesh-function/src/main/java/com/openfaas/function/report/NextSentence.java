package com.openfaas.function.report;

import com.openfaas.function.platform.State;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.request.Action;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the operator does next, in one sentence. */
final class NextSentence {
  private static final int NAMED = 3;

  /** What ends that a platform is held. */
  static final String RELEASE = "sign an apply to mesh it again: " + signed("apply");

  private NextSentence() {}

  /** The command that sends a signed request; its key is what the secret mesh-setup-key holds. */
  static String signed(String action) {
    return "echo -n '{\"action\":\""
        + action
        + "\",\"at\":\"'$(date -u +%FT%TZ)'\"}' |"
        + " faas-cli invoke mesh-setup --sign X-Mesh-Signature --key \"$(cat key.txt)\"";
  }

  static String of(Outcome outcome, RunRecord record, List<WorkloadReporter> workloads) {
    switch (outcome) {
      case OBSERVED:
      case PLANNED:
        return ofPlan(record);
      case BLOCKED:
        return "Nothing was touched: " + ofFailedCheck(record);
      case FAILED:
        return ofFailure(record);
      case HELD:
        return held(record);
      case BUSY:
        return record.busy.hint;
      case ROLLED_BACK:
        return "What failed is as it was before, no further step was taken: " + ofFailure(record);
      default:
        return ofDone(outcome, record, workloads);
    }
  }

  private static String ofDone(
      Outcome outcome, RunRecord record, List<WorkloadReporter> workloads) {
    switch (outcome) {
      case REVERTED:
        return ofRevert(record, workloads);
      case IN_PROGRESS:
        return (record.invocation.action == Action.REFRESH
                ? "Sign a refresh again, with " + signed("refresh")
                : "Invoke mesh-setup again")
            + ": left are "
            + left(record, workloads)
            + ".";
      case DEGRADED:
        return "What failed is as it was before, the others went on: " + ofFailure(record);
      case CHANGED:
        return ofChange(record, workloads);
      default:
        return nothingPlanned(record);
    }
  }

  private static String ofPlan(RunRecord record) {
    int steps = record.plan == null ? 0 : record.plan.steps.size();
    if (record.checks.stream().anyMatch(Check::failed)) {
      return ofFailedCheck(record);
    }
    if (record.heldSince != null && steps > 0) {
      return held(record);
    }
    return steps == 0 ? nothingPlanned(record) : "POST apply to change " + steps + " objects.";
  }

  private static String held(RunRecord record) {
    return "Held since " + record.heldSince + ", by a signed revert; " + RELEASE + ".";
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
        .or(() -> record.unreverted().stream().findFirst().map(p -> p.subject + ": " + p.hint))
        .orElse("see the function's log");
  }

  private static String ofRevert(RunRecord record, List<WorkloadReporter> workloads) {
    String what =
        workloads.stream().anyMatch(workload -> workload.patchedLast)
            ? "The gateway and mesh-setup roll back last; invoke status in a minute."
            : "All of mesh-setup's is taken back.";
    return (record.results.isEmpty() ? "Nothing of mesh-setup's was left to take back." : what)
        + (record.heldSince == null ? "" : " The platform is held; " + RELEASE + ".");
  }

  /** An apply leaves a stale proxy alone: it works, and a restart needs a signature. */
  private static String nothingPlanned(RunRecord record) {
    List<Workload> stale =
        record.latest().workloads.stream()
            .filter(workload -> record.latest().standing(workload).state == State.STALE)
            .collect(Collectors.toList());
    return stale.isEmpty()
        ? "Nothing to do."
        : stale.size()
            + (stale.size() == 1 ? " workload has" : " workloads have")
            + " a stale proxy; a signed refresh restarts what is stale: "
            + signed("refresh");
  }

  private static String ofChange(RunRecord record, List<WorkloadReporter> workloads) {
    String rolling =
        workloads.stream()
            .filter(workload -> workload.patchedLast)
            .map(workload -> workload.workload.key())
            .collect(Collectors.joining(" and "));
    return rolling.isEmpty()
        ? nothingPlanned(record)
        : "Invoke status in a minute to see " + rolling + " meshed, too.";
  }

  /** Workloads that are not as they should be, then whatever else was not come to. */
  private static String left(RunRecord record, List<WorkloadReporter> workloads) {
    Set<String> names = new LinkedHashSet<>();
    workloads.stream()
        .filter(workload -> workload.isLeft(record))
        .forEach(workload -> names.add(workload.workload.key()));
    record.results.stream()
        .filter(result -> result.kind.isOpen())
        .map(result -> result.step)
        .forEach(s -> names.add(s.workload == null ? s.subject() : s.workload.key()));
    String more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
    return names.stream().limit(NAMED).collect(Collectors.joining(", ")) + more;
  }
}
