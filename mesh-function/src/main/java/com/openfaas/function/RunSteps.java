package com.openfaas.function;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.confirm.Confirmation;
import com.openfaas.function.confirm.Enforcement;
import com.openfaas.function.confirm.GatewayProbe;
import com.openfaas.function.observe.Observation;
import com.openfaas.function.observe.Observer;
import com.openfaas.function.plan.Protection;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Unconfirmed;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.rollout.Annotator;
import com.openfaas.function.rollout.CarryOut;
import com.openfaas.function.rollout.Events;
import com.openfaas.function.rollout.Limits;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Kind;
import com.openfaas.function.verify.ProofClient;
import com.openfaas.function.verify.Verification;
import com.openfaas.function.verify.Watched;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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
  private final ProofClient proofClient;

  RunSteps(
      Cluster cluster, Limits limits, RunRecord record, Observation seen, ProofClient proofClient) {
    this.proofClient = proofClient;
    this.cluster = cluster;
    this.limits = limits;
    this.record = record;
    this.carryOut = new CarryOut(cluster, seen, record.plan, limits, this::came);
  }

  /** Events may be sent after the answer of a run that goes on, but not after the run's end. */
  void carryOut(Observer observer, Run run) throws ClusterException, InterruptedException {
    try {
      awaited(observer);
      end(observer, run);
    } finally {
      Events.await();
    }
  }

  private void awaited(Observer observer) throws ClusterException, InterruptedException {
    try {
      carryOut.awaited();
      lookAgain(observer);
    } finally {
      carryOut.results().forEach(record::came);
    }
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
    Step self = step(Wave.SELF);
    GatewayProbe probe = new GatewayProbe(record.policy.gatewayUrl, record.scope().platform);
    if (gateway != null || made != null || self != null) {
      gateway(gateway, made, run, new Confirmation(cluster, limits, carryOut, probe));
    }
    boolean protects = protect(probe);
    if (gateway != null || made != null || protects) {
      lookAgain(observer);
    }
    if (self != null) {
      record.came(carryOut.patch(self));
    }
  }

  private void gateway(Step gateway, Step made, Run run, Confirmation confirmation)
      throws ClusterException, InterruptedException {
    probeBefore(confirmation, gateway);
    run.answer();
    if (gateway != null) {
      record.came(confirmation.make(gateway));
    } else if (made != null) {
      record.came(StepResult.of(made, Kind.ROLLING, Duration.ZERO));
      record.came(confirmation.takeOver(made));
    }
  }

  /** Whether anything of who may call functions was to be done. */
  private boolean protect(GatewayProbe probe) throws ClusterException, InterruptedException {
    boolean confirmed = record.results.stream().noneMatch(RunSteps::isUnmadeGateway);
    for (Step step : record.plan.of(Wave.PROTECT)) {
      record.came(
          confirmed ? protect(step, probe) : StepResult.of(step, Kind.NOT_STARTED, Duration.ZERO));
    }
    return !record.plan.of(Wave.PROTECT).isEmpty();
  }

  /** Who may call functions is said when the gateway is as it is to stay. */
  private static boolean isUnmadeGateway(StepResult result) {
    return result.step.wave == Wave.GATEWAY && result.kind != Kind.DONE;
  }

  private StepResult protect(Step step, GatewayProbe probe)
      throws ClusterException, InterruptedException {
    Protection protection = record.plan.protection(step.namespace);
    return step.refuses()
        ? new Enforcement(cluster, limits, probe, this::look).make(step, protection)
        : new Annotator(cluster, new Events(cluster)).set(step);
  }

  private Watched look(List<Workload> functions) throws InterruptedException {
    List<String> names =
        functions.stream().map(f -> f.name + "." + f.namespace).collect(Collectors.toList());
    Invocation asked = new Invocation(Action.VERIFY, Set.of(), names, 1, null);
    Scope scope = new Scope(record.scope().platform, record.policy, asked);
    return new Verification(scope, limits, proofClient).watch();
  }

  private void probeBefore(Confirmation confirmation, Step gateway) {
    boolean meshes = gateway != null && gateway.wantsProxy();
    Problem untried = meshes ? confirmation.probeBefore(gateway) : null;
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
