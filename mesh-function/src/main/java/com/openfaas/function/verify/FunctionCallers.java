package com.openfaas.function.verify;

import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.MeshStatus;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.verify.EdgeEndpoint.MetricsDelta;
import com.openfaas.function.verify.Watched.FunctionCaller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lists the functions' callers, by the functions' proxies. A proxy counts each request it admits or
 * refuses with its client's identity, for as long as the proxy runs: other counters expire after
 * ten idle minutes, these do not (linkerd2-proxy linkerd/app/inbound/src/metrics/authz.rs). The
 * counter is the same with and without a Server.
 */
final class FunctionCallers {

  private final Platform platform;
  private final List<Identity> gateway;
  private final List<Identity> allowed;
  private final Map<String, List<MetricsDelta>> deltas;
  private final List<FunctionCaller> callers = new ArrayList<>();
  private final List<Problem> unwatched = new ArrayList<>();
  private final Map<String, Instant> since = new TreeMap<>();
  private final Map<String, Map<String, Long>> admitted = new TreeMap<>();
  private final Map<String, Long> refused = new TreeMap<>();

  /**
   * Callers by what was read.
   *
   * @param deltas of the serving pods of each workload, by its key
   */
  FunctionCallers(Scope scope, Map<String, List<MetricsDelta>> deltas) {
    this.platform = scope.platform;
    this.gateway = platform.gateway.isKnown() ? identities(platform.gateway.value) : List.of();
    this.allowed =
        Stream.concat(scope.policy.callers.stream(), own().stream())
            .map(account -> account.split("/", 2))
            .map(account -> Identity.of(account[0], account[1], platform.controlPlane))
            .collect(Collectors.toList());
    this.deltas = deltas;
  }

  /** The accounts of mesh-setup's pods alone: its own test calls are not foreign callers. */
  private Set<String> own() {
    Map<Boolean, Set<String>> accounts =
        platform.workloads.stream()
            .collect(
                Collectors.partitioningBy(
                    workload -> workload.role == Role.SELF,
                    Collectors.flatMapping(
                        workload -> accounts(workload).stream(), Collectors.toSet())));
    accounts.get(true).removeAll(accounts.get(false));
    return accounts.get(true);
  }

  private static List<String> accounts(Workload workload) {
    return workload.pods.stream()
        .map(pod -> workload.namespace + "/" + pod.account)
        .collect(Collectors.toList());
  }

  Watched of(List<Workload> functions) {
    for (Workload function : functions) {
      List<MetricsDelta> its = deltas.getOrDefault(function.key(), List.of());
      count(function, its);
      Problem unseen = unseen(function, its);
      if (unseen != null) {
        unwatched.add(unseen);
      } else {
        List<Instant> began =
            its.stream()
                .map(delta -> delta.last.value.started())
                .filter(Objects::nonNull)
                .sorted()
                .collect(Collectors.toList());
        if (began.size() == its.size()) {
          since.put(function.key(), began.get(began.size() - 1));
        }
      }
    }
    return new Watched(callers, unwatched, since, admitted, refused);
  }

  private void count(Workload function, List<MetricsDelta> its) {
    Map<String, long[]> byClient = new TreeMap<>();
    Map<String, Instant> began = new TreeMap<>();
    for (MetricsDelta delta : its) {
      for (Series series : delta.sinceStart()) {
        String client = series.label("client_id");
        if (!series.tellsOfJudgement() || series.isOfProbe()) {
          continue;
        }
        int of = series.name.equals(Metrics.DENIED) ? 1 : 0;
        refused.merge(function.key(), of * Math.round(series.grown), Long::sum);
        if (isOf(gateway, client)) {
          admit(function, series);
        } else if (!isOf(allowed, client)) {
          byClient.computeIfAbsent(client, key -> new long[2])[of] += Math.round(series.grown);
          Instant start = delta.last.value.started();
          if (start != null) {
            began.merge(client, start, (one, other) -> one.isBefore(other) ? one : other);
          }
        }
      }
    }
    byClient.forEach(
        (client, counts) ->
            callers.add(
                new FunctionCaller(
                    Objects.requireNonNullElse(Identity.accountOf(client), ""),
                    client,
                    function.key(),
                    counts[0],
                    counts[1],
                    began.get(client))));
  }

  private void admit(Workload function, Series series) {
    if (!series.authorization().isEmpty()) {
      admitted
          .computeIfAbsent(function.key(), key -> new TreeMap<>())
          .merge(series.authorization(), Math.round(series.grown), Long::sum);
    }
  }

  private static boolean isOf(List<Identity> identities, String client) {
    return identities.stream().anyMatch(identity -> identity.is(client));
  }

  /** Why the function may have callers that are not counted; null if it cannot. */
  private Problem unseen(Workload function, List<MetricsDelta> its) {
    if (function.rollout.wanted == 0) {
      return unseen(
          function,
          "it is idle, without a pod",
          "nothing to do: callers are counted from its next pod on");
    }
    if (its.isEmpty()) {
      return unseen(function, "it has no ready pod", "check again when it has one");
    }
    for (MetricsDelta delta : its) {
      if (!delta.pod.isMeshed()) {
        return withoutProxy(function);
      }
      if (!delta.last.isKnown()) {
        Problem unread = delta.last.problem;
        return unseen(function, "a proxy cannot be read: " + unread.message, unread.hint);
      }
      if (delta.sinceStart().stream().anyMatch(FunctionCallers::isWithoutRoute)) {
        return unseen(
            function,
            "one of its proxies does not distinguish probes from other calls",
            "proxies from Linkerd 2.12 on do: invoke refresh");
      }
    }
    return passedBy(function);
  }

  private Problem passedBy(Workload function) {
    return Stream.of(Annotations.SKIP_INBOUND_PORTS, Annotations.OPAQUE_PORTS)
        .filter(key -> platform.passes(key, function))
        .findFirst()
        .map(
            key ->
                unseen(
                    function,
                    "its proxy sees no requests on port 8080, by the annotation " + key,
                    "take that port out of it, where the function or its namespace has it"))
        .orElse(null);
  }

  private Problem withoutProxy(Workload function) {
    MeshStatus status = platform.status(function);
    boolean out = status.state == State.OPTED_OUT;
    if (status.state == State.UNSUPPORTED) {
      String hint = "no apply meshes it: see the finding " + status.code;
      return unseen(function, "Linkerd cannot mesh it: " + status.message, hint);
    }
    return unseen(
        function,
        out ? "it has opted out of the mesh" : "not each of its pods has a proxy",
        function.howToMesh(platform.namespaceOf(function)));
  }

  private static boolean isWithoutRoute(Series series) {
    return series.tellsOfJudgement() && series.label("route_name").isEmpty();
  }

  private static Problem unseen(Workload function, String message, String hint) {
    return new Problem(Code.CALLERS_NOT_COUNTED, function.subject(), message, hint);
  }

  /** Of its present pods and of its next ones. */
  private List<Identity> identities(Workload workload) {
    return Stream.concat(
            Stream.of(platform.identity(workload)),
            workload.pods.stream().map(pod -> Identity.of(workload, pod, platform.controlPlane)))
        .collect(Collectors.toList());
  }
}
