package com.openfaas.function.verify;

import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One end of an edge: a workload, and what the proxies of its serving pods have counted. */
final class Party {
  final Workload workload;
  final List<Window> windows;
  final String remedy;

  /** By each name of their target: a gateway has some twenty series of each of its functions. */
  private final Map<String, Set<Series>> sent = new HashMap<>();

  /**
   * One end.
   *
   * @param remedy what brings it onto the mesh where it is not
   */
  Party(Workload workload, List<Window> windows, String remedy) {
    this.workload = Objects.requireNonNull(workload);
    this.remedy = Objects.requireNonNull(remedy);
    this.windows = List.copyOf(windows);
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
    return windows.stream()
        .filter(window -> !window.grown.isKnown())
        .map(window -> window.grown.problem)
        .findFirst()
        .orElse(null);
  }

  /**
   * What its proxies sent on to the other party: to the Deployment that discovery names, also where
   * the pod is newer than our look, or to one of its pods.
   */
  List<Series> sentTo(Party callee) {
    Workload to = callee.workload;
    Stream<String> pods =
        callee.pods().flatMap(pod -> Stream.of(named(to.namespace, pod.name), at(pod.ip)));
    return Stream.concat(Stream.of(to.key()), pods)
        .flatMap(target -> sent.getOrDefault(target, Set.of()).stream())
        .distinct()
        .collect(Collectors.toList());
  }

  /** What came in over TLS, from whomever. */
  List<Series> receivedEncrypted() {
    return grown()
        .filter(series -> series.isReceived() && series.isEncrypted())
        .collect(Collectors.toList());
  }

  /** Whether all that its proxies let in between the two reads they judged by that Server. */
  boolean isJudgedBy(String server) {
    List<String> judges =
        grown()
            .filter(series -> series.tellsOfJudgement() && series.name.equals(Metrics.ALLOWED))
            .map(series -> series.label("srv_name"))
            .distinct()
            .collect(Collectors.toList());
    return judges.equals(List.of(server)) && withoutProxy() == null;
  }

  boolean hasIdentity(String shown) {
    return windows.stream().anyMatch(window -> window.identity.is(shown));
  }

  private Stream<Series> grown() {
    return windows.stream()
        .filter(window -> window.grown.isKnown())
        .flatMap(window -> window.grown.value.stream());
  }

  private Stream<PodView> pods() {
    return windows.stream().map(window -> window.pod);
  }

  boolean isTarget(Series series, PodView pod) {
    String target = pod(series);
    return target.equals(named(workload.namespace, pod.name)) || target.equals(at(pod.ip));
  }

  private static String deployment(Series series) {
    return series.label("dst_namespace") + "/" + series.label("dst_deployment");
  }

  /** The pod that discovery names, or its address where it names none. */
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
}
