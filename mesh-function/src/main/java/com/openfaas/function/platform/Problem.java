package com.openfaas.function.platform;

import java.util.Objects;

/** Something that is not as it should be: what, on what, what was observed; and what to do. */
public final class Problem {
  /** A stable word to branch on. */
  public final String code;

  /** The object it is about, as {@code kind namespace/name}. */
  public final String subject;

  public final String message;
  public final String hint;

  public Problem(String code, String subject, String message, String hint) {
    this.code = Objects.requireNonNull(code);
    this.subject = Objects.requireNonNull(subject);
    this.message = Objects.requireNonNull(message);
    this.hint = Objects.requireNonNull(hint);
  }

  /**
   * One line for a log, which may be read on a terminal: it often quotes others (names,
   * annotations, messages of pods), so control characters, and marks that turn or hide text, become
   * blanks.
   */
  @Override
  public String toString() {
    return (subject + ": " + message).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ");
  }
}
