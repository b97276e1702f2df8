package com.openfaas.function.report;

import com.openfaas.function.platform.State;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.request.Action;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the operator does next, in one sentence. NextSentenceTest holds each against the record. */
final class NextSentence {
  private static final int NAMED = 3;
  private static final Set<Kind> UNTOUCHED =
      Set.of(Kind.ROLLED_BACK, Kind.WITHHELD, Kind.NOT_STARTED);
  private static final Set<Kind> CHANGED = Set.of(Kind.DONE, Kind.ROLLING, Kind.DEFERRED);

  private final RunRecord record;
  private final List<WorkloadReporter> workloads;
  private final List<Finding> findings;

  private NextSentence(RunRecord record, List<WorkloadReporter> workloads, List<Finding> findings) {
    this.record = record;
    this.workloads = workloads;
    this.findings = findings;
  }

  static String of(
      Outcome outcome, RunRecord record, List<WorkloadReporter> workloads, List<Finding> findings) {
    return new NextSentence(record, workloads, findings).of(outcome);
  }

  private String of(Outcome outcome) {
    switch (outcome) {
      case OBSERVED:
      case PLANNED:
        return ofPlan();
      case BLOCKED:
        return "Nothing was touched: " + ofFailedCheck();
      case FAILED:
        return ofFailure();
      case BUSY:
        return record.busy.hint + (record.underWay == null ? "" : "; " + record.underWay);
      case ROLLED_BACK:
        return ofRollback();
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
        return record.underWay == null ? ofLeft() : record.underWay.goesOn();
      case DEGRADED_NOW:
        return ofRollback();
      case CHANGED:
      case DEGRADED:
        return ofChange();
      default:
        return ofRest();
    }
  }

  private String ofPlan() {
    if (record.checks.stream().anyMatch(Check::failed)) {
      return ofFailedCheck();
    }
    int steps = record.plan == null ? 0 : record.plan.steps.size();
    if (record.heldSince != null && steps > 0) {
      return RevertSentence.held(record);
    }
    return steps == 0
        ? ofRest()
        : "POST apply to change " + steps + (steps == 1 ? " object." : " objects.");
  }

  private String ofFailedCheck() {
    return record.checks.stream()
        .filter(Check::failed)
        .findFirst()
        .map(check -> check.id + " failed; " + check.hint)
        .orElse("a check failed");
  }

  private String ofFailure() {
    return Stream.concat(
            Stream.ofNullable(record.problem),
            Stream.concat(
                record.results.stream().map(result -> result.problem),
                record.unreverted().stream()))
        .filter(problem -> problem != null)
        .findFirst()
        .map(problem -> problem.subject + ": " + problem.hint)
        .orElse("see the function's log");
  }

  private String ofRollback() {
    Set<String> back = named(result -> result.kind == Kind.ROLLED_BACK);
    if (back.isEmpty()) {
      return ofRest();
    }
    long changed = record.results.stream().filter(r -> CHANGED.contains(r.kind)).count();
    boolean untouched = record.results.stream().allMatch(r -> UNTOUCHED.contains(r.kind));
    String others =
        changed == 1 ? "; 1 object stays changed" : "; " + changed + " objects stay changed";
    return some(back)
        + (back.size() == 1 ? " is as it was before" : " are as they were before")
        + (untouched ? "; nothing else was touched" : changed == 0 ? "" : others)
        + "; "
        + ofFailure();
  }

  private String ofRevert() {
    String sentence = RevertSentence.of(record, workloads);
    return sentence.isEmpty() ? ofRest() : sentence;
  }

  private String ofChange() {
    Set<String> rolling = keys(workload -> workload.patchedLast);
    return rolling.isEmpty()
        ? ofRest()
        : "The run goes on with " + some(rolling) + "; see how far: " + UnderWay.LOOK;
  }

  /** What the same action brings further when asked again; what needs time, or the operator. */
  private String ofLeft() {
    // A revert leaves unmeshed what was so before us: only its own steps are left.
    Set<String> again = keys(w -> !isRevert() && w.isTried(record) && w.after != State.ROLLING);
    again.addAll(named(result -> result.kind == Kind.NOT_STARTED));
    List<String> parts = new ArrayList<>();
    if (!again.isEmpty()) {
      Action action = record.invocation.action;
      String verb =
          action == Action.APPLY ? "Invoke apply again" : "Send the signed " + action + " again";
      parts.add(verb + ": left " + (again.size() == 1 ? "is " : "are ") + some(again));
    }
    addWaiting(parts);
    if (!again.isEmpty() && record.invocation.action != Action.APPLY) {
      parts.add(RevertSentence.signed(record.invocation.action.toString()));
    }
    return sentence(parts);
  }

  /** Where no step is left for a run: what is still to come, or is not the mesh's to settle. */
  private String ofRest() {
    List<String> parts = new ArrayList<>();
    addWaiting(parts);
    Set<String> stale = isRevert() ? Set.of() : keys(w -> w.after == State.STALE && isWanted(w));
    if (!stale.isEmpty()) {
      parts.add(
          "Send a signed refresh, which restarts " + some(stale) + ": their proxies are stale");
      parts.add(RevertSentence.signed("refresh"));
    }
    if (!parts.isEmpty()) {
      return sentence(parts);
    }
    String warnings = ProofSentence.seeWarnings(findings);
    return findings.stream()
        .filter(finding -> finding.severity == Finding.Severity.ERROR)
        .findFirst()
        .map(worst -> "Nothing to change, but " + worst.subject + ": " + worst.hint + ".")
        .orElse(warnings.isEmpty() ? "Nothing to do." : "Nothing to change; " + warnings + ".");
  }

  private void addWaiting(List<String> parts) {
    FightFindings.postponed(record.plan).ifPresent(parts::add);
    Set<String> rolling = named(result -> result.kind == Kind.ROLLING && result.step.wave.awaited);
    rolling.addAll(keys(w -> isWanted(w) && code(w).equals("rollout_under_way")));
    Set<String> stuck = keys(w -> isWanted(w) && code(w).equals("rollout_stuck"));
    rolling.removeAll(stuck);
    if (!rolling.isEmpty()) {
      parts.add("Invoke status in a minute; still rolling out: " + some(rolling));
    }
    if (!stuck.isEmpty()) {
      String kept =
          stuck.size() == 1
              ? " does not come up, and is left alone"
              : " do not come up, and are left alone";
      parts.add(some(stuck) + kept + advice("rollout_stuck"));
    }
  }

  private String advice(String code) {
    return findings.stream()
        .filter(finding -> finding.code.equals(code))
        .findFirst()
        .map(finding -> "; " + finding.subject + ": " + finding.hint)
        .orElse("");
  }

  private boolean isRevert() {
    return record.invocation.action == Action.REVERT;
  }

  private boolean isWanted(WorkloadReporter reported) {
    return record.scope().wants(reported.workload);
  }

  private String code(WorkloadReporter reported) {
    return record.latest().standing(reported.workload).code;
  }

  private Set<String> keys(Predicate<WorkloadReporter> rule) {
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

  static String sentence(List<String> parts) {
    String first = parts.get(0);
    String others =
        parts.stream()
            .skip(1)
            .map(part -> "; " + Character.toLowerCase(part.charAt(0)) + part.substring(1))
            .collect(Collectors.joining());
    return first + others + ".";
  }

  /** The first names, and how many more there are. */
  static String some(Collection<String> names) {
    List<String> first = names.stream().limit(NAMED).collect(Collectors.toList());
    if (names.size() > NAMED) {
      return String.join(", ", first) + " and " + (names.size() - NAMED) + " more";
    }
    int last = first.size() - 1;
    return last == 0
        ? first.get(0)
        : String.join(", ", first.subList(0, last)) + " and " + first.get(last);
  }
}
