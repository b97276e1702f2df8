package com.openfaas.function.report;

import com.openfaas.function.verify.Watched.FunctionCaller;

/** A caller of a function past the gateway, in the JSON report. */
public final class CallerEntry {
  public final String function;
  public final String account;
  public final String identity;
  public final long requests;
  public final long refused;
  public final String since;

  CallerEntry(FunctionCaller caller) {
    this.function = caller.function;
    this.account = caller.account;
    this.identity = caller.identity;
    this.requests = caller.requests;
    this.refused = caller.refused;
    this.since = caller.since == null ? null : caller.since.toString();
  }

  /** {@code namespace/account}, else its identity, else that it has none. */
  public String name() {
    String named = account.isEmpty() ? identity : account;
    return named.isEmpty() ? "without identity" : named;
  }

  /** How often and since when, in words. */
  String counted() {
    String calls = requests + (requests == 1 ? " call" : " calls");
    return (refused == 0 ? calls : calls + ", " + refused + " refused")
        + " since "
        + (since == null ? "its proxies began" : since);
  }
}
