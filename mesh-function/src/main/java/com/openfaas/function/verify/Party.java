package com.openfaas.function.verify;

import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One end of an edge: a workload, and what the proxies of its serving pods have counted. */
final class Party {
  final Workload workload;
  final List<Window> windows;

  Party(Workload workload, List<Window> windows) {
    this.workload = Objects.requireNonNull(workload);
    this.windows = List.copyOf(windows);
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

  /** What its proxies sent on to the other party. */
  List<Series> sentTo(Party callee) {
    return grown()
        .filter(series -> series.isSentOn() && callee.isTarget(series))
        .collect(Collectors.toList());
  }

  /** What came in over TLS, from whomever. */
  List<Series> receivedEncrypted() {
    return grown()
        .filter(series -> series.isReceived() && series.isEncrypted())
        .collect(Collectors.toList());
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

  /** By the Deployment that discovery names, also of a pod that is newer than our look. */
  private boolean isTarget(Series series) {
    boolean named =
        series.label("dst_deployment").equals(workload.name)
            && series.label("dst_namespace").equals(workload.namespace);
    return named || pods().anyMatch(pod -> isTarget(series, pod));
  }

  /** By the pod that discovery names, or its address where it names none. */
  boolean isTarget(Series series, PodView pod) {
    String named = series.label("dst_pod");
    return named.isEmpty()
        ? !pod.ip.isEmpty() && series.label("target_ip").equals(pod.ip)
        : named.equals(pod.name) && series.label("dst_namespace").equals(workload.namespace);
  }
}
