package com.openfaas.function.verify;

import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Workload;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One end of an edge: a workload, and the metrics deltas of its serving pods. */
final class EdgeEndpoint {
  final Workload workload;
  final List<MetricsDelta> deltas;
  final String remedy;

  /** By each name of their target: a gateway has some twenty series per function. */
  private final Map<String, Set<Series>> sent = new HashMap<>();

  /**
   * One end.
   *
   * @param remedy what would mesh it
   */
  EdgeEndpoint(Workload workload, List<MetricsDelta> deltas, String remedy) {
    this.workload = Objects.requireNonNull(workload);
    this.remedy = Objects.requireNonNull(remedy);
    this.deltas = List.copyOf(deltas);
    grown()
        .filter(Series::isSentOn)
        .forEach(
            series -> {
              sent.computeIfAbsent(deployment(series), key -> new LinkedHashSet<>()).add(series);
              sent.computeIfAbsent(pod(series), key -> new LinkedHashSet<>()).add(series);
            });
  }

  /** The first serving pod without a ready proxy, or null. */
  PodView withoutProxy() {
    return pods().filter(pod -> !pod.isMeshed()).findFirst().orElse(null);
  }

  /** Why a pod's proxy could not be read, or null. */
  Problem unread() {
    return deltas.stream()
        .filter(delta -> !delta.grown.isKnown())
        .map(delta -> delta.grown.problem)
        .findFirst()
        .orElse(null);
  }

  /**
   * What its proxies sent to the other endpoint: to the Deployment that discovery names, even if
   * the pod is newer than the observation, or to one of its pods.
   */
  List<Series> sentTo(EdgeEndpoint callee) {
    Workload to = callee.workload;
    Stream<String> pods =
        callee.pods().flatMap(pod -> Stream.of(named(to.namespace, pod.name), at(pod.ip)));
    return Stream.concat(Stream.of(to.key()), pods)
        .flatMap(target -> sent.getOrDefault(target, Set.of()).stream())
        .distinct()
        .collect(Collectors.toList());
  }

  /** What came in over TLS, from any client. */
  List<Series> receivedEncrypted() {
    return grown()
        .filter(series -> series.isReceived() && series.isEncrypted())
        .collect(Collectors.toList());
  }

  /** Whether its proxies judged everything they admitted between the two reads by that Server. */
  boolean isJudgedBy(String server) {
    List<String> judges =
        grown()
            .filter(series -> series.tellsOfJudgement() && series.name.equals(Metrics.ALLOWED))
            .map(series -> series.label("srv_name"))
            .distinct()
            .collect(Collectors.toList());
    return judges.equals(List.of(server)) && withoutProxy() == null;
  }

  /**
   * Whether a proxy began to count between the two reads: its pod was restarted, or another one was
   * given the pod's address.
   */
  boolean hasNewProxy() {
    return deltas.stream().anyMatch(delta -> delta.isNew);
  }

  boolean hasIdentity(String shown) {
    return deltas.stream().anyMatch(delta -> delta.identity.is(shown));
  }

  private Stream<Series> grown() {
    return deltas.stream()
        .filter(delta -> delta.grown.isKnown())
        .flatMap(delta -> delta.grown.value.stream());
  }

  private Stream<PodView> pods() {
    return deltas.stream().map(delta -> delta.pod);
  }

  boolean isTarget(Series series, PodView pod) {
    String target = pod(series);
    return target.equals(named(workload.namespace, pod.name)) || target.equals(at(pod.ip));
  }

  private static String deployment(Series series) {
    return series.label("dst_namespace") + "/" + series.label("dst_deployment");
  }

  /** The pod that discovery names, or else its address. */
  private static String pod(Series series) {
    String name = series.label("dst_pod");
    String ip = series.label("target_ip");
    return name.isEmpty()
        ? at(ip.isEmpty() ? "unknown" : ip)
        : named(series.label("dst_namespace"), name);
  }

  private static String named(String namespace, String pod) {
    return "pod " + namespace + "/" + pod;
  }

  private static String at(String ip) {
    return "address " + ip;
  }

  /** What the proxy of one serving pod has counted between the two reads. */
  static final class MetricsDelta {
    final PodView pod;
    final Identity identity;

    /** The last read of the proxy. */
    final Reading<Metrics> last;

    /** What has grown; empty if the pod has no proxy. */
    final Reading<List<Series>> grown;

    private final boolean isNew;

    private MetricsDelta(
        PodView pod,
        Identity identity,
        Reading<Metrics> last,
        Reading<List<Series>> grown,
        boolean isNew) {
      this.isNew = isNew;
      this.pod = Objects.requireNonNull(pod);
      this.identity = Objects.requireNonNull(identity);
      this.last = Objects.requireNonNull(last);
      this.grown = Objects.requireNonNull(grown);
    }

    static MetricsDelta ofPodWithoutProxy(PodView pod, Identity identity) {
      Reading<Metrics> nothing = Reading.of(Metrics.NOTHING);
      return new MetricsDelta(pod, identity, nothing, Reading.of(List.of()), false);
    }

    static MetricsDelta of(
        PodView pod, Identity identity, Reading<Metrics> before, Reading<Metrics> after) {
      if (!before.isKnown()) {
        return new MetricsDelta(pod, identity, after, Reading.failed(before.problem), false);
      }
      if (!after.isKnown()) {
        Problem gone = gone(pod, after.problem);
        return new MetricsDelta(pod, identity, before, Reading.failed(gone), false);
      }
      List<Series> grown = after.value.since(before.value);
      boolean isNew = !after.value.isOfSameProcess(before.value);
      return new MetricsDelta(pod, identity, after, Reading.of(grown), isNew);
    }

    /** Since the proxy started; empty if it could not be read. */
    List<Series> sinceStart() {
      return last.isKnown() ? last.value.sinceStart() : List.of();
    }

    private static Problem gone(PodView pod, Problem now) {
      if (!now.is(Code.METRICS_UNREADABLE)) {
        return now;
      }
      return new Problem(
          Code.POD_REPLACED,
          now.subject,
          "pod " + pod.name + " was there before the requests and not after them: " + now.message,
          "invoke verify");
    }
  }
}
