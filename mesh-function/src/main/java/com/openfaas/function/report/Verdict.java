package com.openfaas.function.report;

import com.openfaas.function.plan.Wave;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.request.Action;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Phase;
import com.openfaas.function.verify.Edge.Mtls;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Sums a run up in one word. The first matching rule decides. */
final class Verdict {
  /** A failed check does not hide what these observe. */
  private static final Set<Action> LOOKING = Set.of(Action.STATUS, Action.VERIFY);

  private final RunRecord record;
  private final List<WorkloadReporter> workloads;

  private Verdict(RunRecord record, List<WorkloadReporter> workloads) {
    this.record = record;
    this.workloads = workloads;
  }

  static Outcome of(RunRecord record, List<WorkloadReporter> workloads) {
    if (record.waitIsOver && record.problem == null) {
      return Outcome.IN_PROGRESS;
    }
    Verdict verdict = new Verdict(record, workloads);
    return record.results.isEmpty() ? verdict.ofNothingDone() : verdict.ofResults();
  }

  private Outcome ofNothingDone() {
    Action action = record.invocation.action;
    if (record.problem != null) {
      return Outcome.FAILED;
    }
    if (record.busy != null) {
      return Outcome.BUSY;
    }
    if (record.isHeld()) {
      return Outcome.HELD;
    }
    if (LOOKING.contains(action) && record.before != null) {
      return action == Action.STATUS ? Outcome.OBSERVED : ofProof();
    }
    if (record.checks.stream().anyMatch(Check::failed)) {
      return Outcome.BLOCKED;
    }
    return action == Action.PLAN ? Outcome.PLANNED : ofNothingToDo();
  }

  private Outcome ofNothingToDo() {
    if (record.invocation.action == Action.REVERT) {
      return record.unreverted().isEmpty() ? Outcome.REVERTED : Outcome.FAILED;
    }
    return ofRest(Outcome.MESHED);
  }

  /** What was not read is not proven. */
  private Outcome ofProof() {
    if (!record.before.gateway.isKnown()) {
      return Outcome.BLOCKED;
    }
    Map<String, Integer> due = Figures.countBy(record.dueEdges(), edge -> edge.mtls.toString());
    if (due.containsKey(Mtls.PLAINTEXT.toString())) {
      return Outcome.PLAINTEXT;
    }
    boolean proven = due.keySet().equals(Set.of(Mtls.PROVEN.toString()));
    return proven && record.before.missing.isEmpty() ? Outcome.VERIFIED : Outcome.UNPROVEN;
  }

  private Outcome ofResults() {
    if (record.problem != null || any(result -> result.phase == Phase.FAILED)) {
      return Outcome.FAILED;
    }
    if (any(this::endsTheRun)) {
      return Outcome.ROLLED_BACK;
    }
    if (any(Verdict::isLeftOpen)) {
      return Outcome.IN_PROGRESS;
    }
    if (record.invocation.action == Action.REVERT) {
      return record.unreverted().isEmpty() ? Outcome.REVERTED : Outcome.FAILED;
    }
    if (any(result -> result.phase == Phase.ROLLED_BACK)) {
      boolean known = record.lastRun != null && record.lastRun.knew(record);
      return known ? Outcome.DEGRADED : Outcome.DEGRADED_NOW;
    }
    return ofRest(Outcome.CHANGED);
  }

  /** If nothing has failed in this run. */
  private Outcome ofRest(Outcome whole) {
    if (workloads.stream().anyMatch(reported -> reported.isLeft(record))) {
      return Outcome.IN_PROGRESS;
    }
    boolean degraded = record.plan != null && !record.plan.failed.isEmpty();
    return degraded ? Outcome.DEGRADED : whole;
  }

  /** The mesh is at fault, or rolling back was all there was to do. */
  private boolean endsTheRun(StepResult result) {
    boolean onlyBack =
        result.step.wave == Wave.PUT_BACK || record.invocation.action == Action.REVERT;
    return result.phase == Phase.WITHHELD || (result.phase == Phase.ROLLED_BACK && onlyBack);
  }

  /** The last steps are not awaited; a step not started is left, in whichever wave. */
  private static boolean isLeftOpen(StepResult result) {
    return result.phase == Phase.NOT_STARTED || (result.phase.isOpen() && result.step.wave.awaited);
  }

  private boolean any(Predicate<StepResult> rule) {
    return record.results.stream().anyMatch(rule);
  }
}
