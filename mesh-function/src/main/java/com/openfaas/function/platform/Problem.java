package com.openfaas.function.platform;

import java.util.Objects;
import java.util.stream.Stream;

/** Something that is not as it should be: what, on what, what was observed; and what to do. */
public final class Problem {
  /** A stable word to branch on. */
  public final String code;

  /** The object it is about, as {@code kind namespace/name}. */
  public final String subject;

  public final String message;

  /**
   * What to do. {@code invoke ACTION}, {@code invoke again} and {@code invoke {"action":...}} stand
   * for commands, as parts of their own: the report writes them out, for this platform.
   */
  public final String hint;

  public Problem(Code code, String subject, String message, String hint) {
    this(code.toString(), subject, message, hint);
  }

  /** Of a code that is passed on, or that the table of the controllers makes. */
  public Problem(String code, String subject, String message, String hint) {
    this.code = Objects.requireNonNull(code);
    this.subject = Objects.requireNonNull(subject);
    this.message = Objects.requireNonNull(message);
    this.hint = Objects.requireNonNull(hint);
  }

  /** Whether it has one of these codes. */
  public boolean is(Code... codes) {
    return Stream.of(codes).anyMatch(any -> any.is(code));
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
