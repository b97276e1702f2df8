package com.openfaas.function.rollout;

import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** A change that was sent and is awaited: a step, or the inverse of one that failed. */
final class PendingRollout {
  final Step step;
  final Step sent;

  /** Why the step is being undone; null while it is being done. */
  final Problem failure;

  final Duration since;

  /** The last observation; null if the workload was deleted. */
  Workload last;

  private final Set<Integer> seen = new HashSet<>();
  private Duration movedAt;
  private Duration notBefore = Duration.ZERO;

  /**
   * @param since when the step itself was sent
   * @param now when this change is sent
   */
  PendingRollout(Step step, Step sent, Problem failure, Duration since, Duration now) {
    this.step = step;
    this.sent = sent;
    this.failure = failure;
    this.since = since;
    this.movedAt = now;
  }

  static List<Workload> workloads(Collection<PendingRollout> rollouts) {
    return rollouts.stream().map(rollout -> rollout.step.workload).collect(Collectors.toList());
  }

  boolean isUndoing() {
    return failure != null;
  }

  /**
   * Records an observation. Only a status not seen before is progress: a pod that crashes and
   * restarts over and over makes none.
   */
  void observe(Workload now, Duration time) {
    last = now;
    if (now != null && seen.add(status(now))) {
      movedAt = time;
    }
  }

  private static int status(Workload now) {
    Set<Object> pods =
        now.pods.stream()
            .map(pod -> Objects.hash(pod.name, pod.ready, pod.leaving, pod.proxy))
            .collect(Collectors.toSet());
    return Objects.hash(
        now.rollout.observed,
        now.rollout.wanted,
        now.rollout.existing,
        now.rollout.updated,
        now.rollout.available,
        pods);
  }

  /** How far this change has come, by the last observation. */
  Progress progress() {
    if (last == null) {
      return Progress.GONE;
    }
    List<PodView> serving =
        last.pods.stream().filter(PodView::isServing).collect(Collectors.toList());
    boolean complete = last.rollout.isDone() && serving.size() >= last.rollout.wanted;
    if (complete && (!sent.wantsProxy() || serving.stream().allMatch(PodView::isMeshed))) {
      return Progress.DONE;
    }
    if (!sent.isIn(last.template.annotations)) {
      return Progress.SUPERSEDED;
    }
    boolean bare =
        serving.stream()
            .filter(pod -> sent.isIn(pod.annotations))
            .anyMatch(pod -> pod.proxy == Proxy.NONE);
    return sent.wantsProxy() && bare ? Progress.NOT_INJECTED : Progress.UNDER_WAY;
  }

  StepResult unfinished(Duration age) {
    return isUndoing()
        ? StepResult.rolledBack(step, FailureMessages.backUnawaited(failure), age)
        : StepResult.of(step, StepResult.Phase.ROLLING, age);
  }

  /** When it is to be decided, on the budget's clock. */
  Duration due(Limits limits) {
    Duration patience = isInTrouble() ? limits.patienceWithTrouble() : limits.patience;
    Duration due = movedAt.plus(patience);
    return due.compareTo(notBefore) < 0 ? notBefore : due;
  }

  boolean isLate(Limits limits, Duration time) {
    return due(limits).compareTo(time) <= 0;
  }

  /** Delays the decision if the workload could not be read again. */
  void postpone(Duration until) {
    notBefore = until;
  }

  /** Whether Kubernetes reports that it will not come up. */
  private boolean isInTrouble() {
    return last != null
        && (!last.rollout.complaint.isEmpty()
            || last.pods.stream().anyMatch(this::isNewAndTroubled));
  }

  private boolean isNewAndTroubled(PodView pod) {
    return !pod.leaving && !pod.trouble.isEmpty() && sent.isIn(pod.annotations);
  }

  /** How far a change has come. */
  enum Progress {
    /** Rolled out, and every serving pod has its proxy. */
    DONE,
    UNDER_WAY,
    /** A pod created by this step serves without a proxy: the injector did not act. */
    NOT_INJECTED,
    /** Somebody has replaced what the step wrote; the next observation decides what to do. */
    SUPERSEDED,
    /** The object was deleted. */
    GONE
  }
}
