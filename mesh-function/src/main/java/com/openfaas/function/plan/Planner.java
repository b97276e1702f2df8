package com.openfaas.function.plan;

import com.openfaas.function.plan.Step.Reason;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.FailedMark;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.request.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Decides what a run has to change: nothing that is as desired, and nothing that has opted out. */
public final class Planner {
  /** The minimum time between restarts of the gateway when somebody removes its annotations. */
  public static final Duration AGAIN = Duration.ofHours(1);

  /** The policy object of a namespace that is created first. */
  private static final Kind FIRST = Kind.AUTHORIZATION_POLICY;

  static final Comparator<Step> ORDER =
      Comparator.comparing((Step step) -> step.wave)
          // Callers are admitted again before the list of allowed ones is deleted.
          .thenComparing(step -> step.wave == Wave.UNPROTECT && step.object.kind != Kind.SERVER)
          // Created first and deleted last: without it, none of our objects is left.
          .thenComparing(step -> step.wave == Wave.UNPROTECT && step.object.kind == FIRST)
          .thenComparing(Planner::hasFailed)
          .thenComparing(step -> step.namespace)
          .thenComparing(Step::subject);

  /**
   * Ready (a plan holds no other), with the fewest pods to lose, then by name. A workload that
   * failed before says nothing about the mesh if it fails again.
   */
  private static final Comparator<Step> CANARY_ORDER =
      Comparator.comparing(Planner::hasFailed)
          .thenComparing(step -> step.workload.rollout.wanted)
          .thenComparing(step -> step.workload.name)
          .thenComparing(step -> step.namespace);

  private final Scope scope;
  private final Platform platform;
  private final Instant now;
  private final List<Protection> protections;
  private final List<Target> targets;

  /** A plan made at that time, by the API server's clock. */
  public Planner(Scope scope, Instant now) {
    this.scope = scope;
    this.platform = scope.platform;
    this.now = Objects.requireNonNull(now);
    this.protections = Protection.all(scope, now);
    this.targets = Target.all(scope, covered());
  }

  /** A refused gateway is admitted again, however little the run was asked for. */
  private List<Protection> covered() {
    boolean reverts = scope.invocation.action == Action.REVERT;
    return protections.stream()
        .filter(each -> scope.coversProtection() || (each.danger != null && !reverts))
        .collect(Collectors.toList());
  }

  public Plan plan() {
    if (scope.invocation.action == Action.REVERT) {
      return plan(everything(), List.of(), List.of(), false);
    }
    List<Target> failed = failed();
    List<Step> stuck = stuck();
    if (!stuck.isEmpty()) {
      stuck.addAll(unprotecting());
      stuck.sort(ORDER);
      return plan(stuck, List.of(), failed, false);
    }
    List<Step> steps = meshing(failed);
    boolean gatewayFirst = isGatewayDue(steps, failed) && steps.removeIf(this::isAfterGateway);
    // Its restart would end the run, which has more to do.
    steps.removeIf(step -> gatewayFirst && step.wave == Wave.SELF);
    withCanary(steps);
    List<Step> again = new ArrayList<>(steps);
    again.removeIf(step -> Previous.takenOff(step).isEmpty());
    steps.replaceAll(step -> again.contains(step) ? timed(step) : step);
    steps.removeIf(step -> isTooSoon(step) && !Previous.takenOff(step).isEmpty());
    return plan(steps, again, failed, gatewayFirst);
  }

  private Plan plan(List<Step> steps, List<Step> again, List<Target> failed, boolean gatewayFirst) {
    List<Annotated> left =
        failed.stream().map(target -> target.object).collect(Collectors.toList());
    return new Plan(steps, again, left, doubts(), protections, gatewayFirst);
  }

  /**
   * Every change of ours that is still in place. Namespaces come before functions here, too: a
   * function restarted in an annotated namespace would be meshed again.
   */
  private List<Step> everything() {
    return targets.stream()
        .filter(Target::isChanged)
        .map(Target::revert)
        .sorted(ORDER)
        .collect(Collectors.toList());
  }

  /** The edited records among what the run was asked for. */
  private List<Problem> doubts() {
    return targets.stream()
        .flatMap(t -> Stream.of(Previous.doubt(t.object), FailedMark.doubt(t.object)))
        .filter(Objects::nonNull)
        .collect(Collectors.toUnmodifiableList());
  }

  /** Rollouts of ours whose new pod is overdue: they are rolled back, and nothing else is done. */
  private List<Step> stuck() {
    Rollback back = new Rollback(platform, Plan.NOTHING);
    Instant overdue = now.minus(scope.policy.patience);
    return platform.workloads.stream()
        .filter(workload -> scope.covers(workload) && back.isDue(workload, overdue))
        .map(workload -> back.ofStuck(workload, now))
        .sorted(ORDER)
        .collect(Collectors.toList());
  }

  /** The steps that admit refused callers again: nothing is more urgent. */
  private List<Step> unprotecting() {
    return targets.stream()
        .filter(target -> target.wave == Wave.UNPROTECT && !target.lacking().isEmpty())
        .map(Target::set)
        .collect(Collectors.toList());
  }

  /** What is left alone after a failure; a signed refresh is the operator's request to retry it. */
  private List<Target> failed() {
    List<Target> marked =
        targets.stream()
            .filter(target -> scope.invocation.action != Action.REFRESH && isDue(target))
            .filter(this::isMarked)
            .collect(Collectors.toList());
    // A controller and its routes are changed together, or not at all.
    return targets.stream()
        .filter(target -> marked.contains(target) || marked.stream().anyMatch(target::carries))
        .collect(Collectors.toList());
  }

  private boolean isDue(Target target) {
    return target.workload == null
        ? !target.lacking().isEmpty()
        : scope.wants(target.workload) && lacksProxy(target.workload);
  }

  private boolean isMarked(Target target) {
    FailedMark mark = FailedMark.on(target.object);
    if (mark == null || target.workload == null) {
      return mark != null && mark.holds(target.object, target.lacking(), now);
    }
    return mark.holds(target.workload, platform.proxyVersion(target.workload), now);
  }

  private static boolean hasFailed(Step step) {
    return FailedMark.on(step.object) != null;
  }

  private Step timed(Step step) {
    return step.wave == Wave.GATEWAY ? step.setAt(now) : step;
  }

  /** Whoever keeps removing it would have calls lost each time; a signed request is exempt. */
  private boolean isTooSoon(Step step) {
    return step.wave == Wave.GATEWAY
        && scope.invocation.signedAt == null
        && Previous.setAt(step.object) != null
        && isWithinAgain(Previous.setAt(step.object));
  }

  /** Whether the time is less than {@link #AGAIN} ago; one in the future is not ours. */
  private boolean isWithinAgain(Instant time) {
    return !time.isAfter(now) && time.plus(AGAIN).isAfter(now);
  }

  private List<Step> meshing(List<Target> failed) {
    List<Target> due =
        targets.stream()
            .filter(target -> isDue(target) && !failed.contains(target))
            .collect(Collectors.toList());
    List<Step> steps =
        due.stream()
            .filter(target -> target.workload != null)
            .map(this::step)
            .collect(Collectors.toList());
    Set<String> coming = steps.stream().map(Step::subject).collect(Collectors.toSet());
    due.stream()
        .filter(target -> target.workload == null && isBehindProxy(target, coming))
        .forEach(target -> steps.add(target.set()));
    return steps;
  }

  private boolean isBehindProxy(Target target, Set<String> coming) {
    return target.controller == null
        || coming.contains(target.controller.subject())
        || platform.status(target.controller).state.isMeshed();
  }

  private static boolean isGatewayDue(List<Step> steps, List<Target> failed) {
    return steps.stream().anyMatch(step -> step.wave == Wave.GATEWAY)
        || failed.stream().anyMatch(target -> target.wave == Wave.GATEWAY);
  }

  /**
   * Functions are meshed first, but one that admits only meshed callers would refuse the gateway
   * until it is meshed, too: then the gateway goes first, and they follow once it is confirmed.
   */
  private boolean isAfterGateway(Step step) {
    return step.wave == Wave.NAMESPACES
        ? platform.workloads.stream()
            .anyMatch(w -> w.namespace.equals(step.namespace) && platform.waitsForGateway(w))
        : step.workload != null && platform.waitsForGateway(step.workload);
  }

  private boolean lacksProxy(Workload workload) {
    State state = platform.status(workload).state;
    boolean refreshed = scope.invocation.action == Action.REFRESH && state == State.STALE;
    return state == State.UNMESHED || state == State.PARTIAL || refreshed;
  }

  private Step step(Target target) {
    Map<String, String> annotations = target.lacking();
    Reason reason = annotations.containsKey(Annotations.INJECT) ? Reason.ENABLE : Reason.RESTART;
    if (annotations.isEmpty()) {
      annotations.put(Annotations.RESTARTED_AT, now.toString());
    }
    return Step.mesh(target.wave, target.workload, reason, annotations);
  }

  /** No canary if a function with a current proxy is serving: that is the proof already. */
  private void withCanary(List<Step> steps) {
    boolean proven =
        platform.workloads.stream()
            .anyMatch(w -> w.role == Role.FUNCTION && platform.status(w).state == State.MESHED);
    Step canary =
        steps.stream()
            .filter(step -> !proven && step.wave == Wave.FUNCTIONS)
            .min(CANARY_ORDER)
            .orElse(null);
    steps.replaceAll(step -> step == canary ? step.inWave(Wave.CANARY) : step);
    steps.sort(ORDER);
  }
}
