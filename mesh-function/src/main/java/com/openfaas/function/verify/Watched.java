package com.openfaas.function.verify;

import com.openfaas.function.platform.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Who has called functions, by what the proxies of their pods have counted since they began. A
 * proxy that is restarted begins anew, and so does what is known of its function.
 */
public final class Watched {
  /** Nothing was looked at. */
  public static final Watched NOTHING = new Watched(List.of(), List.of(), Map.of(), Map.of());

  /** Who is neither the gateway nor allowed by {@code mesh_callers}; by function, then caller. */
  public final List<FunctionCaller> callers;

  /** Functions of which not every caller is counted, and why. */
  public final List<Problem> unwatched;

  /**
   * Since when every call of a function is counted, by {@code namespace/name}; of those functions
   * that have a proxy in each pod and whose proxies tell it.
   */
  public final Map<String, Instant> since;

  private final Map<String, Map<String, Long>> admitted;

  Watched(
      List<FunctionCaller> callers,
      List<Problem> unwatched,
      Map<String, Instant> since,
      Map<String, Map<String, Long>> admitted) {
    this.callers = List.copyOf(callers);
    this.unwatched = List.copyOf(unwatched);
    this.since = Map.copyOf(since);
    this.admitted = Map.copyOf(admitted);
  }

  /**
   * How many of the gateway's requests were admitted to a function by an AuthorizationPolicy: not
   * by the route that Linkerd makes for probes, which admits everybody.
   *
   * @param function {@code namespace/name}
   * @param authorization the name of the AuthorizationPolicy
   */
  public long admitted(String function, String authorization) {
    return admitted.getOrDefault(function, Map.of()).getOrDefault(authorization, 0L);
  }
}
