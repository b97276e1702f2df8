package com.openfaas.function.rollout;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.LiveView;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Step.Reason;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.rollout.StepResult.Phase;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rolls out the steps of one wave, some at a time, and waits for each. A step that does not
 * complete is rolled back; once the mesh is at fault, no further one is started.
 */
final class WaveRunner {
  private static final Logger LOG = LoggerFactory.getLogger(WaveRunner.class);
  private static final Duration BEFORE_ANOTHER_TRY = Duration.ofSeconds(3);

  /** That many failed canaries, or failed steps of a wave, are not chance. */
  static final int MOST_IN_A_ROW = 3;

  private final Cluster cluster;
  private final LiveView view;
  private final Limits limits;
  private final FailureMessages failureMessages;
  private final Events events;
  private final Deque<Step> pending;
  private final Map<String, PendingRollout> underWay = new LinkedHashMap<>();
  private final Consumer<StepResult> told;
  private Duration longest;
  private int landed;
  private final int size;
  private int failures;
  private boolean stopped;

  WaveRunner(
      Cluster cluster,
      LiveView view,
      Limits limits,
      FailureMessages failureMessages,
      List<Step> steps,
      Duration longest,
      Consumer<StepResult> told) {
    this.told = told;
    this.longest = longest;
    this.cluster = cluster;
    this.view = view;
    this.limits = limits;
    this.failureMessages = failureMessages;
    this.events = new Events(cluster);
    this.pending = new ArrayDeque<>(steps);
    this.size = steps.size();
  }

  void run() throws InterruptedException {
    startAsManyAsMay();
    awaitAll();
  }

  /**
   * Rolls back steps that were done before.
   *
   * @param why the failure, in them or elsewhere
   */
  void undo(Problem why) throws InterruptedException {
    pending.forEach(step -> sendBack(step, why, limits.budget.spent()));
    pending.clear();
    awaitAll();
  }

  private void awaitAll() throws InterruptedException {
    while (!underWay.isEmpty() && !limits.budget.isOver()) {
      view.awaitChange(untilNextDecision(), PendingRollout.workloads(underWay.values()));
      new ArrayList<>(underWay.values()).forEach(this::look);
      decideWhatIsLate();
      startAsManyAsMay();
    }
  }

  /** Reports the steps that have not ended: in progress, or not started. */
  void tellOfTheRest() {
    underWay.values().forEach(rollout -> told.accept(rollout.unfinished(age(rollout))));
    Phase left = isMeshAtFault() ? Phase.WITHHELD : Phase.NOT_STARTED;
    pending.forEach(step -> told.accept(StepResult.of(step, left, Duration.ZERO)));
  }

  /** More than a tenth of a wave, and at least three: no longer the fault of each workload. */
  boolean isMeshAtFault() {
    return failures >= MOST_IN_A_ROW && failures * 10 > size;
  }

  Duration longest() {
    return longest;
  }

  /**
   * Starts none if the mesh is at fault, or if the remaining budget is shorter than the longest
   * rollout so far.
   */
  private void startAsManyAsMay() {
    while (!pending.isEmpty()
        && !stopped
        && !isMeshAtFault()
        && underWay.size() < limits.atOnce(landed)
        && limits.budget.remaining().compareTo(longest) > 0) {
      Step step = pending.poll();
      Duration now = limits.budget.spent();
      try {
        // Rolling back what an earlier run left is the second half of its step.
        Problem stuck = step.reason == Reason.PUT_BACK ? failureMessages.stuck(step) : null;
        send(new PendingRollout(step, step, stuck, now, now));
      } catch (ClusterException e) {
        StepResult refused = StepResult.refused(step, e.problem);
        stopped |= !refused.letsOthersGoOn();
        failures += refused.isFailure() && step.wantsProxy() ? 1 : 0;
        end(failureMessages.refused(refused));
      }
    }
  }

  /** Recorded before it is sent: it must be reported even if the request's outcome is unknown. */
  private void send(PendingRollout rollout) throws ClusterException {
    Step step = rollout.sent;
    underWay.put(step.subject(), rollout);
    view.put(step.workload, cluster.patchWorkload(step.object, step.patch()));
  }

  private void look(PendingRollout rollout) {
    Workload now = view.now(rollout.step.workload);
    if (now != null && now == rollout.last) {
      return;
    }
    rollout.observe(now, limits.budget.spent());
    switch (rollout.progress()) {
      case DONE:
        land(rollout);
        break;
      case GONE:
        end(StepResult.superseded(rollout.step, FailureMessages.gone(rollout.step), age(rollout)));
        break;
      case SUPERSEDED:
        Problem who = failureMessages.superseded(rollout.step, view.lastWriter(now));
        end(StepResult.superseded(rollout.step, who, age(rollout)));
        break;
      case NOT_INJECTED:
        rollBack(rollout, FailureMessages.notInjected(rollout.step));
        break;
      default:
    }
  }

  /** One watch can be dead while others work: a rollout that seems late is read again first. */
  private void decideWhatIsLate() {
    List<PendingRollout> late = late();
    if (late.isEmpty()) {
      return;
    }
    try {
      view.renew(PendingRollout.workloads(late));
    } catch (ClusterException e) {
      LOG.warn("late rollouts cannot be judged now: {}", e.problem);
      late.forEach(rollout -> rollout.postpone(limits.budget.spent().plus(BEFORE_ANOTHER_TRY)));
      return;
    }
    late.forEach(this::look);
    late.retainAll(late());
    late.forEach(
        rollout -> rollBack(rollout, failureMessages.stoppedMoving(rollout.step, rollout.last)));
  }

  private List<PendingRollout> late() {
    Duration now = limits.budget.spent();
    return underWay.values().stream()
        .filter(rollout -> rollout.isLate(limits, now))
        .collect(Collectors.toList());
  }

  private void land(PendingRollout rollout) {
    if (rollout.isUndoing()) {
      events.rolledBack(rollout.step, rollout.failure);
      end(StepResult.rolledBack(rollout.step, rollout.failure, age(rollout)));
      return;
    }
    Duration age = age(rollout);
    longest = age.compareTo(longest) > 0 ? age : longest;
    landed++;
    events.done(rollout.step);
    end(StepResult.of(rollout.step, Phase.DONE, age));
  }

  /** A rollback cannot be rolled back itself. */
  private void rollBack(PendingRollout rollout, Problem problem) {
    if (!rollout.isUndoing() && rollout.step.wantsProxy()) {
      failures++;
      sendBack(rollout.step, problem, rollout.since);
      return;
    }
    Problem all =
        rollout.isUndoing() ? FailureMessages.notUpAgain(rollout, problem.message) : problem;
    end(StepResult.failed(rollout.step, all, age(rollout)));
  }

  private void sendBack(Step step, Problem problem, Duration since) {
    Step undo = step.wantsProxy() ? failureMessages.back(step, problem) : step.undo();
    PendingRollout back = new PendingRollout(step, undo, problem, since, limits.budget.spent());
    try {
      send(back);
    } catch (ClusterException e) {
      Problem both = FailureMessages.notRolledBack(step, problem, e.problem.message);
      end(StepResult.failed(step, both, age(back)));
    }
  }

  private void end(StepResult result) {
    underWay.remove(result.step.subject());
    told.accept(result);
    failureMessages.log(result);
  }

  private Duration age(PendingRollout rollout) {
    return limits.budget.spent().minus(rollout.since);
  }

  private Duration untilNextDecision() {
    Duration now = limits.budget.spent();
    Duration wait = limits.budget.remaining();
    for (PendingRollout rollout : underWay.values()) {
      Duration left = rollout.due(limits).minus(now);
      wait = left.compareTo(wait) < 0 ? left : wait;
    }
    return wait.isNegative() ? Duration.ZERO : wait;
  }
}
