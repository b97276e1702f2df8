package com.openfaas.function.platform;

import java.util.Objects;
import java.util.stream.Stream;

/** A problem: what it is, on which object, what was observed; and what to do. */
public final class Problem {
  /** A stable code to branch on. */
  public final String code;

  /** The object it is about, as {@code kind namespace/name}. */
  public final String subject;

  public final String message;

  /**
   * What to do. {@code invoke ACTION}, {@code invoke again} and {@code invoke {"action":...}} are
   * placeholders for commands, which the report writes out for this platform.
   */
  public final String hint;

  public Problem(Code code, String subject, String message, String hint) {
    this(code.toString(), subject, message, hint);
  }

  /** With a code that is passed on, or one of the ingress controllers' table. */
  public Problem(String code, String subject, String message, String hint) {
    this.code = Objects.requireNonNull(code);
    this.subject = Objects.requireNonNull(subject);
    this.message = Objects.requireNonNull(message);
    this.hint = Objects.requireNonNull(hint);
  }

  /** Whether the API server or our account is the cause: every further request would fail too. */
  public boolean concernsEveryRequest() {
    return is(Code.UNAUTHORIZED, Code.NO_ACCOUNT, Code.API_UNAVAILABLE, Code.API_UNREACHABLE);
  }

  /** Whether it has one of these codes. */
  public boolean is(Code... codes) {
    return Stream.of(codes).anyMatch(any -> any.is(code));
  }

  /**
   * One line for a log that may be read on a terminal. It often quotes others (names, annotations,
   * messages of pods), so control characters, and characters that reorder or hide text, become
   * spaces.
   */
  @Override
  public String toString() {
    return (subject + ": " + message).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ");
  }
}
