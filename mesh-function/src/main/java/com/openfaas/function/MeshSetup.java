package com.openfaas.function;

import com.openfaas.function.ConcurrentRuns.Permit;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.Observation;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.preflight.ReadingChecks;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.BadRequestException;
import com.openfaas.function.rollout.Limits;
import java.util.List;

/**
 * One run, from start to end. The record holds its result at every moment. Preflight is complete
 * before the Lease is taken: a blocked run writes nothing at all.
 */
final class MeshSetup {
  private final Survey survey;
  private final RunRecord record;
  private final Limits whole;
  private final Permit permit;
  private final String id;
  private final Runnable tell;
  private final Runnable over;

  /** One invocation; once its caller is answered, a run has the {@code whole} limits. */
  MeshSetup(Survey survey, Limits whole, Permit permit, String id, Runnable tell, Runnable over) {
    this.survey = survey;
    this.record = survey.record;
    this.whole = whole;
    this.permit = permit;
    this.id = id;
    this.tell = tell;
    this.over = over;
  }

  /** Does what was asked; returns the run that continues it, or null if nothing is left to do. */
  Run run() throws BadRequestException, ClusterException, InterruptedException {
    Action action = record.invocation.action;
    Observation first = survey.observeFirst(permit);
    if (first == null) {
      return null;
    }
    if (action == Action.STATUS || action == Action.VERIFY) {
      survey.verify(first);
      return null;
    }
    if (survey.isDecided()
        || (action.writes() && isBusy(id + ", since " + survey.cluster.now() + ","))) {
      return null;
    }
    List<Check> proof = survey.proveOrNarrow();
    try {
      boolean goesOn = action.writes() && !record.hasFailedCheck();
      return goesOn ? begin(run -> underLease(run, proof)) : null;
    } catch (ClusterException e) {
      record.checks.add(ReadingChecks.unleased(e.problem));
      return null;
    }
  }

  /** Steps that wait for the gateway follow once it is confirmed, so that one call is enough. */
  private void underLease(Run run, List<Check> proof)
      throws BadRequestException, ClusterException, InterruptedException {
    Survey held = survey.within(run::requestTime);
    if (carryOut(run, held, proof)) {
      carryOut(run, held, List.of());
    }
  }

  /**
   * Observes again, now that no other run can change anything.
   *
   * @param proof preflight of the previous plan; not repeated if the new plan is like it
   * @return whether steps that waited for the gateway can now be carried out
   */
  private boolean carryOut(Run run, Survey held, List<Check> proof)
      throws BadRequestException, ClusterException, InterruptedException {
    Plan proven = record.plan;
    Observation seen = held.observeAndPlan();
    if (seen == null || held.isDecided()) {
      return false;
    }
    if (record.plan.isLike(proven)) {
      record.update(now -> now.checks.addAll(proof));
    } else {
      held.proveOrNarrow();
    }
    return !record.hasFailedCheck() && new RunSteps(held, seen, whole).carryOut(run);
  }

  /** Confirms or proves a change that another process made; null if there is none. */
  Run takeOver() throws ClusterException {
    survey.observeWhatIsLeft();
    if (!record.hasUnconfirmed() || isBusy(id)) {
      return null;
    }
    return begin(
        run -> {
          Survey held = survey.within(run::requestTime);
          new RunSteps(held, held.observeWhatIsLeft(), whole).carryOut(run);
        });
  }

  private boolean isBusy(String holder) {
    return record.isBusy(permit.takeWriteLock(holder), ConcurrentRuns.RETRY_SECONDS);
  }

  /** Starts the work under the Lease; null if another process holds it. */
  private Run begin(Run.Work work) throws ClusterException {
    Run run = Run.underLease(survey, id, whole.budget);
    if (run != null) {
      permit.begin(run, work, tell, over);
    }
    return run;
  }
}
