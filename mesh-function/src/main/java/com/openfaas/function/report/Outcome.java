package com.openfaas.function.report;

import com.google.gson.annotations.SerializedName;

/** The result of a run in one word, and its HTTP status. */
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
