package com.openfaas.function.rollout;

import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Problem;
import java.time.Duration;
import java.util.Objects;

/** What came of one step. */
public final class StepResult {
  public final Step step;
  public final Kind kind;

  /** Set where the step failed or was put back; otherwise null. */
  public final Problem problem;

  /** From the patch to the end, or to now. */
  public final Duration took;

  private StepResult(Step step, Kind kind, Problem problem, Duration took) {
    this.step = Objects.requireNonNull(step);
    this.kind = Objects.requireNonNull(kind);
    this.problem = problem;
    this.took = Objects.requireNonNull(took);
  }

  static StepResult of(Step step, Kind kind, Duration took) {
    return new StepResult(step, kind, null, took);
  }

  static StepResult failed(Step step, Problem problem, Duration took) {
    return new StepResult(step, Kind.FAILED, problem, took);
  }

  static StepResult rolledBack(Step step, Problem problem, Duration took) {
    return new StepResult(step, Kind.ROLLED_BACK, problem, took);
  }

  static StepResult overtaken(Step step, Problem problem, Duration took) {
    return new StepResult(step, Kind.OVERTAKEN, problem, took);
  }

  boolean letsOthersGoOn() {
    return kind == Kind.DONE
        || kind == Kind.OVERTAKEN
        || kind == Kind.DEFERRED
        || (kind == Kind.ROLLING && !step.wave.awaited);
  }

  /** What became of a step. */
  public enum Kind {
    /** Changed, and all that was waited for came true. */
    DONE,
    /** Changed; its rollout goes on. */
    ROLLING,
    /** Changed later, when the answer is out. */
    DEFERRED,
    /** Not begun: the budget was over, or an earlier step failed. */
    NOT_STARTED,
    /** Gone, or replaced by somebody else meanwhile. */
    OVERTAKEN,
    /** Failed, and its object is as it was before. */
    ROLLED_BACK,
    /** Failed, and could not be put back. */
    FAILED;

    /** Whether something is left for the next run. */
    public boolean isOpen() {
      return this == ROLLING || this == NOT_STARTED;
    }
  }
}
