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

/** The steps of a run, in order. */
public final class Plan {
  public static final Plan NOTHING =
      new Plan(List.of(), List.of(), List.of(), List.of(), List.of(), false);

  public final List<Step> steps;

  /** Edited records of earlier changes; they do not block other steps. */
  public final List<Problem> doubts;

  /** The steps that set again what somebody removed, also where they have to wait. */
  public final List<Step> again;

  /**
   * What did not come up or was refused, and is left alone: a retry would be the same, and too
   * soon. A controller and its routes are left together.
   */
  public final List<Annotated> failed;

  /** Who may call functions, by namespace. */
  public final List<Protection> protections;

  /**
   * Whether functions wait until the gateway has a proxy, because they would refuse it until then:
   * the same run plans again once the gateway's change is confirmed.
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

  /** The functions that only the gateway may call from this run on. */
  public List<Workload> toBeProtected() {
    return protections.stream()
        .filter(Protection::isDue)
        .flatMap(due -> due.functions().filter(function -> !due.skips(function)))
        .collect(Collectors.toList());
  }

  /**
   * The same plan, but without refusals in namespaces where a caller would be cut off.
   *
   * @param callers the problems found with the functions' callers, by namespace
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

  /** Only the steps that admit callers again that mesh-setup's policy refuses. */
  public Plan urgent() {
    return new Plan(of(Wave.UNPROTECT), List.of(), failed, doubts, protections, false);
  }

  /** Only the steps for the proof that an earlier run did not complete. */
  public Plan unproven() {
    List<Step> left =
        steps.stream()
            .filter(step -> step.object.kind == Kind.SERVER)
            .filter(step -> protection(step.namespace).unproven)
            .collect(Collectors.toList());
    return new Plan(left, List.of(), failed, doubts, protections, false);
  }

  /** Whether a Server refuses callers and that is not proven yet. */
  public boolean isUnproven() {
    return protections.stream().anyMatch(each -> each.unproven);
  }

  /** The protection of an existing function namespace. */
  public Protection protection(String namespace) {
    return protections.stream()
        .filter(each -> each.namespace.equals(namespace))
        .findFirst()
        .orElseThrow();
  }

  /** Whether the object's change is postponed, because setting it again would be too soon. */
  public boolean postpones(String subject) {
    return again.stream().anyMatch(step -> step.subject().equals(subject))
        && steps.stream().noneMatch(step -> step.subject().equals(subject));
  }

  /** Whether the workload is left alone, because it did not come up. */
  public boolean givesUp(Workload workload) {
    return failed.stream().anyMatch(left -> left.subject().equals(workload.subject()));
  }

  /** Each step's position and what it would set, by the subject of its object. */
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
   * What must stay on each object when it is deployed again: what we set before, and what the plan
   * sets.
   */
  public List<Step> kept(Scope scope) {
    return Target.all(scope, List.of()).stream()
        .map(target -> target.kept(this))
        .filter(step -> !step.annotations.isEmpty())
        .sorted(Planner.ORDER)
        .collect(Collectors.toUnmodifiableList());
  }

  /** Whether the other plan sets the same annotations of the same objects, at whatever time. */
  public boolean isLike(Plan other) {
    return signature().equals(other.signature());
  }

  private List<String> signature() {
    return steps.stream()
        .map(step -> step.wave + " " + step.subject() + " " + step.annotations.keySet())
        .collect(Collectors.toList());
  }

  /** Whether pods are to come up with a proxy: only then is the control plane needed. */
  public boolean wantsProxies() {
    return steps.stream().anyMatch(Step::wantsProxy);
  }

  /** The workloads whose rollouts the caller waits for. */
  public List<Workload> awaited() {
    return steps.stream()
        .filter(step -> step.workload != null && step.wave.awaited)
        .map(step -> step.workload)
        .collect(Collectors.toList());
  }

  /** What is rolled out in parallel: the core starts once the last function has started. */
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
