package com.openfaas.function.report;

import com.openfaas.function.platform.MeshStatus;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.report.Report.NamespaceEntry;
import com.openfaas.function.report.Report.WorkloadEntry;
import com.openfaas.function.rollout.StepResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Builds the report of a run. */
public final class Reporter {
  private final RunRecord record;
  private final Map<String, StepResult> results = new HashMap<>();
  private final Map<String, String> descriptions;

  private Reporter(RunRecord record) {
    this.record = record;
    this.descriptions = record.plan == null ? Map.of() : record.plan.descriptions();
    record.results.forEach(result -> results.put(result.step.subject(), result));
  }

  public static Report report(Report.Run run, RunRecord record) {
    Reporter reporter = new Reporter(record);
    List<WorkloadReporter> workloads = reporter.workloads();
    List<WorkloadEntry> entries =
        workloads.stream().map(WorkloadEntry::new).collect(Collectors.toUnmodifiableList());
    Outcome outcome = Verdict.of(record, workloads);
    List<Finding> findings = Findings.of(record, Instant.parse(run.startedAt));
    String next =
        outcome.isOfProof()
            ? ProofSentence.of(outcome, record, findings)
            : NextSentence.of(outcome, record, workloads, findings);
    return new Report(
        run,
        outcome,
        record,
        new Report.Objects(reporter.namespaces(), entries, reporter.routes()),
        findings,
        HintLines.written(record, next));
  }

  private List<RouteEntry> routes() {
    if (record.latest() == null) {
      return List.of();
    }
    return record.scope().routes.stream()
        .map(route -> new RouteEntry(record, route, change(route.view.object.subject())))
        .collect(Collectors.toUnmodifiableList());
  }

  private List<NamespaceEntry> namespaces() {
    List<NamespaceEntry> entries = new ArrayList<>();
    if (record.latest() == null) {
      return entries;
    }
    for (NamespaceView namespace : record.latest().functionNamespaces) {
      String subject = "namespace " + namespace.name;
      entries.add(
          new NamespaceEntry(
              namespace.name, injectBefore(namespace.name), namespace.inject(), change(subject)));
    }
    return entries;
  }

  private String injectBefore(String namespace) {
    return record.before.functionNamespaces.stream()
        .filter(candidate -> candidate.name.equals(namespace))
        .findFirst()
        .map(NamespaceView::inject)
        .orElse(null);
  }

  private List<WorkloadReporter> workloads() {
    Platform platform = record.latest();
    if (platform == null) {
      return List.of();
    }
    Map<String, MeshStatus> before =
        record.before.workloads.stream()
            .collect(Collectors.toMap(Workload::subject, record.before::status));
    return platform.workloads.stream()
        .map(
            workload ->
                new WorkloadReporter(
                    workload,
                    before.get(workload.subject()),
                    platform.status(workload),
                    planned(workload.subject()),
                    results.get(workload.subject())))
        .collect(Collectors.toUnmodifiableList());
  }

  private Change change(String subject) {
    StepResult result = results.get(subject);
    Change planned = planned(subject).isEmpty() ? Change.NONE : Change.PLANNED;
    return result == null ? planned : Change.of(result);
  }

  private String planned(String subject) {
    return descriptions.getOrDefault(subject, "");
  }
}
