package com.openfaas.function;

import com.openfaas.function.ConcurrentRuns.Place;
import com.openfaas.function.cluster.Claim;
import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.RunLease;
import com.openfaas.function.observe.Observation;
import com.openfaas.function.observe.Self;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Unconfirmed;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.policy.Policy;
import com.openfaas.function.policy.Policy.Protect;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.preflight.ReadingChecks;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.BadRequestException;
import com.openfaas.function.rollout.Limits;
import com.openfaas.function.verify.ProofClient;
import com.openfaas.function.verify.Verification;
import com.openfaas.function.verify.Watched;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One run, from looking to looking again. What it comes to stands in the record at every moment.
 */
final class MeshSetup {
  private static final Set<Action> LOOKING = Set.of(Action.STATUS, Action.VERIFY);
  private static final Duration LAST_WORD = Duration.ofSeconds(10);

  private Cluster cluster;
  private final ProofClient proofClient;
  private final Policy policy;
  private final Self self;
  private final Limits limits;
  private final RunRecord record;
  private final Limits whole;
  private final Place place;
  private final Runnable over;

  /**
   * One invocation.
   *
   * @param whole what a run may take that goes on when the caller is answered
   * @param over what to do when such a run is over
   */
  MeshSetup(
      Parties parties, Limits limits, Limits whole, RunRecord record, Place place, Runnable over) {
    this.cluster = parties.cluster;
    this.proofClient = parties.proofClient;
    this.self = parties.self;
    this.policy = record.policy;
    this.limits = limits;
    this.whole = whole;
    this.record = record;
    this.place = place;
    this.over = over;
  }

  /**
   * Does what was asked; gives the run that goes on with it, or null where nothing is to be carried
   * out. All is proven before the lease is taken: a run that is blocked writes nothing at all.
   */
  Run run(Claim claim) throws BadRequestException, ClusterException, InterruptedException {
    boolean signed = record.invocation.signedAt != null;
    if (signed && !recordSignature()) {
      return null;
    }
    // A look for a revert sees more than the others, so it is not theirs to share, nor theirs its;
    // and what somebody has just signed a shared look may not show yet.
    return looked(
        signed ? survey().observer()::observe : () -> place.look(survey().observer()), claim);
  }

  private Run looked(Survey.Look look, Claim claim)
      throws BadRequestException, ClusterException, InterruptedException {
    Action action = record.invocation.action;
    Observation seen = survey().lookAndPlan(look);
    if (LOOKING.contains(action)) {
      if (seen != null) {
        verify(action);
        survey().noteRuns(seen);
      }
      return null;
    }
    if (seen == null || isDecided()) {
      return null;
    }
    if (!action.writes()) {
      survey().prove();
      return null;
    }
    if (isBusy(place.beginWriting(claim.holder + ", since " + cluster.now() + ","))) {
      return null;
    }
    List<Check> proof = survey().proveOrNarrow();
    return record.hasFailedCheck() ? null : beginOrTell(claim, run -> alone(run, proof));
  }

  /** Nothing was touched where the lease is not to be had, whatever the reason. */
  private Run beginOrTell(Claim claim, Work work) {
    try {
      return begin(claim, work);
    } catch (ClusterException e) {
      record.checks.add(ReadingChecks.unleased(e.problem));
      return null;
    }
  }

  /** False where that cannot be: the record then says why. */
  private boolean recordSignature() throws BadRequestException {
    try {
      Signature.record(cluster, self.namespace, record.invocation);
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

  /** Confirms, or proves, a change that another process has made; null where there is none. */
  Run takeOver(Claim claim) throws ClusterException {
    survey().lookForWhatIsLeft();
    return record.hasUnconfirmed() && !isBusy(place.beginWriting(claim.holder))
        ? begin(claim, this::confirmWhatIsLeft)
        : null;
  }

  private Run begin(Claim claim, Work work) throws ClusterException {
    // The lease is to be given back also when the run's time is over.
    Supplier<Duration> time = () -> whole.budget.remaining().plus(LAST_WORD);
    Duration asked = whole.budget.spent();
    try {
      RunLease lease = RunLease.take(cluster, claim).within(time);
      cluster = cluster.within(time);
      record.heldSince = lease.heldSince;
      String since = cluster.now().toString();
      Run run = new Run(claim, since, record, whole.budget, lease, asked, Run.RENEWED);
      place.begin(run, () -> work.carryOut(run), over);
      return run;
    } catch (RunLease.Busy e) {
      isBusy(e);
      return null;
    }
  }

  private boolean isBusy(Problem busy) {
    record.busy = busy;
    record.retryAfterSeconds = ConcurrentRuns.RETRY_SECONDS;
    return busy != null;
  }

  /** Status asks the proxies only where the operator has them count. */
  private void verify(Action action) throws InterruptedException {
    Verification verification = new Verification(record.scope(), limits, proofClient);
    if (action == Action.VERIFY) {
      record.proven(verification.prove(policy.gatewayUrl, cluster.now()));
    } else if (policy.protect != Protect.OFF && record.watched == Watched.NOTHING) {
      record.watched = verification.watch();
    }
  }

  /** Looks again, now that nobody else changes anything, and goes through with it. */
  private void alone(Run run, List<Check> proof)
      throws BadRequestException, ClusterException, InterruptedException {
    Plan proven = record.plan;
    Observation seen = survey().lookAndPlan(survey().observer()::observe);
    if (seen == null || isDecided()) {
      return;
    }
    if (record.plan.isLike(proven)) {
      record.update(now -> now.checks.addAll(proof));
    } else {
      survey().proveOrNarrow();
    }
    if (record.hasFailedCheck()) {
      return;
    }
    steps(seen).carryOut(survey().observer(), run);
  }

  private void confirmWhatIsLeft(Run run) throws ClusterException, InterruptedException {
    steps(survey().lookForWhatIsLeft()).carryOut(survey().observer(), run);
  }

  private Survey survey() {
    return new Survey(new Parties(cluster, proofClient, self), limits, record);
  }

  private RunSteps steps(Observation seen) {
    return new RunSteps(cluster, whole, record, seen, proofClient);
  }

  private boolean isDecided() {
    boolean nothing = record.plan.isEmpty() && !Unconfirmed.isOn(record.before);
    return nothing || record.hasFailedCheck() || record.isHeld();
  }

  /** What is done under the lease. */
  private interface Work {
    void carryOut(Run run) throws BadRequestException, ClusterException, InterruptedException;
  }
}
