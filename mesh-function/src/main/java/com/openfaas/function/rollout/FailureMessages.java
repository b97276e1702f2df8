package com.openfaas.function.rollout;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Rollback;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.FailedMark;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.rollout.StepResult.Phase;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Explains why a step failed: the pod's own reason, and its events. */
final class FailureMessages {
  private static final Logger LOG = LoggerFactory.getLogger(FailureMessages.class);
  private static final int LAST_EVENTS = 3;

  private final Cluster cluster;
  private final Platform platform;
  private final Rollback back;

  FailureMessages(Cluster cluster, Platform platform, Plan plan) {
    this.cluster = cluster;
    this.platform = platform;
    this.back = new Rollback(platform, plan);
  }

  /** The rollback of a step, with the mark that gives the reason. */
  Step back(Step step, Problem why) {
    return back.of(step, why.message, cluster.now());
  }

  /**
   * Marks an object whose change the API server refused; it may accept the mark alone. Without a
   * mark each run tries again and is refused: that is reported, and harmless.
   */
  StepResult refused(StepResult result) {
    boolean lasts =
        result.phase == Phase.ROLLED_BACK
            && result.step.wantsProxy()
            && !result.step.object.kind.isMade()
            && result.problem.is(Code.API_REFUSED, Code.ADMISSION_REFUSED);
    if (!lasts || mark(result, true)) {
      return result;
    }
    Problem why = result.problem;
    String all = why.message + "; a mark of that is refused as well, so each run asks again";
    Problem both = new Problem(Code.MARK_REFUSED, why.subject, all, why.hint);
    return StepResult.rolledBack(result.step, both, result.took);
  }

  /** If the mesh is at fault, failed workloads may be tried again at once. */
  void release(List<StepResult> results) {
    results.stream()
        .filter(result -> result.phase == Phase.ROLLED_BACK && result.step.wantsProxy())
        .filter(result -> result.step.workload != null)
        .forEach(result -> mark(result, false));
  }

  /** False if it could not be written. */
  private boolean mark(StepResult result, boolean holds) {
    Step step = result.step;
    try {
      cluster.patch(step.object, back.mark(step, result.problem.message, cluster.now(), holds));
      return true;
    } catch (ClusterException e) {
      LOG.warn(
          "{}: its annotation was not written, so each run tries it again: {}",
          step.subject(),
          e.problem);
      return false;
    }
  }

  /** No progress within the policy's patience. */
  Problem stoppedMoving(Step step, Workload now) {
    String proxy = step.wantsProxy() ? " with its proxy" : "";
    return new Problem(
        Code.ROLLOUT_STOPPED,
        step.subject(),
        "its rollout does not complete"
            + proxy
            + ": "
            + platform.status(now).message
            + lastEvents(now),
        describe(step) + "; to opt it out: " + FailedMark.optOut(step.object));
  }

  Problem stuck(Step step) {
    return new Problem(
        Code.ROLLOUT_STUCK,
        step.subject(),
        "a rollout of an earlier run did not complete: "
            + platform.status(step.workload).message
            + lastEvents(step.workload),
        describe(step));
  }

  static Problem notInjected(Step step) {
    return new Problem(
        Code.NOT_INJECTED,
        step.subject(),
        "its new pod is ready without linkerd-proxy: the injector did not act on it",
        "kubectl -n " + step.namespace + " get events --field-selector reason=InjectionSkipped");
  }

  static Problem notRolledBack(Step step, Problem problem, String why) {
    return new Problem(
        problem.code,
        problem.subject,
        problem.message + "; and it could not be rolled back: " + why,
        describe(step) + "; its previous values are in its annotation " + Annotations.PREVIOUS);
  }

  /** Its previous values are restored, but it is not up again. */
  static Problem notUpAgain(PendingRollout rollout, String why) {
    return new Problem(
        rollout.failure.code,
        rollout.failure.subject,
        rollout.failure.message + "; its previous values are restored, and with them " + why,
        describe(rollout.step));
  }

  static Problem backUnawaited(Problem problem) {
    return new Problem(
        problem.code,
        problem.subject,
        problem.message
            + "; its previous values are restored, and that rollout was still in progress when the"
            + " run ended",
        problem.hint);
  }

  static Problem gone(Step step) {
    return new Problem(
        Code.SUPERSEDED, step.subject(), "it was deleted during its rollout", "nothing to do");
  }

  /**
   * Another controller, or a user's deploy; if it does so each time, the operator must settle it.
   */
  Problem superseded(Step step, String writer) {
    return new Problem(
        Code.SUPERSEDED,
        step.subject(),
        "its annotations were changed during its rollout, last by " + writer,
        "the next run checks it again; if this happens every time, set the annotations at their"
            + " source");
  }

  void log(StepResult result) {
    String after = " after " + result.took.toMillis() + " ms";
    if (result.problem == null) {
      LOG.info("{}: {}{}", result.step.subject(), result.phase, after);
    } else {
      LOG.warn("{}{}; {}", result.phase, after, result.problem);
    }
  }

  private String lastEvents(Workload now) {
    String pod =
        now.pods.stream()
            .filter(candidate -> !candidate.leaving && !candidate.ready)
            .map((PodView candidate) -> candidate.name)
            .findFirst()
            .orElse(null);
    if (pod == null) {
      return "";
    }
    try {
      List<String> events = cluster.eventsOf(now.namespace, pod);
      List<String> last = events.subList(Math.max(0, events.size() - LAST_EVENTS), events.size());
      return "; pod " + pod + " said: " + (last.isEmpty() ? "nothing" : String.join(" | ", last));
    } catch (ClusterException e) {
      return "; its events cannot be read: " + e.problem.message;
    }
  }

  private static String describe(Step step) {
    String kind = step.object.kind.word();
    return "kubectl -n " + step.namespace + " describe " + kind + " " + step.object.name;
  }
}
