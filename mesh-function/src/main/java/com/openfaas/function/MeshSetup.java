package com.openfaas.function;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.RunLease;
import com.openfaas.function.observe.Observation;
import com.openfaas.function.observe.Observer;
import com.openfaas.function.observe.Self;
import com.openfaas.function.plan.Moment;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Planner;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.policy.Policy;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.preflight.Preflight;
import com.openfaas.function.preflight.ReadingChecks;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.BadRequestException;
import com.openfaas.function.rollout.CarryOut;
import com.openfaas.function.rollout.Limits;
import com.openfaas.function.verify.Proof;
import com.openfaas.function.verify.ProofClient;
import com.openfaas.function.verify.Verification;
import java.util.List;

/**
 * One run, from looking to looking again. What it comes to stands in the record at every moment.
 */
final class MeshSetup {
  private final Cluster cluster;
  private final ProofClient proofClient;
  private final Policy policy;
  private final Self self;
  private final Limits limits;
  private final RunRecord record;

  MeshSetup(
      Cluster cluster,
      ProofClient proofClient,
      Policy policy,
      Self self,
      Limits limits,
      RunRecord record) {
    this.cluster = cluster;
    this.proofClient = proofClient;
    this.policy = policy;
    this.self = self;
    this.limits = limits;
    this.record = record;
  }

  /**
   * Carries out what was asked; gives the changes that have to wait until the answer is out. All is
   * proven before the lease is taken: a run that is blocked writes nothing at all.
   */
  List<Step> run(RunLease.Claim claim)
      throws BadRequestException, ClusterException, InterruptedException {
    Observation seen = lookAndPlan();
    Action action = record.invocation.action;
    if (seen != null && action == Action.VERIFY) {
      verify(seen);
      return List.of();
    }
    if (seen == null || action == Action.STATUS || isDecided()) {
      return List.of();
    }
    List<Check> proof = new Preflight(cluster, self.namespace).prove(record.plan, seen);
    record.checks.addAll(proof);
    if (!action.writes() || hasFailedCheck()) {
      return List.of();
    }
    try {
      return under(RunLease.take(cluster, claim), record.plan, proof);
    } catch (RunLease.Busy e) {
      record.busy = new Problem("busy", "lease " + RunLease.NAME, e.getMessage(), e.hint());
      record.retryAfterSeconds = e.retryAfterSeconds;
      return List.of();
    }
  }

  private void verify(Observation seen) throws InterruptedException {
    Scope scope = new Scope(seen.platform, policy, record.invocation);
    Verification verification = new Verification(scope, limits, proofClient);
    Proof proof = verification.prove(policy.gatewayUrl, cluster.now());
    record.edges.addAll(proof.edges);
    record.errors.addAll(proof.errors);
    record.warnings.addAll(proof.warnings);
    record.notes.addAll(proof.notes);
  }

  private List<Step> under(RunLease lease, Plan proven, List<Check> proof)
      throws BadRequestException, ClusterException, InterruptedException {
    try {
      return alone(proven, proof);
    } finally {
      lease.close();
    }
  }

  /** Looks again, now that nobody else changes anything, and goes through with it. */
  private List<Step> alone(Plan proven, List<Check> proof)
      throws BadRequestException, ClusterException, InterruptedException {
    Observation seen = lookAndPlan();
    if (seen == null || isDecided()) {
      return List.of();
    }
    boolean same = record.plan.isLike(proven);
    record.checks.addAll(
        same ? proof : new Preflight(cluster, self.namespace).prove(record.plan, seen));
    if (hasFailedCheck()) {
      return List.of();
    }
    CarryOut carryOut = new CarryOut(cluster, seen, record.plan, limits);
    try {
      carryOut.awaited();
      record.after = observe().platform;
      carryOut.last();
    } finally {
      record.results.addAll(carryOut.results());
    }
    return carryOut.deferred();
  }

  /** Null where nothing could be read: the record then says why. */
  private Observation lookAndPlan() throws BadRequestException {
    record.checks.clear();
    try {
      Observation seen = observe();
      record.before = seen.platform;
      record.invocation.requireKnownFunctions(seen.platform);
      Moment moment = new Moment(cluster.now(), limits.rollout);
      Scope scope = new Scope(seen.platform, policy, record.invocation);
      record.plan = new Planner(scope, moment).plan();
      record.checks.addAll(ReadingChecks.of(scope, record.plan));
      return seen;
    } catch (ClusterException e) {
      record.checks.add(ReadingChecks.unreadable(e.problem));
      return null;
    }
  }

  private Observation observe() throws ClusterException {
    return new Observer(cluster, policy, self, record.invocation.action == Action.REVERT).observe();
  }

  private boolean isDecided() {
    return record.plan.isEmpty() || hasFailedCheck();
  }

  private boolean hasFailedCheck() {
    return record.checks.stream().anyMatch(Check::failed);
  }
}
