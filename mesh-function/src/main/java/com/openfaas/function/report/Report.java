package com.openfaas.function.report;

import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.ControlPlane.Certificate;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.PastRun;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The JSON report: field order is key order, and docs/report.schema.json its schema. */
public final class Report {
  public final String schemaVersion = "1";
  public final Run run;
  public final Outcome outcome;
  public final Summary summary;
  public final Plane controlPlane;
  public final List<Check> checks;
  public final List<NamespaceEntry> namespaces;
  public final List<WorkloadEntry> workloads;
  public final List<RouteEntry> routes;
  public final List<EdgeEntry> edges;
  public final List<CallerEntry> callers;
  public final List<Finding> findings;
  public final String next;

  /** The run in progress, this one or another, as in the findings; null if none. */
  public final transient UnderWay underWay;

  /** The last finished run of this process; null if none. */
  final transient LastRun lastRun;

  /** The runs recorded by events, newest first; null if not read. */
  public final transient List<PastRun> pastRuns;

  /** The control plane's certificates that could be read. */
  final transient List<Certificate> certificates;

  /** The plan's scope and the platform it was observed on; null if nothing was observed. */
  final transient Scope scope;

  final transient Plan plan;

  Report(
      Run run,
      Outcome outcome,
      RunRecord record,
      Objects objects,
      List<Finding> findings,
      String next) {
    this.run = run;
    this.outcome = outcome;
    this.controlPlane = Plane.of(record.latest());
    this.checks =
        record.checks.stream()
            .map(check -> check.hinted(HintLines.written(record, check.hint)))
            .collect(Collectors.toUnmodifiableList());
    this.namespaces = objects.namespaces;
    this.workloads = objects.workloads;
    this.routes = objects.routes;
    this.edges = record.edges.stream().map(EdgeEntry::new).collect(Collectors.toUnmodifiableList());
    this.callers =
        record.watched.callers.stream()
            .map(CallerEntry::new)
            .collect(Collectors.toUnmodifiableList());
    this.findings = findings;
    this.next = next;
    this.underWay = record.underWay;
    this.lastRun = record.lastRun;
    this.pastRuns = record.pastRuns;
    this.scope = record.scope();
    this.plan = record.plan;
    Platform latest = record.latest();
    boolean known = latest != null && latest.controlPlane.isKnown();
    this.certificates = known ? latest.controlPlane.value.certificates : List.of();
    this.summary = new Summary(objects.workloads, Headline.of(this).words);
  }

  /** The run as its event records it. */
  public PastRun past(Instant at) {
    boolean failed = outcome.status >= 500;
    return new PastRun(run.id, run.action, outcome.toString(), summary.headline, failed, at);
  }

  /** The run itself: what was asked, when, and what it cost. */
  public static final class Run {
    public final String id;
    public final String action;
    public final String version;
    public final String startedAt;
    public final long durationMs;
    public final long budgetMs;
    public final int apiRequests;

    public Run(
        String id,
        String action,
        String version,
        String startedAt,
        long durationMs,
        long budgetMs,
        int apiRequests) {
      this.id = id;
      this.action = action;
      this.version = version;
      this.startedAt = startedAt;
      this.durationMs = durationMs;
      this.budgetMs = budgetMs;
      this.apiRequests = apiRequests;
    }
  }

  /** The report in one line, and the workloads by state and change. */
  public static final class Summary {
    public final String headline;
    public final Map<String, Integer> states;
    public final Map<String, Integer> changes;

    Summary(List<WorkloadEntry> workloads, String headline) {
      this.headline = headline;
      this.states = Figures.countBy(workloads, entry -> entry.after.toString());
      this.changes = Figures.countBy(workloads, entry -> entry.change.toString());
    }
  }

  /**
   * A function namespace: the value of {@code linkerd.io/inject} before and after; null = absent.
   */
  public static final class NamespaceEntry {
    public final String name;
    public final String before;
    public final String after;
    public final Change change;

    NamespaceEntry(String name, String before, String after, Change change) {
      this.name = name;
      this.before = before;
      this.after = after;
      this.change = change;
    }
  }

  /** A workload: state before and after, what was done, and why. */
  public static final class WorkloadEntry {
    public final String role;
    public final String kind;
    public final String namespace;
    public final String name;
    public final int replicas;
    public final State before;
    public final State after;
    public final Change change;
    public final String code;
    public final String message;
    public final double seconds;

    WorkloadEntry(WorkloadReporter from) {
      this.role = from.workload.role.toString();
      this.kind = from.workload.object.kind.toString();
      this.namespace = from.workload.namespace;
      this.name = from.workload.name;
      this.replicas = from.workload.rollout.wanted;
      this.before = from.before;
      this.after = from.after;
      this.change = from.change;
      this.code = from.code;
      this.message = from.message;
      this.seconds = from.seconds;
    }
  }

  /** What the run covered, sorted. */
  static final class Objects {
    final List<NamespaceEntry> namespaces;
    final List<WorkloadEntry> workloads;
    final List<RouteEntry> routes;

    Objects(
        List<NamespaceEntry> namespaces, List<WorkloadEntry> workloads, List<RouteEntry> routes) {
      this.namespaces = List.copyOf(namespaces);
      this.workloads = List.copyOf(workloads);
      this.routes = List.copyOf(routes);
    }
  }

  /** The last finished run of this process that may write: its outcome and time. */
  public static final class LastRun {
    final String action;
    final Outcome outcome;
    final Instant at;

    /** Objects that refused a change, and a mark recording that. */
    private final Set<String> refusing;

    public LastRun(Report report, RunRecord record, Instant at) {
      this.action = report.run.action;
      this.outcome = report.outcome;
      this.at = at;
      this.refusing =
          record.results.stream()
              .filter(LastRun::refusesMark)
              .map(result -> result.step.subject())
              .collect(Collectors.toSet());
    }

    /**
     * Whether every failure of this run was known: without a mark, the objects were tried again.
     */
    boolean knew(RunRecord record) {
      return record.invocation.signedAt == null
          && record.results.stream()
              .filter(result -> result.phase == Phase.ROLLED_BACK)
              .allMatch(r -> refusesMark(r) && refusing.contains(r.step.subject()));
    }

    private static boolean refusesMark(StepResult result) {
      return result.problem != null && result.problem.is(Code.MARK_REFUSED);
    }
  }
}
