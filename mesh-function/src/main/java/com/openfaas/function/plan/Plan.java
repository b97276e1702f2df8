package com.openfaas.function.plan;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What is to be done, in the order in which it is done. */
public final class Plan {
  public static final Plan NOTHING =
      new Plan(List.of(), List.of(), List.of(), List.of(), List.of(), false);

  public final List<Step> steps;

  /** Records of earlier changes that somebody else has written to; they stop nothing else. */
  public final List<Problem> doubts;

  /** What sets again what somebody has taken off, also where that has to wait. */
  public final List<Step> again;

  /**
   * What did not come up, or was refused, and is left as it is: another try would be of the same,
   * and too soon. A controller is left together with its routes.
   */
  public final List<Annotated> failed;

  /** Who may call functions, namespace by namespace. */
  public final List<Protection> protections;

  /**
   * Whether something waits until the gateway has a proxy, because it would refuse it until then:
   * the same run plans anew when the gateway's change is confirmed.
   */
  public final boolean gatewayFirst;

  Plan(
      List<Step> steps,
      List<Step> again,
      List<Annotated> failed,
      List<Problem> doubts,
      List<Protection> protections,
      boolean gatewayFirst) {
    this.gatewayFirst = gatewayFirst;
    this.protections = List.copyOf(protections);
    this.steps = List.copyOf(steps);
    this.again = List.copyOf(again);
    this.failed = List.copyOf(failed);
    this.doubts = List.copyOf(doubts);
  }

  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /** The functions that are to be called by nobody past the gateway from this run on. */
  public List<Workload> toBeProtected() {
    return protections.stream()
        .filter(Protection::isDue)
        .flatMap(due -> due.functions().filter(function -> !due.skips(function)))
        .collect(Collectors.toList());
  }

  /**
   * The same without that where somebody would be cut.
   *
   * @param callers of the functions, by namespace: what was found of them
   */
  public Plan sparing(Map<String, List<Problem>> callers) {
    List<Step> kept = new ArrayList<>(steps);
    List<Protection> known = new ArrayList<>();
    for (Protection each : protections) {
      Protection seen = each.with(callers.getOrDefault(each.namespace, List.of()));
      if (each.isDue() && !seen.isDue()) {
        kept.removeIf(
            step -> step.object.kind == Kind.SERVER && step.namespace.equals(each.namespace));
      }
      known.add(seen);
    }
    return new Plan(kept, again, failed, doubts, known, gatewayFirst);
  }

  /** Only what lets in again whom mesh-setup's policy refuses. */
  public Plan urgent() {
    return new Plan(of(Wave.UNPROTECT), List.of(), failed, doubts, protections, false);
  }

  /** Only what concerns the proof that an earlier run has not given any more. */
  public Plan unproven() {
    List<Step> left =
        steps.stream()
            .filter(step -> step.object.kind == Kind.SERVER)
            .filter(step -> protection(step.namespace).unproven)
            .collect(Collectors.toList());
    return new Plan(left, List.of(), failed, doubts, protections, false);
  }

  /** Whether somebody is refused of whom nobody has proven yet that he should be. */
  public boolean isUnproven() {
    return protections.stream().anyMatch(each -> each.unproven);
  }

  /** Of a function namespace that is there. */
  public Protection protection(String namespace) {
    return protections.stream()
        .filter(each -> each.namespace.equals(namespace))
        .findFirst()
        .orElseThrow();
  }

  /** Whether the object is not changed yet, because that would be again, and too soon. */
  public boolean postpones(String subject) {
    return again.stream().anyMatch(step -> step.subject().equals(subject))
        && steps.stream().noneMatch(step -> step.subject().equals(subject));
  }

  /** Whether the workload is left as it is, because it did not come up. */
  public boolean givesUp(Workload workload) {
    return failed.stream().anyMatch(left -> left.subject().equals(workload.subject()));
  }

  /** Each step's place in the order and what it would set, by the subject of its object. */
  public Map<String, String> descriptions() {
    Map<String, String> descriptions = new HashMap<>();
    for (Step step : steps) {
      String description =
          String.format(
              "step %d of %d, wave %s: sets %s",
              descriptions.size() + 1,
              steps.size(),
              step.wave.name().toLowerCase(Locale.ROOT),
              step.annotations);
      descriptions.put(step.subject(), description);
    }
    return descriptions;
  }

  /**
   * What is to stay on each object, whoever deploys it anew: what is ours there already, and what
   * the plan sets.
   */
  public List<Step> kept(Scope scope) {
    return Target.all(scope, List.of()).stream()
        .map(target -> target.kept(this))
        .filter(step -> !step.annotations.isEmpty())
        .sorted(Planner.ORDER)
        .collect(Collectors.toUnmodifiableList());
  }

  /** Whether the other plan changes the same objects for the same reasons, at whatever time. */
  public boolean isLike(Plan other) {
    return signature().equals(other.signature());
  }

  private List<String> signature() {
    return steps.stream()
        .map(step -> step.wave + " " + step.subject() + " " + step.annotations.keySet())
        .collect(Collectors.toList());
  }

  /** Whether pods are to come up with a proxy: what only takes back needs no control plane. */
  public boolean wantsProxies() {
    return steps.stream().anyMatch(Step::wantsProxy);
  }

  /** The workloads whose rollouts are waited for. */
  public List<Workload> awaited() {
    return steps.stream()
        .filter(step -> step.workload != null && step.wave.awaited)
        .map(step -> step.workload)
        .collect(Collectors.toList());
  }

  /** What is rolled out beside each other: core begins when the last of the functions has begun. */
  public List<Step> togetherWith(Wave wave) {
    List<Step> together = new ArrayList<>(of(wave));
    if (wave == Wave.FUNCTIONS) {
      together.addAll(of(Wave.CORE));
    }
    return together;
  }

  public List<Step> of(Wave wave) {
    return steps.stream().filter(step -> step.wave == wave).collect(Collectors.toList());
  }
}
