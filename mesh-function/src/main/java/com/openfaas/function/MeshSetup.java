package com.openfaas.function;

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
 * One run, from top to bottom. What it comes to stands in the record at every moment. All is proven
 * before the lease is taken: a run that is blocked writes nothing at all.
 */
final class MeshSetup {
  private final Survey survey;
  private final RunRecord record;
  private final Limits whole;
  private final ConcurrentRuns.Permit permit;
  private final String id;
  private final Runnable tell;
  private final Runnable over;

  /** One invocation; a run that goes on when the caller is answered has the whole limits. */
  MeshSetup(
      Survey survey,
      Limits whole,
      ConcurrentRuns.Permit permit,
      String id,
      Runnable tell,
      Runnable over) {
    this.survey = survey;
    this.record = survey.record;
    this.whole = whole;
    this.permit = permit;
    this.id = id;
    this.tell = tell;
    this.over = over;
  }

  /** Does what was asked; gives the run that goes on with it, or null where nothing is to do. */
  Run run() throws BadRequestException, ClusterException, InterruptedException {
    Action action = record.invocation.action;
    Observation first = observe();
    if (first == null) {
      return null;
    }
    if (action == Action.STATUS || action == Action.VERIFY) {
      survey.verify(first);
      return null;
    }
    if (survey.isDecided()) {
      return null;
    }
    if (!action.writes()) {
      survey.prove();
      return null;
    }
    String holder = id + ", since " + survey.cluster.now() + ",";
    if (record.isBusy(permit.takeWriteLock(holder), ConcurrentRuns.RETRY_SECONDS)) {
      return null;
    }
    List<Check> proof = survey.proveOrNarrow();
    try {
      return record.hasFailedCheck() ? null : begin(run -> underLease(run, proof));
    } catch (ClusterException e) {
      record.checks.add(ReadingChecks.unleased(e.problem));
      return null;
    }
  }

  /** A revert observes more than others; and what was just signed a shared one may not show. */
  private Observation observe() throws BadRequestException, InterruptedException {
    if (record.invocation.signedAt == null) {
      return survey.plan(() -> permit.observe(survey.observer()));
    }
    return survey.recordSignature() ? survey.observeAndPlan() : null;
  }

  /** What waits for the gateway comes when that is confirmed: one call is enough. */
  private void underLease(Run run, List<Check> proof)
      throws BadRequestException, ClusterException, InterruptedException {
    Survey held = survey.within(run::requestTime);
    if (carryOut(run, held, proof)) {
      carryOut(run, held, List.of());
    }
  }

  /**
   * Observes again, now that nobody else changes anything.
   *
   * @param proof of the plan so far; not asked for again where the new one is like it
   * @return whether what has waited for the gateway can come now
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

  /** Confirms, or proves, a change that another process has made; null where there is none. */
  Run takeOver() throws ClusterException {
    survey.observeWhatIsLeft();
    if (!record.hasUnconfirmed()
        || record.isBusy(permit.takeWriteLock(id), ConcurrentRuns.RETRY_SECONDS)) {
      return null;
    }
    return begin(
        run -> {
          Survey held = survey.within(run::requestTime);
          new RunSteps(held, held.observeWhatIsLeft(), whole).carryOut(run);
        });
  }

  /** Begins what is done under the lease; null where another process has it. */
  private Run begin(Run.Work work) throws ClusterException {
    Run run = Run.underLease(survey, id, whole.budget);
    if (run != null) {
      permit.begin(run, work, tell, over);
    }
    return run;
  }
}
