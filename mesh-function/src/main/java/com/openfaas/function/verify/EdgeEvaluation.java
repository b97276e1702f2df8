package com.openfaas.function.verify;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.verify.Edge.Mtls;
import com.openfaas.function.verify.Edge.Traffic;
import com.openfaas.function.verify.EdgeEndpoint.MetricsDelta;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Evaluates one edge by what both ends have counted. The first matching rule decides:
 *
 * <pre>
 *   an end has no ready pod                                          noEvidence
 *   a serving pod of either end has no proxy                         plaintext
 *   a proxy of the caller sent something on without an identity      plaintext
 *   the caller's proxy sent to a pod over TLS, to the identity that
 *     is this pod's, and that pod's proxy received over TLS from the
 *     identity that is the caller's                                  proven
 *   anything else                                                    noEvidence
 * </pre>
 *
 * <p>What the callee received without TLS proves nothing: a kubelet's probe and a health request
 * from a gateway without a proxy look alike there. Plaintext is judged on the caller's side.
 */
final class EdgeEvaluation {
  final Edge edge;

  /** Why it is not proven, and what to do; null if it is proven. */
  final Problem problem;

  private final EdgeEndpoint caller;
  private final EdgeEndpoint callee;
  private final Problem unanswered;
  private final List<Series> sent;
  private final List<Series> received;

  /**
   * Evaluates the edge between both.
   *
   * @param unanswered why a request failed; null if none did
   */
  EdgeEvaluation(EdgeEndpoint caller, EdgeEndpoint callee, Problem unanswered) {
    this.caller = Objects.requireNonNull(caller);
    this.callee = Objects.requireNonNull(callee);
    this.unanswered = unanswered;
    this.sent = caller.sentTo(callee);
    this.received = callee.receivedEncrypted();
    Problem unready = first(List.of(() -> unready(caller), () -> unready(callee)));
    Problem plain = unready == null ? plaintext() : null;
    boolean proven =
        unready == null && plain == null && callee.deltas.stream().anyMatch(this::proves);
    this.problem = proven ? null : first(List.of(() -> unready, () -> plain, this::noEvidence));
    this.edge = edge(plain != null ? Mtls.PLAINTEXT : proven ? Mtls.PROVEN : Mtls.NO_EVIDENCE);
  }

  private Problem plaintext() {
    return first(
        List.of(() -> withoutProxy(caller), () -> withoutProxy(callee), this::sentInPlaintext));
  }

  private Problem noEvidence() {
    return first(
        List.of(
            caller::unread,
            callee::unread,
            this::strangers,
            () -> unanswered,
            this::newerPod,
            this::nothingSeen));
  }

  /** Both sides of the same pod. */
  private boolean proves(MetricsDelta delta) {
    boolean sentOn =
        sent.stream()
            .filter(Series::isTraffic)
            .filter(Series::isEncrypted)
            .filter(series -> callee.isTarget(series, delta.pod))
            .anyMatch(series -> delta.identity.is(series.label("server_id")));
    return sentOn
        && delta.grown.isKnown()
        && delta.grown.value.stream()
            .filter(series -> series.isTraffic() && series.isReceived() && series.isEncrypted())
            .anyMatch(series -> caller.hasIdentity(series.label("client_id")));
  }

  private static Problem unready(EdgeEndpoint endpoint) {
    String hint = "when it has one: invoke verify";
    return endpoint.deltas.isEmpty()
        ? problem(endpoint, Code.NO_READY_POD, "it has no ready pod", hint)
        : null;
  }

  private static Problem withoutProxy(EdgeEndpoint endpoint) {
    PodView pod = endpoint.withoutProxy();
    return pod == null
        ? null
        : problem(
            endpoint,
            Code.POD_WITHOUT_PROXY,
            "pod " + pod.name + " serves without a proxy: all its traffic is plaintext",
            endpoint.remedy + "; then invoke verify");
  }

  private Problem sentInPlaintext() {
    return sent.stream()
        .filter(series -> series.isTraffic() && series.isPlain())
        .findFirst()
        .map(
            series ->
                problem(
                    callee,
                    Code.SENT_IN_PLAINTEXT,
                    "the proxy of "
                        + caller.workload.key()
                        + " sent to it without an identity: "
                        + series.label("no_tls_reason"),
                    unskip(series.label("target_port"))))
        .orElse(null);
  }

  /** A skipped inbound port bypasses the callee's proxy, so the caller sends plaintext. */
  private String unskip(String port) {
    for (MetricsDelta delta : callee.deltas) {
      String skipped = delta.pod.annotations.getOrDefault(Annotations.SKIP_INBOUND_PORTS, "");
      if (Ports.number(port) != 0 && Ports.covers(skipped, port)) {
        return "pod "
            + delta.pod.name
            + " skips port "
            + port
            + ": remove it from "
            + Annotations.SKIP_INBOUND_PORTS
            + ", of the pod or its namespace, and restart it";
      }
    }
    return "invoke apply; if its pods have a proxy, see whether they skip port "
        + port
        + " ("
        + Annotations.SKIP_INBOUND_PORTS
        + ")";
  }

  /** TLS, but not between these two: another trust domain, or another account. */
  private Problem strangers() {
    Optional<Series> server =
        sent.stream()
            .filter(Series::isEncrypted)
            .filter(series -> !callee.hasIdentity(series.label("server_id")))
            .findFirst();
    if (server.isPresent()) {
      return stranger("it answered as", server.get().label("server_id"), callee);
    }
    boolean none = sent.isEmpty() || received.isEmpty();
    return none || received.stream().anyMatch(this::isOfCaller)
        ? null
        : stranger("it was called by", received.get(0).label("client_id"), caller);
  }

  private Problem stranger(String what, String shown, EdgeEndpoint expected) {
    return problem(
        callee,
        Code.IDENTITY_UNEXPECTED,
        what
            + " \""
            + shown
            + "\", not by the identity of "
            + expected.workload.key()
            + ", "
            + expected.deltas.get(0).identity,
        "linkerd check --proxy; see whether its pods are of this mesh");
  }

  private Problem newerPod() {
    return sent.stream()
        .filter(series -> callee.deltas.stream().noneMatch(w -> callee.isTarget(series, w.pod)))
        .findFirst()
        .map(
            series ->
                problem(
                    callee,
                    Code.POD_REPLACED,
                    "it was answered by pod "
                        + series.label("dst_pod")
                        + ", which is newer than the observation",
                    "invoke verify"))
        .orElse(null);
  }

  private Problem nothingSeen() {
    EdgeEndpoint silent = sent.isEmpty() ? caller : callee;
    if (silent.hasNewProxy()) {
      return problem(silent, Code.POD_REPLACED, "a proxy started during the test", "invoke verify");
    }
    return problem(
        callee,
        Code.NOTHING_COUNTED,
        "it was called, and the proxy of " + silent.workload.key() + " counted nothing of it",
        "see whether a proxy is bypassed: config.linkerd.io/skip-outbound-ports of "
            + caller.workload.key()
            + ", skip-inbound-ports of "
            + callee.workload.key());
  }

  private static Problem problem(EdgeEndpoint of, Code code, String message, String hint) {
    return new Problem(code, of.workload.subject(), message, hint);
  }

  private Edge edge(Mtls mtls) {
    String message = problem == null ? "each side saw the other's identity" : problem.message;
    boolean ofCallee = problem == null || problem.subject.equals(callee.workload.subject());
    return new Edge(
        caller.workload.key(),
        callee.workload.key(),
        mtls,
        seen(received.stream().filter(this::isOfCaller), "client_id"),
        seen(sent.stream().filter(Series::isEncrypted), "server_id"),
        traffic(),
        ofCallee ? message : problem.subject + ": " + message);
  }

  /** As the caller counted it; as the callee did if the caller counted nothing. */
  private Traffic traffic() {
    return Traffic.of(
        sent.isEmpty()
            ? received.stream().filter(this::isOfCaller).collect(Collectors.toList())
            : sent);
  }

  private boolean isOfCaller(Series series) {
    return caller.hasIdentity(series.label("client_id"));
  }

  private static String seen(Stream<Series> series, String label) {
    return series.map(one -> one.label(label)).filter(id -> !id.isEmpty()).findFirst().orElse("");
  }

  private static Problem first(List<Supplier<Problem>> rules) {
    return rules.stream().map(Supplier::get).filter(Objects::nonNull).findFirst().orElse(null);
  }
}
