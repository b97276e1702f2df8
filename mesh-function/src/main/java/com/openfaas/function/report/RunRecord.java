package com.openfaas.function.report;

import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.plan.Unconfirmed;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.PastRun;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.policy.Policy;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Signing;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Phase;
import com.openfaas.function.verify.Edge;
import com.openfaas.function.verify.Proof;
import com.openfaas.function.verify.Watched;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The state of a run so far; a report can be made of it at any moment, even after an error. */
public final class RunRecord {
  public final Invocation invocation;
  public final Policy policy;

  /** The first observation; null while there is none. */
  public Platform before;

  /** The observation after the changes; null while there is none. */
  public Platform after;

  public Plan plan;
  public final List<Check> checks = new ArrayList<>();
  public final List<StepResult> results = new ArrayList<>();

  /** What verify found; empty for other actions. */
  public final List<Edge> edges = new ArrayList<>();

  /** Who has called functions; empty if not read. */
  public Watched watched = Watched.NOTHING;

  /** What verify found wrong, could not prove, or noted, besides the edges. */
  public final List<Problem> errors = new ArrayList<>();

  public final List<Problem> warnings = new ArrayList<>();
  public final List<Problem> notes = new ArrayList<>();

  /** Since when the platform is held; null if it is not, or if that is unknown. */
  public Instant heldSince;

  /** What was unreadable or invalid in the Lease. */
  public List<Problem> leaseProblems = List.of();

  /** Set if another run holds the Lease. */
  public Problem busy;

  /** When a busy caller may try again, in seconds. */
  public long retryAfterSeconds;

  /** The run in progress, this one or another; null if none. */
  public UnderWay underWay;

  /** The last run of this process that finished before; null if none. */
  public LastRun lastRun;

  /** Whether the reader of the answer wants to know of earlier runs. */
  public boolean tellsRuns;

  /** The runs recorded by events, newest first; null if not read. */
  public List<PastRun> pastRuns;

  /** Whether the caller's wait ended before everything awaited was done. */
  public boolean waitIsOver;

  /** What ended the run early; null if nothing did. */
  public Problem problem;

  public RunRecord(Invocation invocation, Policy policy) {
    this.invocation = invocation;
    this.policy = policy;
  }

  /** An observation and what follows from it; null if nothing could be read. */
  public void observed(Platform platform, Plan plan, List<Check> checks) {
    boolean first = results.isEmpty();
    this.before = first && platform != null ? platform : before;
    this.after = first || platform == null ? after : platform;
    this.plan = plan == null ? this.plan : plan;
    this.checks.clear();
    this.checks.addAll(checks);
  }

  /**
   * The content of the Lease. Its problems are kept, as the run itself repairs them.
   *
   * @param progress of the run that holds it, as written there; null if none does
   */
  public void noted(Instant held, String progress, List<Problem> problems) {
    heldSince = held;
    underWay = UnderWay.fromJson(progress);
    leaseProblems = problems.isEmpty() ? leaseProblems : problems;
  }

  /** What verify found. */
  public void proven(Proof proof) {
    edges.addAll(proof.edges);
    errors.addAll(proof.errors);
    warnings.addAll(proof.warnings);
    notes.addAll(proof.notes);
    watched = proof.watched;
  }

  /** Whether another run is in progress (null: none); retry after so many seconds. */
  public boolean isBusy(Problem other, long seconds) {
    busy = other;
    retryAfterSeconds = seconds;
    return busy != null;
  }

  /** Whether a check forbids the run. */
  public boolean hasFailedCheck() {
    return checks.stream().anyMatch(Check::failed);
  }

  /** The result of a step, replacing an earlier one. */
  public synchronized void add(StepResult result) {
    results.removeIf(earlier -> earlier.step.subject().equals(result.step.subject()));
    results.add(result);
  }

  /** A copy that stays as it is while the run goes on. */
  public synchronized RunRecord snapshot() {
    RunRecord copy = new RunRecord(invocation, policy);
    copy.before = before;
    copy.after = after;
    copy.plan = plan;
    copy.checks.addAll(checks);
    copy.results.addAll(results);
    copy.edges.addAll(edges);
    copy.errors.addAll(errors);
    copy.warnings.addAll(warnings);
    copy.notes.addAll(notes);
    copy.watched = watched;
    copy.heldSince = heldSince;
    copy.leaseProblems = leaseProblems;
    copy.busy = busy;
    copy.retryAfterSeconds = retryAfterSeconds;
    copy.problem = problem;
    copy.lastRun = lastRun;
    return copy;
  }

  /** Changes it while others may take a snapshot. */
  public synchronized void update(Consumer<RunRecord> change) {
    change.accept(this);
  }

  /** The run's scope, by the latest observation; null while there is none. */
  public Scope scope() {
    return latest() == null ? null : new Scope(latest(), policy, invocation);
  }

  /** Whether a signed revert forbids this run, which only a signed apply ends. */
  public boolean isHeld() {
    return invocation.action.meshes() && heldSince != null;
  }

  /** Keeps only the steps that allow refused callers again, and warns why the others wait. */
  public void onlyUrgent() {
    checks.stream()
        .filter(Check::failed)
        .map(check -> new Problem(Code.HELD_BACK, "check " + check.id, check.message, check.hint))
        .forEach(warnings::add);
    checks.removeIf(Check::failed);
    plan = plan.urgent();
  }

  /** Whether, as far as is known, a change is left that is not confirmed or not proven. */
  public boolean hasUnconfirmed() {
    boolean failed = results.stream().anyMatch(r -> r.step.refuses() && r.phase == Phase.FAILED);
    boolean unproven =
        plan != null
            && plan.isUnproven()
            && results.stream().noneMatch(result -> result.step.refuses() && !result.isLeft());
    return failed || unproven || hasUnconfirmedGateway();
  }

  private boolean hasUnconfirmedGateway() {
    return results.stream()
        .filter(result -> result.step.unconfirmed() != null)
        .findFirst()
        .map(result -> result.isLeft() || result.phase == Phase.WITHHELD)
        .orElse(before != null && Unconfirmed.isOn(before));
  }

  /** What a revert leaves because its record cannot be used; empty for other actions. */
  List<Problem> unreverted() {
    if (invocation.action != Action.REVERT || plan == null) {
      return List.of();
    }
    return plan.doubts.stream()
        .filter(problem -> problem.is(Code.RECORD_UNUSABLE))
        .collect(Collectors.toUnmodifiableList());
  }

  /** The edges that decide whether a run is verified. */
  List<Edge> dueEdges() {
    return edges.stream()
        .filter(edge -> Proof.isDue(latest(), edge))
        .collect(Collectors.toUnmodifiableList());
  }

  /** The command that invokes an action of this function, signed if required. */
  String command(Action action) {
    boolean signs =
        action == Action.REFRESH
            || action == Action.REVERT
            || (action == Action.APPLY && policy.signedApply);
    return signs ? signed(action) : "echo " + action + " | faas-cli invoke " + own();
  }

  String signed(Action action) {
    return Signing.command(action, own());
  }

  /** Its name for faas-cli, which defaults to namespace openfaas-fn. */
  String own() {
    return Optional.ofNullable(latest())
        .flatMap(platform -> Workload.self(platform.workloads))
        .map(w -> w.name + (w.namespace.equals("openfaas-fn") ? "" : " -n " + w.namespace))
        .orElse("mesh-setup");
  }

  /** The latest observation; null while there is none. */
  public Platform latest() {
    return after == null ? before : after;
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
