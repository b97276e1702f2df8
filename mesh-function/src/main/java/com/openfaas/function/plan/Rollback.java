package com.openfaas.function.plan;

import com.google.gson.Gson;
import com.openfaas.function.plan.Step.Reason;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.FailedMark;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Workload;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rollback of a workload that did not come up on the mesh, such that it lasts: its next pod
 * must come up as before, and the next run must not try the same again.
 */
public final class Rollback {
  private static final Gson JSON = new Gson();

  private final Platform platform;

  /** The namespaces that the same run annotates. */
  private final Set<String> annotated;

  public Rollback(Platform platform, Plan plan) {
    this.platform = platform;
    this.annotated =
        plan.of(Wave.NAMESPACES).stream()
            .filter(step -> Annotations.asksForInjection(step.annotations.get(Annotations.INJECT)))
            .map(step -> step.namespace)
            .collect(Collectors.toSet());
  }

  /** Rolls the step back, and marks its workload with the reason. */
  public Step of(Step step, String reason, Instant now) {
    return marked(lasting(step.undo(), step.wasMeshed()), reason, now);
  }

  /** The same for the rollout of another run. */
  Step ofStuck(Workload workload, Instant now) {
    Step back = ofAnotherRun(workload);
    return marked(lasting(back, back.wasMeshed()), platform.status(workload).message, now);
  }

  /**
   * Whether it is a rollout of ours with a new pod older than that: left by a run that was cut off,
   * or of mesh-setup, for which no run waits. A rollout is not ours to roll back if the serving
   * pods already came up under our last change, if none serves and somebody else has written since,
   * or if all was up once; and what was rolled back has no further rollback.
   */
  boolean isDue(Workload workload, Instant overdue) {
    return platform.status(workload).state == State.ROLLING
        && Previous.isUsable(workload.object)
        && FailedMark.on(workload.object) == null
        // Its confirmation is taken over, which rolls it back if its rollout does not complete.
        && Unconfirmed.of(workload) == null
        && isOurRollout(workload)
        && workload.pods.stream()
            .filter(pod -> !pod.leaving && !pod.ready)
            .anyMatch(pod -> pod.created.isBefore(overdue));
  }

  /** With strategy Recreate there is no old pod left to show it. */
  private static boolean isOurRollout(Workload workload) {
    return workload.pods.stream().noneMatch(PodView::isServing)
        ? workload.object.isLastOurs && workload.rollout.isFirst()
        : workload.pods.stream()
            .filter(PodView::isServing)
            .anyMatch(pod -> isBefore(pod, workload));
  }

  private static boolean isBefore(PodView pod, Workload workload) {
    String mark = workload.template.annotations.get(Annotations.RESTARTED_AT);
    return !pod.isMeshed() || !Objects.equals(mark, pod.annotations.get(Annotations.RESTARTED_AT));
  }

  /** Rolls back the restart if that was the last change, else all that was recorded. */
  private static Step ofAnotherRun(Workload workload) {
    String mark = workload.template.annotations.get(Annotations.RESTARTED_AT);
    String serving =
        workload.pods.stream()
            .filter(PodView::isServing)
            .map(pod -> pod.annotations.get(Annotations.RESTARTED_AT))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    if (!Objects.equals(mark, serving)) {
      return Step.unmark(workload, serving);
    }
    return Step.restore(
        Wave.PUT_BACK, workload, Reason.PUT_BACK, Previous.recorded(workload.object));
  }

  /**
   * The patch that sets only the mark.
   *
   * @param holds false if it only reports: a retry is due
   */
  public String mark(Step step, String reason, Instant now, boolean holds) {
    FailedMark mark =
        step.workload == null
            ? FailedMark.of(step.annotations, now, reason)
            : mark(lasting(step.undo(), step.wasMeshed()), reason, now);
    String written = (holds ? mark : mark.released()).toJson();
    return JSON.toJson(
        Map.of("metadata", Map.of("annotations", Map.of(Annotations.FAILED, written))));
  }

  /** What ran on the mesh before stays as it was, whatever its next pod does. */
  private Step lasting(Step back, boolean wasMeshed) {
    return comesUpInjected(back) && !wasMeshed ? back.keptOff() : back;
  }

  private boolean comesUpInjected(Step back) {
    String own = back.after().get(Annotations.INJECT);
    String ofNamespace = platform.namespaceOf(back.workload).inject();
    return Annotations.asksForInjection(own)
        || (own == null
            && (Annotations.asksForInjection(ofNamespace) || annotated.contains(back.namespace)));
  }

  private Step marked(Step back, String reason, Instant now) {
    return back.failed(mark(back, reason, now));
  }

  private FailedMark mark(Step back, String reason, Instant now) {
    String proxy = platform.proxyVersion(back.workload);
    return FailedMark.of(back.workload, back.annotations, proxy, now, reason);
  }
}
