package com.openfaas.function.report;

import com.google.gson.annotations.SerializedName;
import com.openfaas.function.plan.Step;
import com.openfaas.function.rollout.StepResult;
import java.util.Locale;

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

  static Change of(StepResult result) {
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
