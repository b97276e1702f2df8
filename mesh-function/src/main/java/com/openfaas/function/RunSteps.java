package com.openfaas.function;

import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.confirm.Confirmation;
import com.openfaas.function.confirm.Enforcement;
import com.openfaas.function.confirm.GatewayProbe;
import com.openfaas.function.observe.Observation;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Unconfirmed;
import com.openfaas.function.plan.Wave;
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
import com.openfaas.function.rollout.StepResult.Phase;
import com.openfaas.function.verify.Watched;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a run does under the Lease, after preflight of its plan: everything its caller waits for;
 * the answer, while the old gateway can still carry it; the gateway, confirmed or rolled back;
 * protection of the functions; and mesh-setup itself, whose restart ends the run.
 */
final class RunSteps {
  private final Survey survey;
  private final Limits limits;
  private final RunRecord record;
  private final CarryOut carryOut;

  RunSteps(Survey survey, Observation seen, Limits limits) {
    this.survey = survey;
    this.limits = limits;
    this.record = survey.record;
    this.carryOut = new CarryOut(survey.cluster, seen, record.plan, limits, record::add);
  }

  /**
   * Events may be sent after the answer, but not after the end of the run.
   *
   * @return whether the gateway is confirmed and steps have waited for that
   */
  boolean carryOut(Run run) throws ClusterException, InterruptedException {
    try {
      carryOut.awaited();
      survey.observeAfter();
      List<StepResult> rest = carryOut.rest();
      rest.forEach(record::add);
      Step made = madeBefore();
      if (made != null || rest.stream().anyMatch(result -> result.phase == Phase.DEFERRED)) {
        end(run, made);
      }
      return record.plan.gatewayFirst && record.results.stream().anyMatch(RunSteps::isMadeGateway);
    } finally {
      Events.await();
    }
  }

  private void end(Run run, Step made) throws ClusterException, InterruptedException {
    Step gateway = step(Wave.GATEWAY);
    Step self = step(Wave.SELF);
    List<Step> protection = record.plan.of(Wave.PROTECT);
    GatewayProbe probe = new GatewayProbe(record.policy.gatewayUrl, record.scope().platform);
    Confirmation confirmation = new Confirmation(survey.cluster, limits, carryOut, probe);
    probeBefore(confirmation, gateway);
    if (gateway != null || made != null || self != null) {
      run.answer();
    }
    if (gateway != null) {
      record.add(confirmation.make(gateway));
    } else if (made != null) {
      record.add(StepResult.of(made, Phase.ROLLING, Duration.ZERO));
      record.add(confirmation.takeOver(made));
    }
    protect(protection, probe);
    if (gateway != null || made != null || !protection.isEmpty()) {
      survey.observeAfter();
    }
    if (self != null) {
      record.add(carryOut.patch(self));
    }
  }

  private void probeBefore(Confirmation confirmation, Step gateway) {
    boolean meshes = gateway != null && gateway.wantsProxy();
    Problem untried = meshes ? confirmation.probeBefore(gateway) : null;
    if (untried != null) {
      record.update(now -> now.warnings.add(untried));
    }
  }

  private Step step(Wave wave) {
    return record.plan.of(wave).stream().findFirst().orElse(null);
  }

  /** The change that an earlier run left unconfirmed, or null. */
  private Step madeBefore() {
    Workload present = record.latest().gateway.value;
    Unconfirmed mark = present == null ? null : Unconfirmed.of(present);
    return mark == null ? null : Step.madeBefore(present, mark);
  }

  /** Callers are restricted only once the gateway is in its final state. */
  private void protect(List<Step> protection, GatewayProbe probe)
      throws ClusterException, InterruptedException {
    boolean confirmed =
        record.results.stream()
            .allMatch(result -> result.step.wave != Wave.GATEWAY || isMadeGateway(result));
    for (Step step : protection) {
      record.add(
          confirmed ? protect(step, probe) : StepResult.of(step, Phase.NOT_STARTED, Duration.ZERO));
    }
  }

  private static boolean isMadeGateway(StepResult result) {
    return result.step.wave == Wave.GATEWAY && result.phase == Phase.DONE;
  }

  private StepResult protect(Step step, GatewayProbe probe)
      throws ClusterException, InterruptedException {
    return step.refuses()
        ? new Enforcement(survey.cluster, limits, probe, this::observe)
            .make(step, record.plan.protection(step.namespace))
        : new Annotator(survey.cluster, new Events(survey.cluster)).set(step);
  }

  private Watched observe(List<Workload> functions) throws InterruptedException {
    List<String> names =
        functions.stream().map(f -> f.name + "." + f.namespace).collect(Collectors.toList());
    Invocation asked = new Invocation(Action.VERIFY, Set.of(), names, 1, null);
    Scope scope = new Scope(record.scope().platform, record.policy, asked);
    return survey.verification(scope, limits).watch();
  }
}
