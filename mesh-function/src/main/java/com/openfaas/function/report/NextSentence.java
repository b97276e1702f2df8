package com.openfaas.function.report;

import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.request.Action;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Phase;
import com.openfaas.function.verify.Edge;
import com.openfaas.function.verify.Edge.Mtls;
import com.openfaas.function.verify.Proof;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the operator does next, in one sentence. NextSentenceTest checks it against the record. */
final class NextSentence {
  private final RunRecord record;
  private final List<WorkloadEntry> workloads;
  private final List<Finding> findings;

  private NextSentence(RunRecord record, List<WorkloadEntry> workloads, List<Finding> findings) {
    this.record = record;
    this.workloads = workloads;
    this.findings = findings;
  }

  static String of(
      Outcome outcome, RunRecord record, List<WorkloadEntry> workloads, List<Finding> findings) {
    NextSentence next = new NextSentence(record, workloads, findings);
    return outcome.isOfProof() ? next.ofProof(outcome) : next.of(outcome);
  }

  private String of(Outcome outcome) {
    switch (outcome) {
      case OBSERVED:
      case PLANNED:
        return urgent().orElseGet(this::ofPlan);
      case BLOCKED:
        return "Nothing was changed: " + ofFailedCheck();
      case FAILED:
        return urgent().orElseGet(this::ofFailure);
      case BUSY:
        return record.busy.hint + (record.underWay == null ? "" : "; " + record.underWay);
      case ROLLED_BACK:
        return urgent().orElseGet(this::ofRollback);
      default:
        return ofDone(outcome);
    }
  }

  private String ofDone(Outcome outcome) {
    switch (outcome) {
      case HELD:
        return RevertSentence.held(record);
      case REVERTED:
        return ofRevert();
      case IN_PROGRESS:
        return record.underWay == null ? ofLeft() : ofUnderWay();
      case DEGRADED_NOW:
        return urgent().orElseGet(this::ofRollback);
      case CHANGED:
      case DEGRADED:
        return ofChange();
      default:
        return ofRest();
    }
  }

  /** A certificate that expires within days comes before everything else. */
  private Optional<String> urgent() {
    return findings.stream()
        .filter(f -> f.severity == Finding.Severity.ERROR && Headline.isExpiry(f))
        .findFirst()
        .map(f -> "Renew it before anything else, " + f.subject + ": " + f.hint);
  }

  private String ofPlan() {
    if (record.checks.stream().anyMatch(Check::failed)) {
      return ofFailedCheck();
    }
    if (record.underWay != null) {
      return UnderWay.goesOn(record.command(Action.STATUS));
    }
    int steps = record.plan == null ? 0 : record.plan.steps.size();
    if (record.heldSince != null && steps > 0) {
      return RevertSentence.held(record);
    }
    if (steps == 0) {
      return ofRest();
    }
    List<String> parts = new ArrayList<>();
    addStuck(parts);
    parts.add(
        (steps == 1 ? "To change 1 object: " : "To change " + steps + " objects: ")
            + record.command(Action.APPLY));
    return HintLines.sentence(parts);
  }

  private String ofFailedCheck() {
    return first(
        record.checks.stream()
            .filter(Check::failed)
            .map(check -> check.id + " failed; " + check.hint));
  }

  private String ofFailure() {
    return first(
        Stream.of(
                Stream.ofNullable(record.problem),
                record.results.stream().map(result -> result.problem).filter(Objects::nonNull),
                record.unreverted().stream())
            .flatMap(problems -> problems)
            .map(problem -> HintLines.advice(problem))
            .distinct());
  }

  /** The first piece of advice, and how many there are. */
  static String first(Stream<String> advice) {
    List<String> all = advice.collect(Collectors.toList());
    return (all.size() > 1 ? "1 of " + all.size() + ": " : "")
        + (all.isEmpty() ? "see the log: faas-cli logs mesh-setup" : all.get(0));
  }

  private String ofRollback() {
    Set<String> back = named(result -> result.phase == Phase.ROLLED_BACK);
    return back.isEmpty() ? ofRest() : RevertSentence.putBack(record, back) + "; " + ofFailure();
  }

  private String ofRevert() {
    String sentence = RevertSentence.of(record, workloads);
    return sentence.isEmpty() ? ofRest() : sentence;
  }

  private String ofChange() {
    Set<String> rolling = keys(workload -> workload.patchedLast);
    return rolling.isEmpty()
        ? ofRest()
        : about("The run goes on with ", rolling, "; see how far: ", Action.STATUS);
  }

  /** What the same action would continue if invoked again; what needs time, or the operator. */
  private String ofLeft() {
    // A revert leaves unmeshed what was unmeshed before: only its own steps are left.
    Set<String> again = keys(w -> !isRevert() && w.isTried(record) && w.after != State.ROLLING);
    again.addAll(named(result -> result.phase == Phase.NOT_STARTED));
    List<String> parts = new ArrayList<>();
    if (!again.isEmpty()) {
      Action action = record.invocation.action;
      String left = " again, left " + (again.size() == 1 ? "is " : "are ");
      parts.add(about("Invoke " + action + left, again, ": ", action));
    }
    addWaiting(parts);
    // A run may be over when its caller's wait is, and its answer still come from before that.
    return parts.isEmpty() ? ofFindings() : HintLines.sentence(parts);
  }

  /** Without steps left for a run: what is still rolling out, or is not the mesh's to settle. */
  private String ofRest() {
    List<String> parts = new ArrayList<>();
    addWaiting(parts);
    Set<String> stale = isRevert() ? Set.of() : keys(w -> w.after == State.STALE && isWanted(w));
    if (!stale.isEmpty()) {
      String why = ", whose proxies are stale: ";
      parts.add(about("A signed refresh restarts ", stale, why, Action.REFRESH));
    }
    return parts.isEmpty() ? ofFindings() : HintLines.sentence(parts);
  }

  /** What is wrong, or soon will be, if nothing else is to be done. */
  private String ofFindings() {
    List<String> grave = HintLines.advice(findings);
    return grave.isEmpty()
        ? "Nothing to do."
        : HintLines.sentence(List.of("Nothing is left to change, but " + first(grave.stream())));
  }

  /** The run does not wait for what somebody else rolls out. */
  private String ofUnderWay() {
    List<String> parts = new ArrayList<>();
    parts.add(UnderWay.goesOn(record.command(Action.STATUS)));
    if (!record.waitIsOver) {
      addWaiting(parts);
    }
    return HintLines.sentence(parts);
  }

  private void addWaiting(List<String> parts) {
    Findings.postponed(record.plan).ifPresent(parts::add);
    Set<String> rolling =
        named(result -> result.phase == Phase.ROLLING && result.step.wave.awaited);
    // What somebody else rolls out may need a proxy once it is up; but nobody asked for more.
    boolean tries = rolling.isEmpty() && record.invocation.isWholeApply();
    rolling.addAll(keys(w -> isWanted(w) && Code.ROLLOUT_UNDER_WAY.is(code(w))));
    rolling.removeAll(stuck());
    if (!rolling.isEmpty()) {
      String what = tries ? "Invoke " + Action.APPLY : "Check";
      String words = what + " again in a minute, still rolling out: ";
      parts.add(about(words, rolling, ": ", tries ? Action.APPLY : Action.STATUS));
    }
    addStuck(parts);
  }

  private void addStuck(List<String> parts) {
    Set<String> stuck = stuck();
    if (!stuck.isEmpty()) {
      String kept =
          stuck.size() == 1
              ? " has a stuck rollout and is not changed"
              : " have stuck rollouts and are not changed";
      findings.stream()
          .filter(finding -> Code.ROLLOUT_STUCK.is(finding.code))
          .findFirst()
          .ifPresent(first -> parts.add(Figures.some(stuck) + kept + ": " + first.hint));
    }
  }

  private Set<String> stuck() {
    return keys(w -> isWanted(w) && Code.ROLLOUT_STUCK.is(code(w)));
  }

  private String about(String words, Set<String> which, String then, Action command) {
    return words + Figures.some(which) + then + record.command(command);
  }

  private boolean isRevert() {
    return record.invocation.action == Action.REVERT;
  }

  private boolean isWanted(WorkloadEntry reported) {
    return record.scope().wants(reported.workload);
  }

  private String code(WorkloadEntry reported) {
    return record.latest().status(reported.workload).code;
  }

  private Set<String> keys(Predicate<WorkloadEntry> rule) {
    return workloads.stream()
        .filter(rule)
        .map(reported -> reported.workload.key())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private Set<String> named(Predicate<StepResult> rule) {
    return record.results.stream()
        .filter(rule)
        .map(result -> result.step)
        .map(step -> step.workload == null ? step.subject() : step.workload.key())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** How much of what should be meshed is proven, and what to do about the rest. */
  private String ofProof(Outcome outcome) {
    if (record.dueEdges().isEmpty()) {
      return "Nothing was proven: what was asked for has no edge that should be meshed"
          + leftOut()
          + ".";
    }
    boolean all = record.dueEdges().stream().allMatch(edge -> edge.mtls == Mtls.PROVEN);
    String obstacle = obstacle(outcome);
    if (obstacle.isEmpty()) {
      List<String> grave = HintLines.advice(findings);
      return grave.isEmpty()
          ? "Nothing to do: " + proven() + "."
          : HintLines.sentence(List.of(proven() + "; " + first(grave.stream())));
    }
    return HintLines.sentence(List.of((all ? "" : "Only ") + proven() + "; " + obstacle));
  }

  /** What prevents the proof, or is wrong besides; empty if nothing. */
  private String obstacle(Outcome outcome) {
    Stream<Problem> obstacles =
        outcome == Outcome.VERIFIED
            ? record.errors.stream()
            : Stream.of(record.errors, record.warnings, record.latest().missing)
                .flatMap(List::stream);
    return obstacles
        .findFirst()
        .map(problem -> HintLines.advice(problem))
        .orElse(outcome == Outcome.VERIFIED ? "" : "each edge has the reason" + unexplained());
  }

  /** For an edge whose pods nothing else explains. */
  private String unexplained() {
    return record.dueEdges().stream()
        .filter(edge -> edge.mtls != Mtls.PROVEN)
        .map(edge -> edge.to.split("/", 2))
        .findFirst()
        .map(to -> "; linkerd check --proxy -n " + to[0])
        .orElse("");
  }

  private String proven() {
    List<Edge> due = record.dueEdges();
    long proven = due.stream().filter(edge -> edge.mtls == Mtls.PROVEN).count();
    return proven + " of " + due.size() + " edges are proven" + leftOut();
  }

  /** What was not judged, and why, as a reader may look for it. */
  private String leftOut() {
    Scope scope = record.scope();
    List<Workload> workloads =
        record.latest().workloads.stream()
            .filter(w -> w.role.isFunction())
            .filter(w -> scope.covers(w))
            .filter(w -> !Proof.isDue(record.latest(), w))
            .collect(Collectors.toList());
    Map<String, Integer> states =
        Figures.countBy(workloads, w -> record.latest().status(w).state.words());
    String reasons =
        states.entrySet().stream()
            .map(state -> state.getValue() + " " + state.getKey())
            .collect(Collectors.joining(", "));
    boolean idle = states.containsKey(State.IDLE.words());
    return reasons.isEmpty()
        ? ""
        : " (not called: " + reasons + (idle ? "; idle functions are not scaled up)" : ")");
  }
}
