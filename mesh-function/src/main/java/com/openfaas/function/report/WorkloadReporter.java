package com.openfaas.function.report;

import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.MeshStatus;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.request.Action;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Phase;

/** Collects what the report contains on one workload. */
final class WorkloadReporter {
  final Workload workload;
  final State before;
  final State after;
  final Change change;
  final String code;
  final String message;
  final double seconds;

  /** What was done to it; null if nothing was. */
  final Step step;

  /** Changed by one of the last two steps, which are not awaited. */
  final boolean patchedLast;

  /**
   * @param before its first state; null if it did not exist
   * @param latest its latest observed state
   * @param planned what the plan has for it; empty if nothing
   * @param result the result of that, or null
   */
  WorkloadReporter(
      Workload workload, MeshStatus before, MeshStatus latest, String planned, StepResult result) {
    this.workload = workload;
    this.before = before == null ? null : before.state;
    this.step = result == null ? null : result.step;
    this.change = change(planned, result);
    this.seconds = result == null ? 0 : Math.round(result.took.toMillis() / 10.0) / 100.0;
    this.patchedLast =
        result != null
            && !result.step.wave.awaited
            && (result.phase == Phase.ROLLING || result.phase == Phase.DEFERRED);
    MeshStatus status = status(latest, planned, result);
    this.after = status.state;
    this.code = status.code;
    this.message = status.message;
  }

  /** Whether it is in scope and neither as it should be nor just patched. */
  boolean isLeft(RunRecord record) {
    boolean stale = record.invocation.action == Action.REFRESH && after == State.STALE;
    return (after.isUnfinished() || stale)
        && !patchedLast
        && !record.plan.givesUp(workload)
        && record.scope().wants(workload);
  }

  /** Whether the same action, invoked again at once, would continue it. */
  boolean isTried(RunRecord record) {
    return isLeft(record) && !record.plan.postpones(workload.subject());
  }

  /** The latest observation precedes the last two patches, and does not say why a step failed. */
  private static MeshStatus status(MeshStatus latest, String planned, StepResult result) {
    if (result == null) {
      return planned.isEmpty() ? latest : yet(latest, planned);
    }
    if (result.problem != null) {
      return new MeshStatus(latest.state, result.problem.code, result.problem.message);
    }
    if (result.phase == Phase.DEFERRED) {
      return yet(latest, "it is changed after this answer");
    }
    return result.phase == Phase.ROLLING && !result.step.wave.awaited
        ? new MeshStatus(State.ROLLING, Code.ROLLOUT_UNDER_WAY, "its new pod is starting")
        : latest;
  }

  private static MeshStatus yet(MeshStatus latest, String what) {
    // The state already says that injection was not asked for.
    boolean plain = Code.INJECTION_ENABLE_ANNOTATION_ABSENT.is(latest.code);
    String now = plain || latest.message.isEmpty() ? "" : "; now: " + latest.message;
    return new MeshStatus(latest.state, latest.code, what + now);
  }

  private static Change change(String planned, StepResult result) {
    if (result != null) {
      return Change.of(result);
    }
    return planned.isEmpty() ? Change.NONE : Change.PLANNED;
  }
}
