package com.openfaas.function.verify;

import com.openfaas.function.plan.Protection;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Who has called functions, by what their pods' proxies have counted since they started. A
 * restarted proxy counts from zero.
 */
public final class Watched {
  /** Nothing was observed. */
  public static final Watched NOTHING =
      new Watched(List.of(), List.of(), Map.of(), Map.of(), Map.of());

  /** Callers other than the gateway and {@code mesh_callers}; by function, then caller. */
  public final List<FunctionCaller> callers;

  /** Functions of which not every caller is counted, and why. */
  public final List<Problem> unwatched;

  /**
   * Since when every call of a function is counted, by {@code namespace/name}; only for functions
   * with a proxy in each pod that reports it.
   */
  public final Map<String, Instant> since;

  private final Map<String, Map<String, Long>> admitted;
  private final Map<String, Long> refused;

  /**
   * What was observed.
   *
   * @param admitted requests of the gateway, by function, then AuthorizationPolicy
   * @param refused requests of anybody, by function
   */
  public Watched(
      List<FunctionCaller> callers,
      List<Problem> unwatched,
      Map<String, Instant> since,
      Map<String, Map<String, Long>> admitted,
      Map<String, Long> refused) {
    this.callers = List.copyOf(callers);
    this.unwatched = List.copyOf(unwatched);
    this.since = Map.copyOf(since);
    this.admitted = Map.copyOf(admitted);
    this.refused = Map.copyOf(refused);
  }

  /**
   * What prevents enforcing that only the gateway calls these functions, by namespace: a caller
   * would be cut off, or that is not known.
   */
  public Map<String, List<Problem>> inTheWay(List<Workload> functions, Instant now) {
    Map<String, List<Problem>> found = new TreeMap<>();
    for (Workload function : functions) {
      List<Problem> of = found.computeIfAbsent(function.namespace, key -> new ArrayList<>());
      callers.stream()
          .filter(caller -> caller.function.equals(function.key()) && caller.requests > 0)
          .forEach(caller -> of.add(cut(function, caller)));
      boolean meshed = PodView.allMeshed(function.pods);
      List<Problem> unseen =
          unwatched.stream()
              .filter(problem -> problem.subject.equals(function.subject()))
              .collect(Collectors.toList());
      if (meshed) {
        of.addAll(unseen);
      }
      Instant began = since.get(function.key());
      if (began == null && unseen.isEmpty()) {
        of.add(tooShort(function, "not each of its proxies tells since when it counts"));
      } else if (began != null && began.plus(Protection.WATCHED).isAfter(now)) {
        of.add(tooShort(function, "its proxies count since " + began + " only"));
      }
    }
    return found;
  }

  private static Problem tooShort(Workload function, String what) {
    return new Problem(
        Code.COUNTED_TOO_SHORT,
        function.subject(),
        what + ": who calls seldom is not seen yet",
        "wait until they have counted for an hour");
  }

  private static Problem cut(Workload function, FunctionCaller caller) {
    String who = caller.identity.isEmpty() ? "a caller without identity" : caller.identity;
    return new Problem(
        Code.CALLER_WOULD_BE_CUT,
        function.subject(),
        who + " has called it past the gateway, requests: " + caller.requests,
        "have it call through the gateway, or name its ServiceAccount in mesh_callers;"
            + " then restart the function, so that its proxies count from zero");
  }

  /**
   * How many requests the proxies of a function have refused, from any caller.
   *
   * @param function {@code namespace/name}
   */
  public long refused(String function) {
    return refused.getOrDefault(function, 0L);
  }

  /**
   * How many of the gateway's requests were admitted to a function by an AuthorizationPolicy, not
   * by the route that Linkerd adds for probes, which admits everybody.
   *
   * @param function {@code namespace/name}
   * @param authorization the name of the AuthorizationPolicy
   */
  public long admitted(String function, String authorization) {
    return admitted.getOrDefault(function, Map.of()).getOrDefault(authorization, 0L);
  }

  /** A caller past the gateway, as the proxies of the function's pods counted it. */
  public static final class FunctionCaller {
    /** {@code NAMESPACE/ACCOUNT}; empty: without identity, or not a ServiceAccount. */
    public final String account;

    /** As the proxies saw it; empty: without identity. */
    public final String identity;

    /** {@code namespace/name} of the function. */
    public final String function;

    /** Requests that reached the function. */
    public final long requests;

    /** Requests that its proxies refused. */
    public final long refused;

    /** When the first of the proxies that counted them started; null if not reported. */
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
}
