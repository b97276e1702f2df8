package com.openfaas.function.verify;

import com.openfaas.function.platform.ControlPlane;
import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.verify.EdgeEndpoint.MetricsDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A pod whose proxy's metrics are read, and how much of them. */
final class ScrapeTarget {
  final Workload workload;
  final PodView pod;
  final Room room;
  private final long readings;

  /**
   * A pod.
   *
   * @param readings how many pods' metrics are kept at a time; they share the room equally
   */
  ScrapeTarget(Workload workload, PodView pod, Room room, long readings) {
    this.workload = Objects.requireNonNull(workload);
    this.pod = Objects.requireNonNull(pod);
    this.room = Objects.requireNonNull(room);
    this.readings = readings;
  }

  /**
   * The serving pods, which share the room.
   *
   * @param reads how often each is read, and what it told is kept
   */
  static List<ScrapeTarget> of(List<Workload> workloads, Room room, int reads) {
    Predicate<PodView> serving = PodView::isServing;
    long pods = workloads.stream().flatMap(w -> w.pods.stream()).filter(serving).count();
    return workloads.stream()
        .flatMap(
            w ->
                w.pods.stream()
                    .filter(serving)
                    .map(p -> new ScrapeTarget(w, p, room, reads * pods)))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** Bytes that may be kept of this pod's metrics. */
  long kept(long heap) {
    return room.kept(heap, readings);
  }

  MetricsDelta delta(Reading<ControlPlane> plane, Reading<Metrics> before, Reading<Metrics> after) {
    Identity identity = Identity.of(workload, pod, plane);
    return pod.isMeshed()
        ? MetricsDelta.of(pod, identity, before, after)
        : MetricsDelta.ofPodWithoutProxy(pod, identity);
  }

  /** How many bytes to read of one pod's metrics, and how many to keep until all are judged. */
  static final class Room {
    /**
     * A gateway's proxy reports 385 KB, plus some 17 KiB per function it has called, of which 2 KiB
     * are kept. It is the operator's.
     */
    static final Room OF_GATEWAY =
        new Room(64L * 1024 * 1024, 6L * 1024 * 1024, 0.15, Series::tellsOfEdges);

    /**
     * A function's proxy reports some 220 KB, of which 5 KiB are kept. Its pod, and the port that
     * is read, are a tenant's, which may send anything, without end.
     */
    static final Room OF_FUNCTION =
        new Room(2L * 1024 * 1024, 16L * 1024, 0.38, Series::tellsOfCallers);

    /**
     * The same for its callers alone, of which 4 KiB are kept, in addition to a concurrent verify.
     */
    static final Room OF_CALLERS =
        new Room(2L * 1024 * 1024, 16L * 1024, 0.12, Series::tellsOfJudgement);

    final long read;
    final Predicate<Series> wanted;
    private final long kept;
    private final double ofHeap;

    /**
     * @param kept bytes of one pod
     * @param ofHeap share of all such pods: of the 32 MiB of jvm.options, 5, 12 and 4 MiB
     */
    private Room(long read, long kept, double ofHeap, Predicate<Series> wanted) {
      this.read = read;
      this.kept = kept;
      this.ofHeap = ofHeap;
      this.wanted = wanted;
    }

    long kept(long heap, long readings) {
      return Math.min(kept, (long) (heap * ofHeap) / readings);
    }
  }
}
