package com.openfaas.function.verify;

import java.time.Instant;
import java.util.Objects;

/** Who called a function past the gateway, as the proxies of the function's pods counted it. */
public final class FunctionCaller {
  /** {@code NAMESPACE/ACCOUNT}; empty: without identity, or of no ServiceAccount. */
  public final String account;

  /** As the proxies saw it; empty: without identity. */
  public final String identity;

  /** {@code namespace/name} of the function. */
  public final String function;

  /** Requests that got through to the function. */
  public final long requests;

  /** Requests that its proxies refused. */
  public final long refused;

  /** When the first of the proxies began that counted them; null where they do not tell. */
  public final Instant since;

  public FunctionCaller(
      String account,
      String identity,
      String function,
      long requests,
      long refused,
      Instant since) {
    this.account = Objects.requireNonNull(account);
    this.identity = Objects.requireNonNull(identity);
    this.function = Objects.requireNonNull(function);
    this.requests = requests;
    this.refused = refused;
    this.since = since;
  }
}
