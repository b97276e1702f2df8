package com.openfaas.function.rollout;

import com.openfaas.function.plan.Given;
import com.openfaas.function.plan.Planner;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Traffic;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Invocation.Part;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Steps as the planner makes them, and what came of them, for tests. */
public final class Steps {
  private Steps() {}

  /** The step that enables one workload. */
  public static Step enabling(Workload workload) {
    Platform platform =
        new Platform(
            Reading.failed(new Problem("", "", "", "")),
            Reading.of(Sample.plane(Reading.of(Sample.CONFIG))),
            Reading.of("4222"),
            new Platform.Namespaces(
                Sample.namespace("openfaas", null),
                List.of(Sample.namespace("openfaas-fn", null)),
                List.of()),
            List.of(workload),
            Traffic.UNSEEN,
            Platform.ReadErrors.NONE);
    Invocation invocation =
        new Invocation(Action.APPLY, Set.of(Part.values()), List.of(), 50, null);
    return new Planner(new Scope(platform, Given.policy(Map.of()), invocation), Sample.MOMENT)
        .plan().steps.stream().filter(step -> step.workload != null).findFirst().orElseThrow();
  }

  /** What came of a step, after that time. */
  public static StepResult came(Step step, StepResult.Phase kind, Duration took) {
    return StepResult.of(step, kind, took);
  }

  /** A step that did not come true, after that time. */
  public static StepResult troubled(
      Step step, StepResult.Phase kind, Problem problem, Duration took) {
    switch (kind) {
      case FAILED:
        return StepResult.failed(step, problem, took);
      case ROLLED_BACK:
        return StepResult.rolledBack(step, problem, took);
      default:
        return StepResult.superseded(step, problem, took);
    }
  }
}
