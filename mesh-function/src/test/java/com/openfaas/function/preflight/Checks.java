package com.openfaas.function.preflight;

/** Checks that came of asking a cluster, for tests of what is made of them. */
public final class Checks {
  private Checks() {}

  /** A check by the word for its status. */
  public static Check of(String id, String status, String message, String hint) {
    switch (status) {
      case "pass":
        return Check.pass(id, message);
      case "warn":
        return Check.warn(id, message, hint);
      case "fail":
        return Check.fail(id, message, hint);
      default:
        return Check.skipped(id, message);
    }
  }
}
