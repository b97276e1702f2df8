package com.openfaas.function;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.LeaseRecord;
import com.openfaas.function.cluster.RunLease;
import com.openfaas.function.observe.Observation;
import com.openfaas.function.observe.Observer;
import com.openfaas.function.observe.Observer.Self;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Planner;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.plan.Unconfirmed;
import com.openfaas.function.platform.PastRun;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.policy.Policy.Protect;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.preflight.Preflight;
import com.openfaas.function.preflight.ReadingChecks;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.BadRequestException;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Signing;
import com.openfaas.function.rollout.Limits;
import com.openfaas.function.verify.ProofClient;
import com.openfaas.function.verify.Verification;
import com.openfaas.function.verify.Watched;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What a run observes, plans and checks; the record holds all of it. */
final class Survey {
  /** What each signed action means for later unsigned ones. */
  private static final Map<Action, RunLease.AndThen> AFTER_SIGNED =
      Map.of(
          Action.APPLY, RunLease.AndThen.RELEASE,
          Action.REFRESH, RunLease.AndThen.GO_ON,
          Action.REVERT, RunLease.AndThen.HOLD);

  final Cluster cluster;
  final Self self;
  final RunRecord record;
  private final ProofClient proofClient;
  private final Limits limits;

  Survey(Cluster cluster, ProofClient proofClient, Self self, Limits limits, RunRecord record) {
    this.cluster = cluster;
    this.proofClient = proofClient;
    this.self = self;
    this.limits = limits;
    this.record = record;
  }

  /** The same, with another time limit for its requests. */
  Survey within(Supplier<Duration> remaining) {
    return new Survey(cluster.within(remaining), proofClient, self, limits, record);
  }

  /**
   * Records an accepted signature on the Lease before anything else is done.
   *
   * @return false if that failed; the record then holds the reason
   */
  private boolean recordSignature() throws BadRequestException {
    Invocation signed = record.invocation;
    try {
      // Any response carries the API server's time, which decides whether the signature is fresh.
      RunLease.read(cluster, self.namespace);
      Signing.requireFresh(signed.signedAt, cluster.now());
      RunLease.AndThen next = AFTER_SIGNED.get(signed.action);
      RunLease.recordSignature(cluster, self.namespace, signed.signedAt, next);
      return true;
    } catch (ClusterException e) {
      record.checks.add(ReadingChecks.unrecorded(e.problem));
    } catch (RunLease.Busy e) {
      record.isBusy(e.problem, e.retryAfterSeconds);
    }
    return false;
  }

  /**
   * The observation of a run's start, which it may share with others; null if there is none. A
   * revert observes more, and a shared observation may predate the recorded signature.
   */
  Observation observeFirst(ConcurrentRuns.Permit permit)
      throws BadRequestException, InterruptedException {
    if (record.invocation.signedAt == null) {
      return plan(() -> permit.observe(observer()));
    }
    return recordSignature() ? observeAndPlan() : null;
  }

  private Observer observer() {
    return new Observer(cluster, record.policy, self, record.invocation.action == Action.REVERT);
  }

  /** Null if the platform could not be read; the record then holds the reason. */
  Observation observeAndPlan() throws BadRequestException, InterruptedException {
    return plan(observer()::observe);
  }

  /** Plans from an observation that may be shared; null as above. */
  private Observation plan(Source source) throws BadRequestException, InterruptedException {
    try {
      Observation seen = source.observe();
      record.update(now -> note(now, seen.lease));
      record.invocation.requireKnownFunctions(seen.platform);
      Scope scope = scope(seen);
      Plan plan = sparing(scope, planned(scope));
      List<Check> checks = ReadingChecks.of(scope, plan);
      record.update(now -> now.observed(seen.platform, plan, checks));
      narrow();
      return seen;
    } catch (ClusterException e) {
      Check unreadable = ReadingChecks.unreadable(e.problem);
      record.update(now -> now.observed(null, null, List.of(unreadable)));
      return null;
    }
  }

  private static void note(RunRecord now, Reading<LeaseRecord> lease) {
    if (lease.isKnown()) {
      now.noted(lease.value.heldSince, lease.value.progress, lease.value.problems);
    } else {
      now.noted(now.heldSince, null, List.of(lease.problem));
    }
  }

  private Scope scope(Observation seen) {
    return new Scope(seen.platform, record.policy, record.invocation);
  }

  private Plan planned(Scope scope) {
    return new Planner(scope, cluster.now()).plan();
  }

  /** Does not enforce against callers that have been counted past the gateway. */
  private Plan sparing(Scope scope, Plan plan) throws InterruptedException {
    List<Workload> due = plan.toBeProtected();
    if (due.isEmpty()) {
      return plan;
    }
    Watched watched = verification(scope, limits).watch();
    record.update(now -> now.watched = watched);
    return plan.sparing(watched.inTheWay(due, cluster.now()));
  }

  /** What an earlier run began and left unconfirmed or unproven. */
  Observation observeWhatIsLeft() throws ClusterException {
    Observation seen = observer().observe();
    Plan left = planned(scope(seen)).unproven();
    record.update(now -> now.observed(seen.platform, left, List.of()));
    return seen;
  }

  /** The results hold what was done, even if no time is left to observe it. */
  void observeAfter() throws ClusterException {
    try {
      Platform after = observer().observe().platform;
      record.update(now -> now.after = after);
    } catch (ClusterException e) {
      Problem unseen = e.whereTimeIsOver();
      record.update(now -> now.warnings.add(unseen));
    }
  }

  /** Whether there is nothing to carry out, whatever the preflight would find. */
  boolean isDecided() {
    boolean nothing = record.plan.isEmpty() && !Unconfirmed.isOn(record.latest());
    return nothing || record.hasFailedCheck() || record.isHeld();
  }

  private List<Check> prove() throws ClusterException {
    List<Check> proof = new Preflight(cluster, self.namespace).prove(record.plan, record.latest());
    record.update(now -> now.checks.addAll(proof));
    return proof;
  }

  List<Check> proveOrNarrow() throws ClusterException {
    List<Check> proof = prove();
    return narrow() ? prove() : proof;
  }

  /** Refused callers are allowed again even when a check blocks everything else. */
  private boolean narrow() {
    boolean urgent =
        record.invocation.action.writes()
            && record.invocation.action != Action.REVERT
            && record.hasFailedCheck()
            && !record.plan.urgent().isEmpty();
    if (urgent) {
      record.update(RunRecord::onlyUrgent);
    }
    return urgent;
  }

  /** Reads the proxies' metrics; for a status only if the policy has them count callers. */
  void verify(Observation seen) throws InterruptedException {
    Verification verification = verification(record.scope(), limits);
    if (record.invocation.action == Action.VERIFY) {
      record.proven(verification.prove(record.policy.gatewayUrl, cluster.now()));
    } else if (record.policy.protect != Protect.OFF && record.watched == Watched.NOTHING) {
      record.watched = verification.watch();
    }
    notePastRuns(seen);
  }

  /** Only a status that somebody reads lists the past runs. */
  private void notePastRuns(Observation seen) {
    if (record.invocation.action != Action.STATUS || !record.tellsRuns) {
      return;
    }
    Reading<List<PastRun>> runs = seen.pastRuns(cluster, self.namespace);
    if (runs.isKnown()) {
      record.update(now -> now.pastRuns = runs.value);
    } else {
      record.update(now -> now.notes.add(runs.problem));
    }
  }

  Verification verification(Scope scope, Limits within) {
    return new Verification(scope, within, proofClient);
  }

  /** An observation of one's own, or a shared one. */
  private interface Source {
    Observation observe() throws ClusterException, InterruptedException;
  }
}
