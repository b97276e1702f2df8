package com.openfaas.function.verify;

import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.InboundRules;
import com.openfaas.function.platform.InboundRules.Admission.Answer;
import com.openfaas.function.platform.InboundRules.Caller;
import com.openfaas.function.platform.InboundRules.Server;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.verify.Edge.Mtls;
import com.openfaas.function.verify.Edge.Traffic;
import com.openfaas.function.verify.EdgeEndpoint.MetricsDelta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Derives a proof from the metrics that were read. */
final class Assessment {
  private static final Set<Role> CORE = Set.of(Role.CORE, Role.INGRESS);
  private static final Duration USUAL_LIFE = Duration.ofHours(24);
  private static final int OVERDUE_PART = 5;

  final List<Problem> errors = new ArrayList<>();
  final List<Problem> warnings = new ArrayList<>();
  private final List<Edge> edges = new ArrayList<>();
  private final Platform platform;
  private final Map<String, List<MetricsDelta>> deltas;
  private final Map<String, Problem> unanswered;

  /**
   * What was read.
   *
   * @param deltas of the serving pods of each workload, by its key
   * @param unanswered the failed requests to each function
   */
  Assessment(
      Platform platform, Map<String, List<MetricsDelta>> deltas, Map<String, Problem> unanswered) {
    this.platform = platform;
    this.deltas = Map.copyOf(deltas);
    this.unanswered = Map.copyOf(unanswered);
  }

  /**
   * The proof for these functions, and for the gateway's other callers. Once for each assessment,
   * which keeps what it finds.
   *
   * @param asked whether a caller is in scope; null stands for one outside the platform
   * @param now for proxies that do not report their own time
   * @param watched who has called the functions
   */
  Proof proof(List<Workload> functions, Predicate<Workload> asked, Instant now, Watched watched) {
    Workload called = platform.gateway.value;
    EdgeEndpoint gateway = endpoint(called);
    functions.forEach(function -> evaluate(gateway, function));
    edges.addAll(gatewayCallers(asked));
    Stream.concat(Stream.of(called), functions.stream()).forEach(each -> certificates(each, now));
    Problem plaintext = asked.test(null) ? calledInPlaintext() : null;
    List<Problem> notes = plaintext == null ? List.of() : List.of(plaintext);
    return new Proof(edges, errors, warnings, notes, watched);
  }

  private void evaluate(EdgeEndpoint gateway, Workload function) {
    EdgeEndpoint callee = endpoint(function);
    EdgeEvaluation found = new EdgeEvaluation(gateway, callee, unanswered.get(function.key()));
    edges.add(found.edge.guarded(isProtected(callee)));
    if (found.problem != null && Proof.isDue(platform, found.edge)) {
      (found.edge.mtls == Mtls.PLAINTEXT ? errors : warnings).add(found.problem);
    }
  }

  private List<MetricsDelta> deltas(Workload workload) {
    return deltas.getOrDefault(workload.key(), List.of());
  }

  private EdgeEndpoint endpoint(Workload workload) {
    return new EdgeEndpoint(
        workload, deltas(workload), workload.howToMesh(platform.namespaceOf(workload)));
  }

  /**
   * Whether the function admits only callers named by an authorization: by Linkerd's policy
   * objects, and by the Server that its proxies report. A stored policy that has not reached the
   * proxies protects nothing. False if unknown.
   */
  boolean isProtected(EdgeEndpoint function) {
    if (!platform.inboundRules.isKnown()) {
      return false;
    }
    InboundRules rules = platform.inboundRules.value;
    Workload called = function.workload;
    String otherwise = platform.inboundPolicy(called);
    Identity nobody = Identity.of("nowhere", "nobody", platform.controlPlane);
    Caller stranger = new Caller(nobody, List.of());
    // Without a Server the proxies report the name of their default policy.
    String applied =
        rules.serversOf(called, Platform.PORT).stream()
            .findFirst()
            .map((Server server) -> server.name)
            .orElse(otherwise);
    return rules.admits(stranger, called, Platform.PORT, otherwise).is(Answer.REFUSED)
        && function.isJudgedBy(applied);
  }

  /**
   * Whether the proxies' certificates are valid and being renewed. A proxy asks for a new one after
   * 70 % of the old one's lifetime (linkerd2-proxy linkerd/app/core/src/control or identity
   * client), and retries: less than a fifth left means that renewal fails.
   */
  void certificates(Workload workload, Instant now) {
    deltas(workload).stream()
        .filter(delta -> delta.last.isKnown() && delta.last.value.certificateEnds() != null)
        .forEach(delta -> certificate(workload, delta, now));
  }

  private void certificate(Workload workload, MetricsDelta delta, Instant now) {
    Metrics metrics = delta.last.value;
    Instant ends = metrics.certificateEnds();
    Instant since = metrics.certificateSince();
    Duration left = Duration.between(metrics.clock(now), ends);
    Duration life = since == null ? USUAL_LIFE : Duration.between(since, ends);
    String hint =
        "linkerd check --proxy; if the identity service is well, kubectl -n "
            + workload.namespace
            + " rollout restart deployment "
            + workload.name;
    if (left.isNegative() || left.isZero()) {
      String message = "the certificate of pod " + delta.pod.name + " expired at " + ends;
      errors.add(new Problem(Code.CERTIFICATE_EXPIRED, workload.subject(), message, hint));
    } else if (left.multipliedBy(OVERDUE_PART).compareTo(life) < 0) {
      String message =
          "the certificate of pod "
              + delta.pod.name
              + " ends at "
              + ends
              + " and is not renewed, although 80 % of its lifetime is over; failed requests for a"
              + " new one: "
              + metrics.failedRefreshes();
      warnings.add(new Problem(Code.CERTIFICATE_NOT_RENEWED, workload.subject(), message, hint));
    }
  }

  /**
   * Who has called the gateway over TLS: queue-worker, ingress controllers. A run sends nothing
   * over these edges, so they are judged by all that the gateway's proxy has counted since it
   * started, and they do not decide whether a run is verified.
   *
   * <p>An edge for each identity that is not a function's. Several callers can share an identity;
   * the caller is named only if it has its own.
   *
   * @param asked whether a caller is in scope; null stands for one outside the platform
   */
  List<Edge> gatewayCallers(Predicate<Workload> asked) {
    Map<String, List<Series>> byClient = new TreeMap<>();
    countedByGateway()
        .filter(series -> series.isReceived() && series.isEncrypted())
        .filter(series -> !series.label("client_id").isEmpty())
        .forEach(
            s -> byClient.computeIfAbsent(s.label("client_id"), i -> new ArrayList<>()).add(s));
    List<Edge> found = new ArrayList<>();
    byClient.forEach(
        (client, series) -> {
          List<Workload> named = of(client);
          Workload caller = named.size() == 1 ? named.get(0) : null;
          String from = caller == null ? Identity.accountOf(client) : caller.key();
          if (from != null && CORE.containsAll(roles(named)) && asked.test(caller)) {
            found.add(edge(from, client, series));
          }
        });
    return found;
  }

  /** Null unless a client without a proxy calls the gateway; probes do not count. */
  Problem calledInPlaintext() {
    double requests =
        countedByGateway()
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
            platform.gateway.value.subject(),
            "its proxy has counted "
                + Math.round(requests)
                + " requests without TLS since it started",
            "they come from callers without a proxy: an ingress controller, or outside the"
                + " cluster");
  }

  private Stream<Series> countedByGateway() {
    return deltas(platform.gateway.value).stream().flatMap(delta -> delta.sinceStart().stream());
  }

  private Edge edge(String from, String client, List<Series> series) {
    return new Edge(
        from,
        platform.gateway.value.key(),
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
