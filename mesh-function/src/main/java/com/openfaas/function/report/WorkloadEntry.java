package com.openfaas.function.report;

import com.google.gson.annotations.SerializedName;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.MeshStatus;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.request.Action;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Phase;
import java.util.Locale;

/** A workload in the report: state before and after, what was done, and why. */
public final class WorkloadEntry {
  public final String role;
  public final String kind;
  public final String namespace;
  public final String name;
  public final int replicas;
  public final State before;
  public final State after;
  public final Change change;
  public final String code;
  public final String message;
  public final double seconds;

  final transient Workload workload;

  /** What was done to it; null if nothing was. */
  final transient Step step;

  /** Changed by one of the last two steps, which are not awaited. */
  final transient boolean patchedLast;

  /**
   * @param before its first state; null if it did not exist
   * @param latest its latest observed state
   * @param planned what the plan has for it; empty if nothing
   * @param result the result of that, or null
   */
  WorkloadEntry(
      Workload workload, MeshStatus before, MeshStatus latest, String planned, StepResult result) {
    this.workload = workload;
    this.role = workload.role.toString();
    this.kind = workload.object.kind.toString();
    this.namespace = workload.namespace;
    this.name = workload.name;
    this.replicas = workload.rollout.wanted;
    this.before = before == null ? null : before.state;
    this.step = result == null ? null : result.step;
    this.change = Change.of(planned, result);
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

  /** What a run did to an object. */
  public enum Change {
    @SerializedName("none")
    NONE,
    /** A run would change it. */
    @SerializedName("planned")
    PLANNED,
    @SerializedName("enabled")
    ENABLED,
    @SerializedName("restarted")
    RESTARTED,
    /** Its rollout failed, and its change was rolled back. */
    @SerializedName("rolledBack")
    ROLLED_BACK,
    @SerializedName("reverted")
    REVERTED,
    /** Left to the next run. */
    @SerializedName("pending")
    PENDING,
    /** To be changed after the answer. */
    @SerializedName("deferred")
    DEFERRED,
    /** Somebody else changed or deleted it meanwhile. */
    @SerializedName("superseded")
    SUPERSEDED,
    @SerializedName("failed")
    FAILED;

    /**
     * What was done, or would be.
     *
     * @param planned what the plan has for the object; empty if nothing
     * @param result the result of that, or null
     */
    static Change of(String planned, StepResult result) {
      if (result == null) {
        return planned.isEmpty() ? NONE : PLANNED;
      }
      switch (result.phase) {
        case DONE:
        case ROLLING:
          return of(result.step.reason);
        case ROLLED_BACK:
          return ROLLED_BACK;
        case DEFERRED:
          return DEFERRED;
        case SUPERSEDED:
          return SUPERSEDED;
        case FAILED:
          return FAILED;
        default:
          return PENDING;
      }
    }

    private static Change of(Step.Reason reason) {
      switch (reason) {
        case ENABLE:
          return ENABLED;
        case REVERT:
          return REVERTED;
        default:
          return RESTARTED;
      }
    }

    /** For use in a sentence. */
    public String words() {
      return this == ROLLED_BACK ? "rolled back" : toString();
    }

    @Override
    public String toString() {
      return this == ROLLED_BACK ? "rolledBack" : name().toLowerCase(Locale.ROOT);
    }
  }
}
