package com.openfaas.function;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.LeaseRecord;
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
import com.openfaas.function.platform.Reading;
import com.openfaas.function.policy.Policy;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.preflight.Preflight;
import com.openfaas.function.preflight.ReadingChecks;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.BadRequestException;
import com.openfaas.function.request.Signing;
import com.openfaas.function.rollout.CarryOut;
import com.openfaas.function.rollout.Limits;
import com.openfaas.function.verify.Proof;
import com.openfaas.function.verify.ProofClient;
import com.openfaas.function.verify.Verification;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One run, from looking to looking again. What it comes to stands in the record at every moment.
 */
final class MeshSetup {
  /** What each signed action means for the unsigned ones that follow. */
  private static final Map<Action, RunLease.AndThen> AFTER_SIGNED =
      Map.of(
          Action.APPLY, RunLease.AndThen.RELEASE,
          Action.REFRESH, RunLease.AndThen.GO_ON,
          Action.REVERT, RunLease.AndThen.HOLD);

  private final Cluster cluster;
  private final ProofClient proofClient;
  private final Policy policy;
  private final Self self;
  private final Limits limits;
  private final RunRecord record;
  private final ConcurrentRuns.Place place;

  MeshSetup(
      Cluster cluster,
      ProofClient proofClient,
      Policy policy,
      Self self,
      Limits limits,
      RunRecord record,
      ConcurrentRuns.Place place) {
    this.cluster = cluster;
    this.proofClient = proofClient;
    this.policy = policy;
    this.self = self;
    this.limits = limits;
    this.record = record;
    this.place = place;
  }

  /**
   * Carries out what was asked; gives the changes that have to wait until the answer is out. All is
   * proven before the lease is taken: a run that is blocked writes nothing at all.
   */
  List<Step> run(RunLease.Claim claim)
      throws BadRequestException, ClusterException, InterruptedException {
    boolean signed = record.invocation.signedAt != null;
    if (signed && !recordSignature()) {
      return List.of();
    }
    // A look for a revert sees more than the others, so it is not theirs to share, nor theirs its;
    // and what somebody has just signed a shared look may not show yet.
    return looked(signed ? observer()::observe : () -> place.look(observer()), claim);
  }

  private List<Step> looked(Look look, RunLease.Claim claim)
      throws BadRequestException, ClusterException, InterruptedException {
    Action action = record.invocation.action;
    boolean seen = lookAndPlan(look) != null;
    if (seen && action == Action.VERIFY) {
      verify();
      return List.of();
    }
    if (!seen || action == Action.STATUS || isDecided()) {
      return List.of();
    }
    if (!action.writes()) {
      prove();
      return List.of();
    }
    record.busy = place.beginWriting(claim.holder + ", since " + cluster.now() + ",");
    if (record.busy != null) {
      record.retryAfterSeconds = ConcurrentRuns.RETRY_SECONDS;
      return List.of();
    }
    return write(claim);
  }

  /** False where that cannot be: the record then says why. By then the clock is the server's. */
  private boolean recordSignature() throws BadRequestException {
    Instant signedAt = record.invocation.signedAt;
    try {
      RunLease.read(cluster, self.namespace);
      Signing.requireFresh(signedAt, cluster.now());
      RunLease.recordSignature(
          cluster, self.namespace, signedAt, AFTER_SIGNED.get(record.invocation.action));
      return true;
    } catch (ClusterException e) {
      record.checks.add(ReadingChecks.unrecorded(e.problem));
    } catch (RunLease.Busy e) {
      isBusy(e);
    }
    return false;
  }

  private void isBusy(RunLease.Busy e) {
    record.busy = new Problem("busy", "lease " + RunLease.NAME, e.getMessage(), e.hint());
    record.retryAfterSeconds = e.retryAfterSeconds;
  }

  private List<Step> write(RunLease.Claim claim)
      throws BadRequestException, ClusterException, InterruptedException {
    List<Check> proof = prove();
    if (hasFailedCheck()) {
      return List.of();
    }
    try {
      RunLease lease = RunLease.take(cluster, claim);
      record.heldSince = lease.heldSince;
      return under(lease, record.plan, proof);
    } catch (RunLease.Busy e) {
      isBusy(e);
      return List.of();
    }
  }

  private void verify() throws InterruptedException {
    Verification verification = new Verification(record.scope(), limits, proofClient);
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
    Observation seen = lookAndPlan(observer()::observe);
    if (seen == null || isDecided()) {
      return List.of();
    }
    if (record.plan.isLike(proven)) {
      record.checks.addAll(proof);
    } else {
      prove();
    }
    if (hasFailedCheck()) {
      return List.of();
    }
    CarryOut carryOut = new CarryOut(cluster, seen, record.plan, limits);
    try {
      carryOut.awaited();
      lookAfterwards();
      carryOut.last();
    } finally {
      record.results.addAll(carryOut.results());
    }
    return carryOut.deferred();
  }

  /** What was done stands in the results, also where no time is left to see it. */
  private void lookAfterwards() throws ClusterException {
    try {
      record.after = observer().observe().platform;
    } catch (ClusterException e) {
      record.warnings.add(e.whereTimeIsOver());
    }
  }

  /** Null where nothing could be read: the record then says why. */
  private Observation lookAndPlan(Look look) throws BadRequestException {
    record.checks.clear();
    try {
      Observation seen = look.look();
      record.before = seen.platform;
      note(seen.lease);
      record.invocation.requireKnownFunctions(seen.platform);
      Moment moment = new Moment(cluster.now(), limits.patience);
      Scope scope = record.scope();
      record.plan = new Planner(scope, moment).plan();
      record.checks.addAll(ReadingChecks.of(scope, record.plan));
      return seen;
    } catch (ClusterException e) {
      record.checks.add(ReadingChecks.unreadable(e.problem));
      return null;
    }
  }

  private void note(Reading<LeaseRecord> lease) {
    List<Problem> problems = lease.isKnown() ? lease.value.problems : List.of(lease.problem);
    if (lease.isKnown()) {
      record.heldSince = lease.value.heldSince;
    }
    // By the second look they are mended.
    record.leaseProblems = problems.isEmpty() ? record.leaseProblems : problems;
  }

  private List<Check> prove() throws ClusterException {
    List<Check> proof = new Preflight(cluster, self.namespace).prove(record.plan, record.before);
    record.checks.addAll(proof);
    return proof;
  }

  private Observer observer() {
    return new Observer(cluster, policy, self, record.invocation.action == Action.REVERT);
  }

  private boolean isDecided() {
    return record.plan.isEmpty() || hasFailedCheck() || record.isHeld();
  }

  private boolean hasFailedCheck() {
    return record.checks.stream().anyMatch(Check::failed);
  }

  /** A look at the platform, of one's own or shared. */
  private interface Look {
    Observation look() throws ClusterException;
  }
}
