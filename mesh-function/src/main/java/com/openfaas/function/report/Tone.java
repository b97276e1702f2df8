package com.openfaas.function.report;

import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.verify.Edge.Mtls;
import java.util.Locale;

/** Severity, in rising order; on the page, the meaning of a colour. */
public enum Tone {
  GOOD,
  QUIET,
  BUSY,
  WARN,
  BAD;

  public static Tone of(State state) {
    switch (state) {
      case MESHED:
        return GOOD;
      case UNMESHED:
        return BAD;
      case ROLLING:
        return BUSY;
      case IDLE:
      case OPTED_OUT:
        return QUIET;
      default:
        return WARN;
    }
  }

  public static Tone of(Mtls mtls) {
    return mtls == Mtls.PROVEN ? GOOD : mtls == Mtls.PLAINTEXT ? BAD : WARN;
  }

  public static Tone of(Severity severity) {
    return severity == Severity.ERROR ? BAD : severity == Severity.WARNING ? WARN : QUIET;
  }

  public static Tone of(Check.Status status) {
    switch (status) {
      case PASS:
        return GOOD;
      case WARN:
        return WARN;
      case FAIL:
        return BAD;
      default:
        return QUIET;
    }
  }

  /** The name of its class in the stylesheet. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
