package com.openfaas.function.report;

import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Planner;
import com.openfaas.function.plan.Previous;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.report.Finding.Severity;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What somebody takes off as often as we set it: Argo CD, helm, a deployment from elsewhere. Only
 * its source can end that, so the patch to commit there is given.
 */
final class FightFindings {
  private FightFindings() {}

  static List<Finding> of(Plan plan) {
    return plan.again.stream()
        .map(step -> new Finding(Severity.WARNING, problem(plan, step)))
        .collect(Collectors.toUnmodifiableList());
  }

  /** Of what is not set again yet, where that leaves something unmeshed: what ends it. */
  static Optional<String> postponed(Plan plan) {
    return Stream.ofNullable(plan)
        .flatMap(known -> known.again.stream())
        .filter(step -> plan.postpones(step.subject()))
        .map(step -> step.workload.key())
        .reduce((first, other) -> first + " and " + other)
        .map(
            who ->
                "The annotations set on "
                    + who
                    + " were removed: finding values_taken_off has the patch to commit");
  }

  private static Problem problem(Plan plan, Step step) {
    String of = step.workload == null ? "" : " of its pod template";
    return new Problem(
        "values_taken_off",
        step.subject(),
        "the annotations that mesh-setup set were removed"
            + (Previous.setAt(step.object) == null
                ? ""
                : ", again at " + Previous.setAt(step.object))
            + ": "
            + String.join(", ", Previous.takenOff(step))
            + of
            + "; last written, other than by mesh-setup, by "
            + step.object.lastWriter
            + (plan.postpones(step.subject())
                ? "; it is " + later(step)
                : "; an apply sets it again"),
        HintLines.committing(step.subject(), PatchFormat.merge(step, Previous.kept(step))));
  }

  private static String later(Step step) {
    return "set again once an hour, next by an apply after "
        + Previous.setAt(step.object).plus(Planner.AGAIN)
        + ", or by a signed one";
  }
}
