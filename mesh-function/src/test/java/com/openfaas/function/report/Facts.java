package com.openfaas.function.report;

import com.openfaas.function.plan.Planner;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Step.Reason;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.FailedMark;
import com.openfaas.function.platform.MeshStatus;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.request.Action;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Phase;
import com.openfaas.function.verify.Edge.Mtls;
import com.openfaas.function.verify.Proof;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is so, by a run's record, whatever its report says of it. */
final class Facts {
  private static final Set<Phase> SENT_LAST = Set.of(Phase.ROLLING, Phase.DEFERRED);

  private final RunRecord record;

  Facts(RunRecord record) {
    this.record = record;
  }

  boolean isRevert() {
    return record.invocation.action == Action.REVERT;
  }

  boolean isBlocked() {
    return record.checks.stream().anyMatch(Check::failed);
  }

  /** Whether there is nothing that the same run, another action or a wait would bring further. */
  boolean isSettled() {
    boolean ended =
        record.results.stream().allMatch(r -> r.phase == Phase.DONE || r.phase == Phase.SUPERSEDED);
    boolean planned = record.results.isEmpty() && !record.plan.isEmpty();
    boolean moves = !underWay().isEmpty() || !stuck().isEmpty();
    return ended
        && !planned
        && !moves
        && !isBlocked()
        && (isRevert() || isUpToDate())
        && proven() == record.dueEdges().size();
  }

  private boolean isUpToDate() {
    return keys(State.STALE).isEmpty()
        && inScope(w -> status(w).state.isUnfinished() && !isLeft(w)).findAny().isEmpty();
  }

  /** What did not come up less than a day ago, which only a refresh would try again. */
  private boolean isLeft(Workload workload) {
    FailedMark mark = FailedMark.on(workload.object);
    return mark != null
        && record.invocation.action != Action.REFRESH
        && mark.time.plus(Duration.ofDays(1)).isAfter(Sample.MOMENT);
  }

  Set<String> results(Predicate<Phase> kinds) {
    return record.results.stream()
        .filter(result -> kinds.test(result.phase))
        .map(result -> key(result.step))
        .collect(Collectors.toSet());
  }

  Set<String> allOf(Phase kind) {
    return results(kind::equals);
  }

  Set<String> keys(State state) {
    return keys(inScope(workload -> status(workload).state == state));
  }

  /** What the same action, asked for again, changes. */
  Set<String> againHelps() {
    return Stream.concat(
            new Planner(record.scope(), Sample.MOMENT).plan().steps.stream(),
            record.results.stream()
                .filter(result -> result.phase == Phase.NOT_STARTED)
                .map(result -> result.step))
        .map(Facts::key)
        .collect(Collectors.toSet());
  }

  /** What has a record of ours, within what was asked for, and neither a proxy nor our values. */
  Set<String> takenOff() {
    return keys(
        inScope(w -> w.template.inject() == null && !hasProxies(w))
            .filter(w -> recorded().contains(w.key())));
  }

  /** What needs nothing but time. */
  Set<String> underWay() {
    Set<String> keys = keys(inScope(w -> status(w).code.equals("rollout_under_way")));
    record.results.stream()
        .filter(result -> result.phase == Phase.ROLLING && result.step.wave.awaited)
        .forEach(result -> keys.add(key(result.step)));
    return keys;
  }

  Set<String> stuck() {
    return keys(inScope(workload -> status(workload).code.equals("rollout_stuck")));
  }

  /**
   * What was patched at the end, and is not waited for.
   *
   * @param meshed whether it comes up with a proxy, by its step or through its namespace
   */
  Set<String> last(boolean meshed) {
    return record.results.stream()
        .filter(result -> SENT_LAST.contains(result.phase) && !result.step.wave.awaited)
        .filter(result -> !meshed || result.step.wantsProxy())
        .map(result -> key(result.step))
        .collect(Collectors.toSet());
  }

  /** What a revert has restored, and what comes up with a proxy all the same. */
  Set<String> meshedByNamespace() {
    return record.results.stream()
        .filter(result -> result.step.reason == Reason.REVERT && result.step.workload != null)
        .filter(result -> result.phase != Phase.NOT_STARTED && result.phase != Phase.FAILED)
        .filter(this::isAskedForByNamespace)
        .map(result -> key(result.step))
        .collect(Collectors.toSet());
  }

  private boolean isAskedForByNamespace(StepResult result) {
    Workload workload = result.step.workload;
    NamespaceView namespace = record.latest().namespaceOf(workload);
    String before = result.step.annotations.getOrDefault(Annotations.INJECT, "");
    return Annotations.asksForInjection(namespace.inject()) && before == null;
  }

  /** What is meshed and asked for by nobody. */
  Set<String> keepers() {
    return keys(
        record.latest().workloads.stream()
            .filter(w -> record.scope().covers(w) && hasProxies(w))
            .filter(w -> !last(false).contains(w.key()))
            .filter(w -> !Annotations.asksForInjection(w.template.inject()))
            .filter(w -> !Annotations.asksForInjection(record.latest().namespaceOf(w).inject())));
  }

  /** What holds a record of ours, within what was asked for. */
  Set<String> recorded() {
    return keys(
        record.latest().workloads.stream()
            .filter(w -> record.scope().covers(w))
            .filter(w -> w.object.annotations.containsKey(Annotations.PREVIOUS)));
  }

  long proven() {
    return record.dueEdges().stream().filter(edge -> edge.mtls == Mtls.PROVEN).count();
  }

  boolean isLeftOut(String counts) {
    Map<String, Long> states =
        record.latest().workloads.stream()
            .filter(w -> w.role.isFunction() && record.scope().covers(w))
            .filter(w -> !Proof.isDue(record.latest(), w))
            .collect(Collectors.groupingBy(w -> status(w).state.words(), Collectors.counting()));
    return Stream.of(counts.split(", ", -1))
        .allMatch(count -> states.getOrDefault(count.split(" ", 2)[1], 0L) == number(count));
  }

  private static long number(String count) {
    return Long.parseLong(count.split(" ", -1)[0]);
  }

  private boolean hasProxies(Workload workload) {
    return status(workload).state.isMeshed() || status(workload).state == State.PARTIAL;
  }

  private Stream<Workload> inScope(Predicate<Workload> rule) {
    return record.latest().workloads.stream().filter(record.scope()::wants).filter(rule);
  }

  private MeshStatus status(Workload workload) {
    return record.latest().status(workload);
  }

  private static Set<String> keys(Stream<Workload> workloads) {
    return workloads.map(Workload::key).collect(Collectors.toSet());
  }

  private static String key(Step step) {
    return step.workload == null ? step.subject() : step.workload.key();
  }
}
