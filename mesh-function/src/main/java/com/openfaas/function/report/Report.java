package com.openfaas.function.report;

import com.google.gson.annotations.SerializedName;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.ControlPlane;
import com.openfaas.function.platform.ControlPlane.Certificate;
import com.openfaas.function.platform.ControlPlane.LinkerdConfig;
import com.openfaas.function.platform.MeshStatus;
import com.openfaas.function.platform.PastRun;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.report.WorkloadEntry.Change;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.verify.Edge;
import com.openfaas.function.verify.Edge.Mtls;
import com.openfaas.function.verify.Watched.FunctionCaller;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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
  final transient RunRecord.LastRun lastRun;

  /** The runs recorded by events, newest first; null if not read. */
  public final transient List<PastRun> pastRuns;

  /** The control plane's certificates that could be read. */
  final transient List<Certificate> certificates;

  /** The plan's scope and the platform it was observed on; null if nothing was observed. */
  final transient Scope scope;

  final transient Plan plan;

  /** The report of a run so far. */
  public Report(Run run, RunRecord record) {
    Map<String, String> planned = record.plan == null ? Map.of() : record.plan.descriptions();
    Map<String, StepResult> results = new HashMap<>();
    record.results.forEach(result -> results.put(result.step.subject(), result));
    Function<String, Change> change =
        subject -> Change.of(planned.getOrDefault(subject, ""), results.get(subject));
    Platform latest = record.latest();
    this.run = run;
    this.controlPlane = Plane.of(latest);
    this.checks =
        record.checks.stream()
            .map(check -> check.hinted(HintLines.written(record, check.hint)))
            .collect(Collectors.toUnmodifiableList());
    this.namespaces = latest == null ? List.of() : namespaces(record, change);
    this.workloads = latest == null ? List.of() : workloads(record, planned, results);
    this.routes = latest == null ? List.of() : routes(record, change);
    this.edges = record.edges.stream().map(EdgeEntry::new).collect(Collectors.toUnmodifiableList());
    this.callers =
        record.watched.callers.stream()
            .map(CallerEntry::new)
            .collect(Collectors.toUnmodifiableList());
    this.outcome = Outcome.of(record, workloads);
    this.findings = Findings.of(record, Instant.parse(run.startedAt));
    this.next = HintLines.written(record, NextSentence.of(outcome, record, workloads, findings));
    this.underWay = record.underWay;
    this.lastRun = record.lastRun;
    this.pastRuns = record.pastRuns;
    this.scope = record.scope();
    this.plan = record.plan;
    boolean known = latest != null && latest.controlPlane.isKnown();
    this.certificates = known ? latest.controlPlane.value.certificates : List.of();
    this.summary = new Summary(workloads, Headline.of(this).words);
  }

  private static List<NamespaceEntry> namespaces(
      RunRecord record, Function<String, Change> change) {
    Map<String, String> before = new HashMap<>();
    record.before.functionNamespaces.forEach(one -> before.put(one.name, one.inject()));
    return record.latest().functionNamespaces.stream()
        .map(
            one ->
                new NamespaceEntry(
                    one.name,
                    before.get(one.name),
                    one.inject(),
                    change.apply("namespace " + one.name)))
        .collect(Collectors.toUnmodifiableList());
  }

  private static List<WorkloadEntry> workloads(
      RunRecord record, Map<String, String> planned, Map<String, StepResult> results) {
    Map<String, MeshStatus> before =
        record.before.workloads.stream()
            .collect(Collectors.toMap(Workload::subject, record.before::status));
    Platform latest = record.latest();
    return latest.workloads.stream()
        .map(
            workload ->
                new WorkloadEntry(
                    workload,
                    before.get(workload.subject()),
                    latest.status(workload),
                    planned.getOrDefault(workload.subject(), ""),
                    results.get(workload.subject())))
        .collect(Collectors.toUnmodifiableList());
  }

  private static List<RouteEntry> routes(RunRecord record, Function<String, Change> change) {
    return record.scope().routes.stream()
        .map(route -> new RouteEntry(record, route, change.apply(route.view.object.subject())))
        .collect(Collectors.toUnmodifiableList());
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

  /** The control plane in the report; empty texts for what is unknown. */
  public static final class Plane {
    private static final String INJECTOR = "linkerd-proxy-injector";

    public final String namespace;
    public final String version;
    public final String trustDomain;

    /** {@code available}, {@code unavailable} or {@code unknown}. */
    public final String injector;

    /** Whether the viz extension is installed; null if unknown. */
    public final Boolean viz;

    private Plane(ControlPlane plane) {
      LinkerdConfig config = plane.configOrDefaults();
      this.namespace = plane.namespace;
      this.version = config.proxyVersion;
      this.trustDomain = config.trustDomain;
      this.viz = plane.viz;
      if (!plane.available.isKnown()) {
        this.injector = "unknown";
      } else {
        boolean up = plane.available.value.getOrDefault(INJECTOR, 0) > 0;
        this.injector = up ? "available" : "unavailable";
      }
    }

    /** Null if no control plane was found. */
    static Plane of(Platform platform) {
      boolean known = platform != null && platform.controlPlane.isKnown();
      return known ? new Plane(platform.controlPlane.value) : null;
    }
  }

  /** An edge in the JSON report. */
  public static final class EdgeEntry {
    public final String from;
    public final String to;
    public final Mtls mtls;
    public final String clientId;
    public final String serverId;
    public final long requests;
    public final Double successRate;
    public final Double p50Ms;
    public final Double p95Ms;
    public final Double p99Ms;

    @SerializedName("protected")
    public final Boolean isProtected;

    public final String message;

    EdgeEntry(Edge edge) {
      this.from = edge.from;
      this.to = edge.to;
      this.mtls = edge.mtls;
      this.clientId = edge.clientId;
      this.serverId = edge.serverId;
      this.requests = edge.traffic.requests;
      this.successRate = edge.traffic.successRate;
      this.p50Ms = edge.traffic.p50Ms;
      this.p95Ms = edge.traffic.p95Ms;
      this.p99Ms = edge.traffic.p99Ms;
      this.isProtected = edge.isProtected;
      this.message = edge.message;
    }

    /** What to know besides the verdict. */
    String note() {
      boolean guarded = Boolean.TRUE.equals(isProtected);
      return mtls == Mtls.PROVEN ? (guarded ? "protected" : "") : message;
    }
  }

  /** A caller of a function past the gateway, in the JSON report. */
  public static final class CallerEntry {
    public final String function;
    public final String account;
    public final String identity;
    public final long requests;
    public final long refused;
    public final String since;

    CallerEntry(FunctionCaller caller) {
      this.function = caller.function;
      this.account = caller.account;
      this.identity = caller.identity;
      this.requests = caller.requests;
      this.refused = caller.refused;
      this.since = caller.since == null ? null : caller.since.toString();
    }

    /** {@code namespace/account}, else its identity, else that it has none. */
    public String name() {
      String named = account.isEmpty() ? identity : account;
      return named.isEmpty() ? "without identity" : named;
    }

    /** How often and since when, in words. */
    String counted() {
      String calls = requests + (requests == 1 ? " call" : " calls");
      return (refused == 0 ? calls : calls + ", " + refused + " refused")
          + " since "
          + (since == null ? "its proxies began" : since);
    }
  }
}
