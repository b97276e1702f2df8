package com.openfaas.function.report;

import com.google.gson.annotations.SerializedName;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Problem;
import java.util.Locale;

/** What the operator should know: what, on which object, what was observed; what to do. */
public final class Finding {
  public final String code;
  public final Severity severity;
  public final String subject;
  public final String message;
  public final String hint;

  Finding(Severity severity, Problem problem) {
    this.code = problem.code;
    this.severity = severity;
    this.subject = problem.subject;
    this.message = problem.message;
    this.hint = problem.hint;
  }

  /** Whether it is about a workload next to the gateway that is not changed. */
  public boolean isNotCovered() {
    return Code.NOT_COVERED.is(code) || Code.NATS_CLIENT_NOT_COVERED.is(code);
  }

  Finding hinted(String words) {
    return new Finding(severity, new Problem(code, subject, message, words));
  }

  /** How severe it is. */
  public enum Severity {
    @SerializedName("error")
    ERROR,
    @SerializedName("warning")
    WARNING,
    @SerializedName("info")
    INFO;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
