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
  /** Left to the next run. */
  @SerializedName("pending")
  PENDING,
  /** Changed when the answer is out. */
  @SerializedName("deferred")
  DEFERRED,
  /** Somebody else changed or deleted it meanwhile. */
  @SerializedName("overtaken")
  OVERTAKEN,
  @SerializedName("failed")
  FAILED;

  static Change of(StepResult result) {
    switch (result.kind) {
      case DONE:
      case ROLLING:
        return result.step.reason == Step.Reason.ENABLE ? ENABLED : RESTARTED;
      case DEFERRED:
        return DEFERRED;
      case OVERTAKEN:
        return OVERTAKEN;
      case FAILED:
        return FAILED;
      default:
        return PENDING;
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
