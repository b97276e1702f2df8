package com.openfaas.function.preflight;

import com.google.gson.annotations.SerializedName;
import com.openfaas.function.platform.Problem;
import java.util.Locale;
import java.util.Objects;

/** One check and its result. A skipped one says why. */
public final class Check {
  public final String id;
  public final Status status;
  public final String message;
  public final String hint;

  private Check(String id, Status status, String message, String hint) {
    this.id = Objects.requireNonNull(id);
    this.status = Objects.requireNonNull(status);
    this.message = Objects.requireNonNull(message);
    this.hint = Objects.requireNonNull(hint);
  }

  static Check pass(String id, String message) {
    return new Check(id, Status.PASS, message, "");
  }

  static Check skipped(String id, String why) {
    return new Check(id, Status.SKIPPED, why, "");
  }

  static Check skipped(String id, Problem problem) {
    return new Check(id, Status.SKIPPED, problem.toString(), problem.hint);
  }

  static Check warn(String id, String message, String hint) {
    return new Check(id, Status.WARN, message, hint);
  }

  static Check fail(String id, String message, String hint) {
    return new Check(id, Status.FAIL, message, hint);
  }

  static Check fail(String id, Problem problem) {
    return fail(id, problem.toString(), problem.hint);
  }

  /** The same with another hint. */
  public Check hinted(String words) {
    return new Check(id, status, message, words);
  }

  public boolean failed() {
    return status == Status.FAIL;
  }

  /** Only a failed check stops a run. */
  public enum Status {
    @SerializedName("pass")
    PASS,
    @SerializedName("warn")
    WARN,
    @SerializedName("fail")
    FAIL,
    @SerializedName("skipped")
    SKIPPED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
