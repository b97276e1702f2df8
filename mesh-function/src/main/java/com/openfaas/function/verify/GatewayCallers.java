package com.openfaas.function.verify;

import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.verify.Edge.Mtls;
import com.openfaas.function.verify.Edge.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Who has called the gateway over TLS: queue-worker, ingress controllers. A run sends nothing over
 * these edges, so they are judged by all that the gateway's proxy has counted since it started, and
 * they do not decide whether a run is verified.
 */
final class GatewayCallers {
  private static final Set<Role> CORE = Set.of(Role.CORE, Role.INGRESS);

  private final Platform platform;
  private final EdgeEndpoint gateway;

  GatewayCallers(Platform platform, EdgeEndpoint gateway) {
    this.platform = platform;
    this.gateway = gateway;
  }

  /**
   * An edge for each identity that is not a function's. Several callers can share an identity; the
   * caller is named only if it has its own.
   *
   * @param asked whether a caller is in scope; null stands for one outside the platform
   */
  List<Edge> edges(Predicate<Workload> asked) {
    Map<String, List<Series>> byClient = new TreeMap<>();
    gateway.deltas.stream()
        .flatMap(delta -> delta.sinceStart().stream())
        .filter(series -> series.isReceived() && series.isEncrypted())
        .filter(series -> !series.label("client_id").isEmpty())
        .forEach(
            s -> byClient.computeIfAbsent(s.label("client_id"), i -> new ArrayList<>()).add(s));
    List<Edge> edges = new ArrayList<>();
    byClient.forEach(
        (client, series) -> {
          List<Workload> named = of(client);
          Workload caller = named.size() == 1 ? named.get(0) : null;
          String from = caller == null ? Identity.accountOf(client) : caller.key();
          if (from != null && CORE.containsAll(roles(named)) && asked.test(caller)) {
            edges.add(edge(from, client, series));
          }
        });
    return edges;
  }

  /** Null unless a client without a proxy calls the gateway; probes do not count. */
  Problem inPlaintext() {
    double requests =
        gateway.deltas.stream()
            .flatMap(delta -> delta.sinceStart().stream())
            .filter(series -> series.isReceived() && series.isPlain())
            .filter(series -> series.name.equals(Metrics.REQUESTS))
            .filter(series -> series.label("target_port").equals("8080"))
            // Without routes, as in proxies before 2.12, probes look like other requests.
            .filter(series -> !Set.of("", "probe").contains(series.label("route_name")))
            .mapToDouble(series -> series.grown)
            .sum();
    return requests == 0
        ? null
        : new Problem(
            Code.GATEWAY_CALLED_IN_PLAINTEXT,
            gateway.workload.subject(),
            "its proxy has counted "
                + Math.round(requests)
                + " requests without TLS since it started",
            "they come from callers without a proxy: an ingress controller, or outside the"
                + " cluster");
  }

  private Edge edge(String from, String client, List<Series> series) {
    return new Edge(
        from,
        gateway.workload.key(),
        Mtls.PROVEN,
        client,
        "",
        Traffic.of(series),
        "counted since the gateway's proxy started, not in this run; named by the identity alone");
  }

  private List<Workload> of(String client) {
    return platform.workloads.stream()
        .filter(
            workload ->
                workload.pods.stream()
                    .anyMatch(pod -> Identity.of(workload, pod, platform.controlPlane).is(client)))
        .collect(Collectors.toList());
  }

  private static Set<Role> roles(List<Workload> workloads) {
    return workloads.stream().map(workload -> workload.role).collect(Collectors.toSet());
  }
}
