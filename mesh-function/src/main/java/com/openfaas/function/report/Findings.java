package com.openfaas.function.report;

import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Planner;
import com.openfaas.function.plan.Previous;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.FailedMark;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.PastRun;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.request.Action;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Collects what an operator should know besides the state of each workload; of the runs themselves:
 * what failed, values of mesh-setup that others removed, and proxies that remain after a revert.
 */
final class Findings {
  private static final Comparator<Finding> ORDER =
      Comparator.comparing((Finding finding) -> finding.severity)
          .thenComparing(finding -> finding.code)
          .thenComparing(finding -> finding.subject);

  private static final Set<State> PROXIED = Set.of(State.MESHED, State.STALE, State.PARTIAL);

  private final List<Finding> findings = new ArrayList<>();

  private Findings() {}

  /**
   * All findings, sorted.
   *
   * @param now when the run began
   */
  static List<Finding> of(RunRecord record, Instant now) {
    Findings gathered = new Findings();
    if (record.problem != null) {
      gathered.add(Severity.ERROR, record.problem);
    }
    if (record.busy != null) {
      gathered.add(Severity.INFO, record.busy);
    }
    if (record.underWay != null) {
      gathered.add(Severity.INFO, record.underWay.problem(record.command(Action.STATUS)));
    }
    Problem over = ExpiryFindings.over(record.latest(), now);
    record.results.forEach(result -> gathered.ofResult(result, over));
    record.errors.forEach(problem -> gathered.add(Severity.ERROR, problem));
    record.warnings.forEach(problem -> gathered.add(Severity.WARNING, problem));
    record.notes.forEach(problem -> gathered.add(Severity.INFO, problem));
    if (record.plan != null) {
      gathered.ofPlan(record);
    }
    record.leaseProblems.forEach(problem -> gathered.add(Severity.WARNING, problem));
    if (record.heldSince != null) {
      gathered.add(
          Severity.WARNING,
          new Problem(
              Code.HELD,
              "lease mesh-setup",
              "a signed revert holds the platform since " + record.heldSince,
              RevertSentence.release(record)));
    }
    gathered.findings.addAll(kept(record));
    Platform platform = record.latest();
    if (platform != null) {
      gathered.ofPlatform(record, platform);
      gathered.findings.addAll(CallerFindings.of(record, gathered.findings));
      gathered.findings.addAll(ExpiryFindings.of(platform, now));
    }
    gathered.findings.sort(ORDER);
    gathered.findings.replaceAll(f -> f.hinted(HintLines.written(record, f.hint)));
    return List.copyOf(gathered.findings);
  }

  private void ofPlan(RunRecord record) {
    Severity severity = record.unreverted().isEmpty() ? Severity.WARNING : Severity.ERROR;
    record.plan.doubts.forEach(problem -> add(severity, problem));
    findings.addAll(lastRun(record));
    findings.addAll(removed(record.plan));
    findings.addAll(CallerFindings.ofProtections(record));
    record.plan.failed.stream()
        .filter(left -> FailedMark.on(left) != null)
        .forEach(left -> add(Severity.ERROR, FailedMark.problem(left)));
  }

  private void ofPlatform(RunRecord record, Platform platform) {
    platform.degraded.forEach(problem -> add(Severity.WARNING, problem));
    findings.addAll(WorkloadFindings.of(platform));
    findings.addAll(GatewayFindings.of(record, findings));
    findings.addAll(WorkloadFindings.misplaced(platform));
    findings.addAll(IngressFindings.of(record.scope()));
    findings.addAll(GatewayFindings.ofCalls(record.scope()));
  }

  /**
   * The failure of a step.
   *
   * @param over the expired certificate that keeps proxies from starting, or null
   */
  private void ofResult(StepResult result, Problem over) {
    if (result.problem != null && !isTold(result.problem)) {
      boolean starts = result.step.wantsProxy() && result.problem.is(Code.ROLLOUT_STOPPED);
      add(
          result.phase == Phase.SUPERSEDED ? Severity.INFO : Severity.ERROR,
          over == null || !starts ? result.problem : uncertified(result.problem, over));
    }
  }

  private static Problem uncertified(Problem problem, Problem over) {
    return new Problem(
        problem.code,
        problem.subject,
        problem.message + "; its proxy gets no certificate: " + over.message,
        over.hint);
  }

  /** What is rolled back together with a failed step has the same reason. */
  private boolean isTold(Problem problem) {
    return findings.stream()
        .anyMatch(f -> f.subject.equals(problem.subject) && f.message.equals(problem.message));
  }

  private void add(Severity severity, Problem problem) {
    findings.add(new Finding(severity, problem));
  }

  /**
   * Values that somebody removes as often as we set them: Argo CD, helm, another deployment. Only a
   * change at their source ends that, so the finding has the patch to commit there.
   */
  private static List<Finding> removed(Plan plan) {
    return plan.again.stream()
        .map(step -> new Finding(Severity.WARNING, removed(plan, step)))
        .collect(Collectors.toUnmodifiableList());
  }

  /** For values not set again yet that leave something unmeshed: how to end that. */
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
                    + " were removed: finding values_removed has the patch to commit");
  }

  private static Problem removed(Plan plan, Step step) {
    String of = step.workload == null ? "" : " of its pod template";
    return new Problem(
        Code.VALUES_REMOVED,
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

  /** Workloads that keep a proxy after a revert: we restart none without annotations of ours. */
  private static List<Finding> kept(RunRecord record) {
    List<Finding> findings = new ArrayList<>();
    keptByNamespace(record)
        .forEach((namespace, of) -> findings.add(new Finding(Severity.INFO, kept(record, of))));
    return findings;
  }

  private static Map<String, List<Workload>> keptByNamespace(RunRecord record) {
    if (record.invocation.action != Action.REVERT || record.latest() == null) {
      return Map.of();
    }
    Scope scope = record.scope();
    return record.latest().workloads.stream()
        .filter(w -> scope.covers(w) && PROXIED.contains(scope.platform.status(w).state))
        .filter(w -> !w.object.annotations.containsKey(Annotations.PREVIOUS))
        .collect(
            Collectors.groupingBy(
                w -> w.namespace + " " + why(record, w), TreeMap::new, Collectors.toList()));
  }

  private static String why(RunRecord record, Workload workload) {
    if (Annotations.asksForInjection(workload.template.inject())) {
      return "their own pod templates ask for injection, which mesh-setup did not set";
    }
    String inject = record.latest().namespaceOf(workload).inject();
    return Annotations.asksForInjection(inject)
        ? "their namespace still says linkerd.io/inject: " + inject
        : "they started while their namespace asked for injection, and they carry no annotation of"
            + " mesh-setup's to remove";
  }

  private static Problem kept(RunRecord record, List<Workload> kept) {
    Workload first = kept.get(0);
    String namespace = first.namespace;
    boolean own = Annotations.asksForInjection(first.template.inject());
    boolean asked = Annotations.asksForInjection(record.latest().namespaceOf(first).inject());
    String restart =
        "kubectl -n "
            + namespace
            + " rollout restart "
            + kept.stream()
                .map(w -> w.object.kind.word() + "/" + w.name)
                .collect(Collectors.joining(" "));
    String unasked =
        "kubectl annotate namespace " + namespace + " linkerd.io/inject- && " + restart;
    return new Problem(
        Code.PROXY_KEPT,
        "namespace " + namespace,
        "these keep their proxies: "
            + kept.stream().map(w -> w.name).collect(Collectors.joining(", "))
            + "; "
            + why(record, first),
        own
            ? "to remove each from the mesh: "
                + first.object.templatePatch(
                    "annotations", Collections.singletonMap(Annotations.INJECT, null))
            : asked ? unasked : restart);
  }

  /**
   * The last run, if it failed: a platform that was rolled back shows no trace of it. Empty if a
   * mark on the failed object reports it, or if a run has succeeded since.
   */
  private static List<Finding> lastRun(RunRecord record) {
    List<PastRun> runs = record.pastRuns;
    if (runs == null || runs.isEmpty() || !runs.get(0).failed || !record.plan.failed.isEmpty()) {
      return List.of();
    }
    PastRun last = runs.get(0);
    RunRecord.LastRun own = record.lastRun;
    boolean settled = own != null && own.outcome.isSuccess() && own.at.isAfter(last.at);
    return settled ? List.of() : List.of(new Finding(Severity.WARNING, ofLast(last)));
  }

  private static Problem ofLast(PastRun last) {
    return new Problem(
        Code.LAST_RUN_FAILED,
        "run " + last.id,
        "the last " + last.action + " ended " + last.outcome + " at " + last.told(),
        "which objects, and why: kubectl get events -A --field-selector"
            + " type=Warning,reportingComponent=openfaas.com/mesh-setup");
  }
}
