package com.openfaas.function.plan;

import java.util.List;
import java.util.stream.Collectors;

/** What is to be done, in the order in which it is done. */
public final class Plan {
  public final List<Step> steps;

  Plan(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /** Whether pods are to come up with a proxy: what only takes back needs no control plane. */
  public boolean wantsProxies() {
    return steps.stream().anyMatch(Step::wantsProxy);
  }

  public List<Step> of(Wave wave) {
    return steps.stream().filter(step -> step.wave == wave).collect(Collectors.toList());
  }
}
