package com.openfaas.function.report;

import com.google.gson.annotations.SerializedName;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.request.Action;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Phase;
import com.openfaas.function.verify.Edge.Mtls;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The result of a run in one word, its HTTP status, and the rules by which a run has it. */
public enum Outcome {
  /** Everything that should be meshed is; nothing was changed. */
  @SerializedName("meshed")
  MESHED("meshed", 200),
  /** Something was changed, and everything awaited is meshed. */
  @SerializedName("changed")
  CHANGED("changed", 200),
  /** Something is left, or rollouts are in progress; the next run continues from there. */
  @SerializedName("inProgress")
  IN_PROGRESS("inProgress", 200),
  /** Nothing was changed: a signed revert asked to leave the platform alone. */
  @SerializedName("held")
  HELD("held", 200),
  /** All that can be meshed is; what failed in an earlier run is left as it is. */
  @SerializedName("degraded")
  DEGRADED("degraded", 200),
  /** The same, and this run tried some of them. */
  @SerializedName("degraded")
  DEGRADED_NOW("degraded", 500),
  @SerializedName("observed")
  OBSERVED("observed", 200),
  @SerializedName("planned")
  PLANNED("planned", 200),
  /** Every edge that should be meshed is proven. */
  @SerializedName("verified")
  VERIFIED("verified", 200),
  /** An edge that should be meshed is not proven, and none was seen in plaintext. */
  @SerializedName("unproven")
  UNPROVEN("unproven", 200),
  /** The same word for callers that read it; the status is for those that read only that. */
  @SerializedName("unproven")
  PLAINTEXT("unproven", 500),
  /** What this function had changed is as it was before. */
  @SerializedName("reverted")
  REVERTED("reverted", 200),
  /** Another run holds the Lease. */
  @SerializedName("busy")
  BUSY("busy", 409),
  /** Preflight failed; nothing was touched. */
  @SerializedName("blocked")
  BLOCKED("blocked", 503),
  /** A step failed and was undone; nothing further was touched. */
  @SerializedName("rolledBack")
  ROLLED_BACK("rolledBack", 500),
  /** A step failed and could not be undone, or an unexpected error. */
  @SerializedName("failed")
  FAILED("failed", 500);

  public final int status;
  private final String word;

  Outcome(String word, int status) {
    this.word = word;
    this.status = status;
  }

  /** Sums a run up. The first matching rule decides. */
  static Outcome of(RunRecord record, List<WorkloadEntry> workloads) {
    if (record.waitIsOver && record.problem == null) {
      return IN_PROGRESS;
    }
    return record.results.isEmpty()
        ? ofNothingDone(record, workloads)
        : ofResults(record, workloads);
  }

  private static Outcome ofNothingDone(RunRecord record, List<WorkloadEntry> workloads) {
    Action action = record.invocation.action;
    if (record.problem != null) {
      return FAILED;
    }
    if (record.busy != null) {
      return BUSY;
    }
    if (record.isHeld()) {
      return HELD;
    }
    // A failed check does not hide what these observe.
    if (record.before != null && (action == Action.STATUS || action == Action.VERIFY)) {
      return action == Action.STATUS ? OBSERVED : ofProof(record);
    }
    if (record.hasFailedCheck()) {
      return BLOCKED;
    }
    return action == Action.PLAN ? PLANNED : ofNothingToDo(record, workloads);
  }

  private static Outcome ofNothingToDo(RunRecord record, List<WorkloadEntry> workloads) {
    return record.invocation.action == Action.REVERT
        ? ofRevert(record)
        : ofRest(record, workloads, MESHED);
  }

  private static Outcome ofRevert(RunRecord record) {
    return record.unreverted().isEmpty() ? REVERTED : FAILED;
  }

  /** What was not read is not proven. */
  private static Outcome ofProof(RunRecord record) {
    if (!record.before.gateway.isKnown()) {
      return BLOCKED;
    }
    Set<Mtls> due = record.dueEdges().stream().map(edge -> edge.mtls).collect(Collectors.toSet());
    if (due.contains(Mtls.PLAINTEXT)) {
      return PLAINTEXT;
    }
    boolean proven = due.equals(Set.of(Mtls.PROVEN));
    return proven && record.before.missing.isEmpty() ? VERIFIED : UNPROVEN;
  }

  private static Outcome ofResults(RunRecord record, List<WorkloadEntry> workloads) {
    if (record.problem != null || any(record, result -> result.phase == Phase.FAILED)) {
      return FAILED;
    }
    if (any(record, result -> endsTheRun(record, result))) {
      return ROLLED_BACK;
    }
    if (any(record, Outcome::isLeftOpen)) {
      return IN_PROGRESS;
    }
    if (record.invocation.action == Action.REVERT) {
      return ofRevert(record);
    }
    if (any(record, result -> result.phase == Phase.ROLLED_BACK)) {
      boolean known = record.lastRun != null && record.lastRun.knew(record);
      return known ? DEGRADED : DEGRADED_NOW;
    }
    return ofRest(record, workloads, CHANGED);
  }

  /** If nothing has failed in this run. */
  private static Outcome ofRest(RunRecord record, List<WorkloadEntry> workloads, Outcome whole) {
    if (workloads.stream().anyMatch(entry -> entry.isLeft(record))) {
      return IN_PROGRESS;
    }
    boolean degraded = record.plan != null && !record.plan.failed.isEmpty();
    return degraded ? DEGRADED : whole;
  }

  /** The mesh is at fault, or rolling back was all there was to do. */
  private static boolean endsTheRun(RunRecord record, StepResult result) {
    boolean onlyBack =
        result.step.wave == Wave.PUT_BACK || record.invocation.action == Action.REVERT;
    return result.phase == Phase.WITHHELD || (result.phase == Phase.ROLLED_BACK && onlyBack);
  }

  /** The last steps are not awaited; a step not started is left, in whichever wave. */
  private static boolean isLeftOpen(StepResult result) {
    return result.phase == Phase.NOT_STARTED || (result.phase.isOpen() && result.step.wave.awaited);
  }

  private static boolean any(RunRecord record, Predicate<StepResult> rule) {
    return record.results.stream().anyMatch(rule);
  }

  public boolean isSuccess() {
    return status < 300;
  }

  /** Whether it sums up edges. */
  boolean isOfProof() {
    return this == VERIFIED || this == UNPROVEN || this == PLAINTEXT;
  }

  @Override
  public String toString() {
    return word;
  }
}
