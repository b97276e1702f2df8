package com.openfaas.function.rollout;

import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Problem;
import java.time.Duration;
import java.util.Objects;

/** The result of one step. */
public final class StepResult {
  public final Step step;
  public final Phase phase;

  /** Set if the step failed or was rolled back; otherwise null. */
  public final Problem problem;

  /** From the patch to the end, or to now. */
  public final Duration took;

  private StepResult(Step step, Phase phase, Problem problem, Duration took) {
    this.step = Objects.requireNonNull(step);
    this.phase = Objects.requireNonNull(phase);
    this.problem = problem;
    this.took = Objects.requireNonNull(took);
  }

  public static StepResult of(Step step, Phase phase, Duration took) {
    return new StepResult(step, phase, null, took);
  }

  /** The result of a step whose patch the API server did not accept. */
  static StepResult refused(Step step, Problem problem) {
    if (step.workload != null && step.isIn(step.workload.template.annotations)) {
      // An earlier run has made the change: the object is not as it was before.
      return failed(step, problem, Duration.ZERO);
    }
    if (problem.is(Code.NOT_FOUND)) {
      return superseded(step, FailureMessages.gone(step), Duration.ZERO);
    }
    // Refused by admission, for example: the object is as it was.
    return problem.is(Code.API_REFUSED, Code.ADMISSION_REFUSED, Code.FORBIDDEN, Code.CONFLICT)
        ? rolledBack(step, problem, Duration.ZERO)
        : failed(step, problem, Duration.ZERO);
  }

  public static StepResult failed(Step step, Problem problem, Duration took) {
    return new StepResult(step, Phase.FAILED, problem, took);
  }

  public static StepResult rolledBack(Step step, Problem problem, Duration took) {
    return new StepResult(step, Phase.ROLLED_BACK, problem, took);
  }

  public static StepResult superseded(Step step, Problem problem, Duration took) {
    return new StepResult(step, Phase.SUPERSEDED, problem, took);
  }

  /** One failed object does not stop the others. */
  boolean letsOthersGoOn() {
    boolean over = phase.isOpen() && step.wave.awaited;
    // If functions still refuse a gateway without a proxy, meshing on would prolong the outage.
    boolean shut = step.wave == Wave.UNPROTECT && isFailure();
    boolean concernsEveryStep = problem != null && problem.concernsEveryRequest();
    return !over && !shut && !concernsEveryStep && phase != Phase.WITHHELD;
  }

  boolean isFailure() {
    return phase == Phase.ROLLED_BACK || phase == Phase.FAILED;
  }

  /** Whether another run has to continue it. */
  public boolean isLeft() {
    return phase.isOpen() || phase == Phase.FAILED || phase == Phase.DEFERRED;
  }

  /** The outcome of a step. */
  public enum Phase {
    /** Changed, and everything awaited has completed. */
    DONE,
    /** Changed; its rollout goes on. */
    ROLLING,
    /** To be changed after the answer. */
    DEFERRED,
    /** Not started: the budget was over, or an earlier step failed. */
    NOT_STARTED,
    /** Not started: earlier failures show that the mesh itself is at fault. */
    WITHHELD,
    /** Deleted, or replaced by somebody else meanwhile. */
    SUPERSEDED,
    /** Failed, and its object is as it was before. */
    ROLLED_BACK,
    /** Failed, and could not be rolled back. */
    FAILED;

    /** Whether something is left for the next run. */
    public boolean isOpen() {
      return this == ROLLING || this == NOT_STARTED;
    }
  }
}
