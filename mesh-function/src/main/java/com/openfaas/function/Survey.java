package com.openfaas.function;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.LeaseRecord;
import com.openfaas.function.observe.Observation;
import com.openfaas.function.observe.Observer;
import com.openfaas.function.observe.Self;
import com.openfaas.function.plan.Moment;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Planner;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.PastRun;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.preflight.Preflight;
import com.openfaas.function.preflight.ReadingChecks;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.BadRequestException;
import com.openfaas.function.rollout.Limits;
import com.openfaas.function.verify.ProofClient;
import com.openfaas.function.verify.Verification;
import com.openfaas.function.verify.Watched;
import java.util.List;

/** What a run sees, plans and proves before it changes anything; all of it stands in the record. */
final class Survey {
  private final Cluster cluster;
  private final ProofClient proofClient;
  private final Self self;
  private final Limits limits;
  private final RunRecord record;

  Survey(Parties parties, Limits limits, RunRecord record) {
    this.cluster = parties.cluster;
    this.proofClient = parties.proofClient;
    this.self = parties.self;
    this.limits = limits;
    this.record = record;
  }

  /** Null where nothing could be read: the record then says why. */
  Observation lookAndPlan(Look look) throws BadRequestException, InterruptedException {
    try {
      Observation seen = look.look();
      record.update(now -> note(now, seen.lease));
      record.invocation.requireKnownFunctions(seen.platform);
      Moment moment = new Moment(cluster.now(), limits.patience);
      Scope scope = scope(seen);
      Plan plan = sparing(scope, new Planner(scope, moment).plan());
      List<Check> checks = ReadingChecks.of(scope, plan);
      record.update(now -> now.looked(seen.platform, plan, checks));
      narrow();
      return seen;
    } catch (ClusterException e) {
      Check unreadable = ReadingChecks.unreadable(e.problem);
      record.update(now -> now.looked(null, null, List.of(unreadable)));
      return null;
    }
  }

  /** Nobody is refused who has called functions past the gateway, as far as that can be seen. */
  private Plan sparing(Scope scope, Plan plan) throws InterruptedException {
    List<Workload> due = plan.toBeProtected();
    if (due.isEmpty()) {
      return plan;
    }
    Watched watched = new Verification(scope, limits, proofClient).watch();
    record.update(now -> now.watched = watched);
    return plan.sparing(watched.inTheWay(due, cluster.now()));
  }

  /** Who is refused is let in again, whatever stands in the way of all else. */
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

  List<Check> proveOrNarrow() throws ClusterException {
    List<Check> proof = prove();
    return narrow() ? prove() : proof;
  }

  /** Status tells of the last runs, where somebody reads it. */
  void noteRuns(Observation seen) {
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

  private static void note(RunRecord now, Reading<LeaseRecord> lease) {
    if (lease.isKnown()) {
      now.noted(lease.value.heldSince, lease.value.progress, lease.value.problems);
    } else {
      now.noted(now.heldSince, null, List.of(lease.problem));
    }
  }

  List<Check> prove() throws ClusterException {
    List<Check> proof = new Preflight(cluster, self.namespace).prove(record.plan, record.before);
    record.update(now -> now.checks.addAll(proof));
    return proof;
  }

  Observer observer() {
    return new Observer(cluster, record.policy, self, record.invocation.action == Action.REVERT);
  }

  /** What an earlier run has begun and not confirmed, or not proven. */
  Observation lookForWhatIsLeft() throws ClusterException {
    Observation seen = observer().observe();
    Scope scope = scope(seen);
    Plan left = new Planner(scope, new Moment(cluster.now(), limits.patience)).plan().unproven();
    record.update(now -> now.looked(seen.platform, left, List.of()));
    return seen;
  }

  private Scope scope(Observation seen) {
    return new Scope(seen.platform, record.policy, record.invocation);
  }

  /** A look at the platform, of one's own or shared. */
  interface Look {
    Observation look() throws ClusterException, InterruptedException;
  }
}
