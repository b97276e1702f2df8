package com.openfaas.function.plan;

import com.openfaas.function.plan.Step.Reason;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.FailedMark;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Plans the rollback: of everything we changed, or of a rollout of ours that did not come up. */
final class Restoring {
  private final Scope scope;
  private final Platform platform;
  private final List<Target> targets;

  Restoring(Scope scope, List<Target> targets) {
    this.scope = scope;
    this.platform = scope.platform;
    this.targets = targets;
  }

  /**
   * Every change of ours that is still in place. Namespaces come before functions here, too: a
   * function restarted in an annotated namespace would be meshed again.
   */
  List<Step> everything() {
    return targets.stream()
        .filter(Target::isChanged)
        .map(Target::revert)
        .sorted(Planner.ORDER)
        .collect(Collectors.toList());
  }

  /** The edited records among what the run was asked for. */
  List<Problem> doubts() {
    return targets.stream()
        .flatMap(t -> Stream.of(Previous.doubt(t.object), FailedMark.doubt(t.object)))
        .filter(Objects::nonNull)
        .collect(Collectors.toUnmodifiableList());
  }

  /**
   * Rollouts of ours whose new pod is overdue: left by a run that was cut off, or of mesh-setup,
   * for which no run waits. A rollout is not ours to roll back if the serving pods already came up
   * under our last change, if none serves and somebody else has written since, or if all was up
   * once; and what was rolled back has no further rollback.
   */
  List<Step> stuckSince(Moment moment) {
    List<Step> steps = new ArrayList<>();
    Rollback back = new Rollback(platform, Plan.NOTHING);
    for (Workload workload : platform.workloads) {
      if (scope.covers(workload) && isStuck(workload, moment)) {
        String reason = platform.status(workload).message;
        steps.add(back.ofStuck(rollBack(workload), reason, moment.now));
      }
    }
    steps.sort(Planner.ORDER);
    return steps;
  }

  private boolean isStuck(Workload workload, Moment moment) {
    return platform.status(workload).state == State.ROLLING
        && Previous.isUsable(workload.object)
        && FailedMark.on(workload.object) == null
        // Its confirmation is taken over, which rolls it back if its rollout does not complete.
        && Unconfirmed.of(workload) == null
        && isOurRollout(workload)
        && workload.pods.stream()
            .filter(pod -> !pod.leaving && !pod.ready)
            .anyMatch(pod -> moment.isLate(pod.created));
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
  private static Step rollBack(Workload workload) {
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
}
