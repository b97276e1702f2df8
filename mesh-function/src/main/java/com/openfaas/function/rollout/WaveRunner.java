package com.openfaas.function.rollout;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.LiveView;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Step.Reason;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.rollout.StepResult.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rolls out the steps of one wave, some at a time, and waits for each. A step that does not come up
 * is put back, and no further one is begun.
 */
final class WaveRunner {
  private final Cluster cluster;
  private final LiveView view;
  private final Limits limits;
  private final Troubles troubles;
  private final Events events;

  private final Deque<Step> pending;
  private final Map<String, Flight> inFlight = new LinkedHashMap<>();
  private final List<StepResult> results = new ArrayList<>();
  private Duration longest;
  private int landed;
  private boolean failed;

  /**
   * A runner of one wave.
   *
   * @param longest how long the slowest rollout of the waves before took
   */
  WaveRunner(
      Cluster cluster,
      LiveView view,
      Limits limits,
      Troubles troubles,
      List<Step> steps,
      Duration longest) {
    this.longest = longest;
    this.cluster = cluster;
    this.view = view;
    this.limits = limits;
    this.troubles = troubles;
    this.events = new Events(cluster);
    this.pending = new ArrayDeque<>(steps);
  }

  List<StepResult> run() throws InterruptedException {
    startAsManyAsMay();
    return ended();
  }

  /**
   * Takes the steps back, which were done before.
   *
   * @param why what has failed beside them
   */
  List<StepResult> undo(Problem why) throws InterruptedException {
    pending.forEach(step -> sendBack(step, why, limits.budget.spent()));
    pending.clear();
    return ended();
  }

  private List<StepResult> ended() throws InterruptedException {
    while (!inFlight.isEmpty() && !limits.budget.isOver()) {
      view.awaitChange(untilNextDecision());
      new ArrayList<>(inFlight.values()).forEach(this::look);
      startAsManyAsMay();
    }
    inFlight.values().forEach(flight -> results.add(flight.unfinished(age(flight))));
    pending.forEach(step -> results.add(StepResult.of(step, Kind.NOT_STARTED, Duration.ZERO)));
    return results;
  }

  /** How long the slowest rollout so far took. */
  Duration longest() {
    return longest;
  }

  /** None after a failure, and none that would not be ready within the budget like those before. */
  private void startAsManyAsMay() {
    while (!pending.isEmpty()
        && !failed
        && inFlight.size() < limits.atOnce(landed)
        && limits.budget.remaining().compareTo(longest) > 0) {
      Step step = pending.poll();
      try {
        // Putting back what an earlier run left is the second half of its step.
        Problem stuck = step.reason == Reason.PUT_BACK ? troubles.stuck(step) : null;
        send(new Flight(step, step, stuck, limits.budget.spent()));
      } catch (ClusterException e) {
        boolean gone = e.problem.code.equals("not_found");
        failed |= !gone;
        results.add(
            gone
                ? StepResult.overtaken(step, Troubles.gone(step), Duration.ZERO)
                : StepResult.failed(step, e.problem, Duration.ZERO));
      }
    }
  }

  private void send(Flight flight) throws ClusterException {
    Step step = flight.sent;
    view.put(step.workload, cluster.patchWorkload(step.object, step.patch()));
    inFlight.put(step.subject(), flight);
  }

  private void look(Flight flight) {
    Workload now = view.now(flight.step.workload);
    boolean late = !flight.isUndoing() && age(flight).compareTo(limits.rollout) >= 0;
    if (now != null && now == flight.last && !late) {
      return;
    }
    flight.last = now;
    switch (Progress.of(flight.sent, now)) {
      case DONE:
        land(flight);
        break;
      case GONE:
        end(flight, StepResult.overtaken(flight.step, Troubles.gone(flight.step), age(flight)));
        break;
      case SUPERSEDED:
        Problem who = troubles.superseded(flight.step, view.lastWriter(now));
        end(flight, StepResult.overtaken(flight.step, who, age(flight)));
        break;
      case NOT_INJECTED:
        putBack(flight, Troubles.notInjected(flight.step));
        break;
      default:
        if (late) {
          putBack(flight, troubles.timedOut(flight.step, now, limits.rollout));
        }
    }
  }

  private void land(Flight flight) {
    if (flight.isUndoing()) {
      events.rolledBack(flight.step, flight.failure);
      end(flight, StepResult.rolledBack(flight.step, flight.failure, age(flight)));
      return;
    }
    Duration age = age(flight);
    longest = age.compareTo(longest) > 0 ? age : longest;
    landed++;
    events.done(flight.step);
    end(flight, StepResult.of(flight.step, Kind.DONE, age));
  }

  /** A step that takes something back has no way further back. */
  private void putBack(Flight flight, Problem problem) {
    failed = true;
    if (!flight.step.wantsProxy()) {
      end(flight, StepResult.failed(flight.step, problem, age(flight)));
      return;
    }
    sendBack(flight.step, problem, flight.since);
  }

  private void sendBack(Step step, Problem problem, Duration since) {
    Flight back = new Flight(step, step.undo(), problem, since);
    try {
      send(back);
    } catch (ClusterException e) {
      Problem both = Troubles.notPutBack(step, problem, e.problem.message);
      end(back, StepResult.failed(step, both, age(back)));
    }
  }

  private void end(Flight flight, StepResult result) {
    inFlight.remove(flight.step.subject());
    results.add(result);
    troubles.log(result);
  }

  private Duration age(Flight flight) {
    return limits.budget.spent().minus(flight.since);
  }

  private Duration untilNextDecision() {
    Duration wait = limits.budget.remaining();
    for (Flight flight : inFlight.values()) {
      Duration left = limits.rollout.minus(age(flight));
      if (!flight.isUndoing() && left.compareTo(wait) < 0) {
        wait = left;
      }
    }
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  /** A change that was sent and is waited for: a step, or the inverse of one that failed. */
  private static final class Flight {
    final Step step;
    final Step sent;

    /** Why the step is being undone; null while it is being done. */
    final Problem failure;

    final Duration since;

    /** As it was last looked at. */
    Workload last;

    Flight(Step step, Step sent, Problem failure, Duration since) {
      this.step = step;
      this.sent = sent;
      this.failure = failure;
      this.since = since;
    }

    boolean isUndoing() {
      return failure != null;
    }

    StepResult unfinished(Duration age) {
      return isUndoing()
          ? StepResult.failed(
              step, Troubles.notPutBack(step, failure, "the budget ended meanwhile"), age)
          : StepResult.of(step, Kind.ROLLING, age);
    }
  }
}
