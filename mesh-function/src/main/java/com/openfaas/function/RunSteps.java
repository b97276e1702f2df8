package com.openfaas.function;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.confirm.Confirmation;
import com.openfaas.function.confirm.Way;
import com.openfaas.function.observe.Observation;
import com.openfaas.function.observe.Observer;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Unconfirmed;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.rollout.CarryOut;
import com.openfaas.function.rollout.Limits;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Kind;
import java.time.Duration;
import java.util.List;

/**
 * What a run does under the lease, with its plan proven: all that its caller waits for; then the
 * answer, which the gateway still carries; then the gateway, confirmed or taken back; then
 * mesh-setup itself, whose restart ends the run.
 */
final class RunSteps {
  private final Cluster cluster;
  private final Limits limits;
  private final RunRecord record;
  private final CarryOut carryOut;

  RunSteps(Cluster cluster, Limits limits, RunRecord record, Observation seen) {
    this.cluster = cluster;
    this.limits = limits;
    this.record = record;
    this.carryOut = new CarryOut(cluster, seen, record.plan, limits, this::came);
  }

  void carryOut(Observer observer, Run run) throws ClusterException, InterruptedException {
    try {
      carryOut.awaited();
      lookAgain(observer);
    } finally {
      carryOut.results().forEach(record::came);
    }
    end(observer, run);
  }

  /** What was done stands in the results, also where no time is left to see it. */
  private void lookAgain(Observer observer) throws ClusterException {
    try {
      Platform after = observer.observe().platform;
      record.update(now -> now.after = after);
    } catch (ClusterException e) {
      Problem unseen = e.whereTimeIsOver();
      record.update(now -> now.warnings.add(unseen));
    }
  }

  void end(Observer observer, Run run) throws ClusterException, InterruptedException {
    List<StepResult> rest = carryOut.rest();
    rest.forEach(record::came);
    boolean goesOn = rest.stream().anyMatch(result -> result.kind == Kind.DEFERRED);
    Step made = made();
    if (!goesOn && made == null) {
      return;
    }
    Step gateway = step(Wave.GATEWAY);
    Way way = new Way(record.policy.gatewayUrl, record.scope().platform);
    Confirmation confirmation = new Confirmation(cluster, limits, carryOut, way);
    if (goesOn) {
      tryTheWay(confirmation, gateway);
    }
    run.answer();
    if (gateway != null) {
      record.came(confirmation.make(gateway));
    } else if (made != null) {
      record.came(StepResult.of(made, Kind.ROLLING, Duration.ZERO));
      record.came(confirmation.takeOver(made));
    }
    if (gateway != null || made != null) {
      lookAgain(observer);
    }
    Step self = step(Wave.SELF);
    if (self != null) {
      record.came(carryOut.patch(self));
    }
  }

  private void tryTheWay(Confirmation confirmation, Step gateway) {
    boolean meshes = gateway != null && gateway.wantsProxy();
    Problem untried = meshes ? confirmation.tryTheWay(gateway) : null;
    if (untried != null) {
      record.update(now -> now.warnings.add(untried));
    }
  }

  /** A change that is to be confirmed is not done before: whatever ends the run, it is left. */
  private void came(StepResult result) {
    boolean left = result.kind == Kind.DONE && result.step.unconfirmed() != null;
    record.came(left ? StepResult.of(result.step, Kind.ROLLING, result.took) : result);
  }

  private Step step(Wave wave) {
    return record.plan.of(wave).stream().findFirst().orElse(null);
  }

  /** The change that an earlier run has left unconfirmed; null where there is none. */
  private Step made() {
    Workload gateway = record.before.gateway.value;
    Unconfirmed mark = gateway == null ? null : Unconfirmed.of(gateway);
    return mark == null ? null : Step.madeBefore(gateway, mark);
  }
}
