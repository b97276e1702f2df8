package com.openfaas.function.plan;

import com.openfaas.function.plan.Step.Reason;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Role;
import com.openfaas.function.platform.State;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Decides what a run has to change: nothing that is as it should be, and nothing that said no. */
public final class Planner {
  static final Comparator<Step> ORDER =
      Comparator.comparing((Step step) -> step.wave)
          .thenComparing(step -> step.namespace)
          .thenComparing(Step::subject);

  /** Ready (a plan holds no other), with the fewest pods to lose, then by name. */
  private static final Comparator<Step> CANARY_ORDER =
      Comparator.comparing((Step step) -> step.workload.rollout.wanted)
          .thenComparing(step -> step.workload.name)
          .thenComparing(step -> step.namespace);

  private static final Map<String, String> ASK = Map.of(Annotations.INJECT, Annotations.ENABLED);

  private final Platform platform;
  private final Invocation invocation;
  private final Moment moment;

  public Planner(Platform platform, Invocation invocation, Moment moment) {
    this.platform = platform;
    this.invocation = invocation;
    this.moment = moment;
  }

  public Plan plan() {
    if (invocation.action == Action.REVERT) {
      return new Plan(new Restoring(platform, invocation).everything());
    }
    List<Step> stuck = new Restoring(platform, invocation).stuckSince(moment);
    return new Plan(stuck.isEmpty() ? meshing() : stuck);
  }

  private List<Step> meshing() {
    List<Step> steps = new ArrayList<>();
    if (invocation.covers(Part.NAMESPACES)) {
      platform.functionNamespaces.stream()
          .filter(this::lacksAnnotation)
          .map(ns -> Step.annotate(Wave.NAMESPACES, ns.object(), ASK))
          .forEach(steps::add);
    }
    for (Workload workload : platform.workloads) {
      if (covers(invocation, workload) && lacksProxy(workload)) {
        steps.add(step(workload));
      }
    }
    return withCanary(steps);
  }

  /** A value, whatever it says, is the operator's word. */
  private boolean lacksAnnotation(NamespaceView namespace) {
    boolean admitted =
        !platform.controlPlane.isKnown()
            || platform.controlPlane.value.namespaceSelector.matches(namespace.labels);
    return namespace.inject() == null && !namespace.terminating && admitted;
  }

  /** Whether what was asked for includes the workload. */
  public static boolean covers(Invocation invocation, Workload workload) {
    return invocation.covers(Wave.of(workload.role).part)
        && (workload.role != Role.FUNCTION
            || invocation.coversFunction(workload.namespace, workload.name));
  }

  private boolean lacksProxy(Workload workload) {
    State state = platform.standing(workload).state;
    boolean refreshed = invocation.action == Action.REFRESH && state == State.STALE;
    return state == State.UNMESHED || state == State.PARTIAL || refreshed;
  }

  private Step step(Workload workload) {
    Map<String, String> annotations = new TreeMap<>();
    boolean asked =
        Annotations.asksForInjection(workload.template.inject())
            || Annotations.asksForInjection(platform.namespaceOf(workload).inject());
    if (!asked) {
      annotations.put(Annotations.INJECT, Annotations.ENABLED);
    }
    if (platform.isNatsClient(workload)) {
      skipNats(workload, annotations);
    }
    if (annotations.isEmpty()) {
      annotations.put(Annotations.RESTARTED_AT, moment.now.toString());
    }
    return Step.mesh(
        Wave.of(workload.role), workload, asked ? Reason.RESTART : Reason.ENABLE, annotations);
  }

  /** NATS speaks first, which Linkerd's protocol detection cannot wait out; its clients go past. */
  private void skipNats(Workload workload, Map<String, String> annotations) {
    String ports = platform.natsPortsOrNone();
    String skipped = platform.skippedOutboundPorts(workload);
    if (!Ports.covers(skipped, ports)) {
      annotations.put(Annotations.SKIP_OUTBOUND_PORTS, skipList(platform, skipped));
    }
  }

  static String skipList(Platform platform, String before) {
    return Ports.union(platform.natsPortsOrNone(), before, platform.defaultSkipOutboundPorts());
  }

  /** No canary where a function with an up-to-date proxy is serving: the proof is there already. */
  private List<Step> withCanary(List<Step> steps) {
    boolean proven =
        platform.workloads.stream()
            .anyMatch(w -> w.role == Role.FUNCTION && platform.standing(w).state == State.MESHED);
    Step canary =
        steps.stream()
            .filter(step -> !proven && step.wave == Wave.FUNCTIONS)
            .min(CANARY_ORDER)
            .orElse(null);
    steps.replaceAll(step -> step == canary ? step.inWave(Wave.CANARY) : step);
    steps.sort(ORDER);
    return steps;
  }
}
