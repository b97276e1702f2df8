package com.openfaas.function.platform;

import java.util.Objects;

/** Whether a caller is let in, and what decides that. */
public final class Admission {
  public final Answer answer;

  /** The object or the setting that decides, and where it matters why. */
  public final String by;

  Admission(Answer answer, String by) {
    this.answer = Objects.requireNonNull(answer);
    this.by = Objects.requireNonNull(by);
  }

  public boolean is(Answer other) {
    return answer == other;
  }

  /** What came of judging. */
  public enum Answer {
    ADMITTED,
    REFUSED,
    /** It hangs on what was not read, or on the request. */
    UNCERTAIN
  }
}
