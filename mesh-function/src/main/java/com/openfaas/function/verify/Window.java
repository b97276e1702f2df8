package com.openfaas.function.verify;

import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import java.util.List;
import java.util.Objects;

/** What the proxy of one serving pod has counted between the two reads. */
final class Window {
  final PodView pod;
  final Identity identity;

  /** The last that was read of the proxy. */
  final Reading<Metrics> last;

  /** What has grown; empty where the pod has no proxy. */
  final Reading<List<Series>> grown;

  private Window(
      PodView pod, Identity identity, Reading<Metrics> last, Reading<List<Series>> grown) {
    this.pod = Objects.requireNonNull(pod);
    this.identity = Objects.requireNonNull(identity);
    this.last = Objects.requireNonNull(last);
    this.grown = Objects.requireNonNull(grown);
  }

  static Window ofPodWithoutProxy(PodView pod, Identity identity) {
    return new Window(pod, identity, Reading.of(Metrics.NOTHING), Reading.of(List.of()));
  }

  static Window of(
      PodView pod, Identity identity, Reading<Metrics> before, Reading<Metrics> after) {
    if (!before.isKnown()) {
      return new Window(pod, identity, after, Reading.failed(before.problem));
    }
    if (!after.isKnown()) {
      return new Window(pod, identity, before, Reading.failed(gone(pod, after.problem)));
    }
    return new Window(pod, identity, after, Reading.of(after.value.since(before.value)));
  }

  /** Since the proxy started; nothing where it could not be read. */
  List<Series> sinceStart() {
    return last.isKnown() ? last.value.sinceStart() : List.of();
  }

  private static Problem gone(PodView pod, Problem now) {
    if (!now.code.equals(ProofClient.UNREADABLE)) {
      return now;
    }
    return new Problem(
        "pod_replaced",
        now.subject,
        "pod " + pod.name + " was there before the requests and not after them: " + now.message,
        "invoke verify again");
  }
}
