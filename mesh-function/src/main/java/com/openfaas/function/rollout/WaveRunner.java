package com.openfaas.function.rollout;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.LiveView;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Standing;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.rollout.StepResult.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rolls out the steps of one wave, some at a time, and waits for each. */
final class WaveRunner {
  private static final Logger LOG = LoggerFactory.getLogger(WaveRunner.class);

  private final Cluster cluster;
  private final LiveView view;
  private final Platform platform;
  private final Limits limits;

  private final Deque<Step> pending;
  private final Map<Step, Duration> inFlight = new LinkedHashMap<>();
  private final List<StepResult> results = new ArrayList<>();
  private Duration longest = Duration.ZERO;
  private boolean failed;

  WaveRunner(Cluster cluster, LiveView view, Platform platform, Limits limits, List<Step> steps) {
    this.cluster = cluster;
    this.view = view;
    this.platform = platform;
    this.limits = limits;
    this.pending = new ArrayDeque<>(steps);
  }

  List<StepResult> run() throws InterruptedException {
    startAsManyAsMay();
    while (!inFlight.isEmpty() && !limits.budget.isOver()) {
      view.awaitChange(untilNextDecision());
      new ArrayList<>(inFlight.keySet()).forEach(this::look);
      startAsManyAsMay();
    }
    inFlight.forEach((step, since) -> end(step, Kind.ROLLING));
    pending.forEach(step -> results.add(StepResult.of(step, Kind.NOT_STARTED, Duration.ZERO)));
    return results;
  }

  /** None after a failure, and none that would not be ready within the budget like those before. */
  private void startAsManyAsMay() {
    while (!pending.isEmpty()
        && !failed
        && inFlight.size() < limits.parallel
        && limits.budget.remaining().compareTo(longest) > 0) {
      start(pending.poll());
    }
  }

  private void start(Step step) {
    Duration now = limits.budget.spent();
    try {
      view.put(cluster.patchDeployment(step.namespace, step.workload.name, step.patch()));
      inFlight.put(step, now);
    } catch (ClusterException e) {
      boolean gone = e.problem.code.equals("not_found");
      failed |= !gone;
      results.add(
          gone
              ? StepResult.of(step, Kind.OVERTAKEN, Duration.ZERO)
              : StepResult.failed(step, e.problem, Duration.ZERO));
    }
  }

  private void look(Step step) {
    Workload now = view.now(step.workload);
    switch (Progress.of(step, now)) {
      case DONE:
        longest = max(longest, age(step));
        end(step, Kind.DONE);
        break;
      case GONE:
      case SUPERSEDED:
        end(step, Kind.OVERTAKEN);
        break;
      case NOT_INJECTED:
        fail(step, "not_injected", "its new pod is ready without linkerd-proxy");
        break;
      default:
        if (age(step).compareTo(limits.rollout) >= 0) {
          Standing standing = platform.standing(now);
          String after = "not ready with its proxy after " + limits.rollout.toSeconds() + " s: ";
          fail(step, "rollout_timed_out", after + standing.message);
        }
    }
  }

  private void end(Step step, Kind kind) {
    StepResult result = StepResult.of(step, kind, age(step));
    results.add(result);
    if (kind != Kind.ROLLING) {
      inFlight.remove(step);
    }
    LOG.info("{}: {} after {} ms", step.subject(), kind, result.took.toMillis());
  }

  private void fail(Step step, String code, String message) {
    failed = true;
    String hint =
        "kubectl -n "
            + step.namespace
            + " describe deployment "
            + step.workload.name
            + "; its previous annotations are in "
            + Annotations.PREVIOUS;
    Problem problem = new Problem(code, step.subject(), message, hint);
    results.add(StepResult.failed(step, problem, age(step)));
    inFlight.remove(step);
    LOG.warn("{}; {}", problem, hint);
  }

  private Duration age(Step step) {
    return limits.budget.spent().minus(inFlight.get(step));
  }

  private Duration untilNextDecision() {
    Duration oldest =
        inFlight.keySet().stream().map(this::age).max(Duration::compareTo).orElseThrow();
    Duration untilTimeout = max(limits.rollout.minus(oldest), Duration.ofMillis(1));
    Duration remaining = limits.budget.remaining();
    return untilTimeout.compareTo(remaining) < 0 ? untilTimeout : remaining;
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
