package com.openfaas.function;

import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.RunLease;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.report.UnderWay;
import com.openfaas.function.request.BadRequestException;
import com.openfaas.function.rollout.Limits.Budget;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that writes, under the Lease: started by a call, and continued in this process until it is
 * done, however long its caller waits. It renews the Lease, and stops writing before that expires.
 */
final class Run {
  private static final Logger LOG = LoggerFactory.getLogger(Run.class);

  static final Duration RENEWED = Duration.ofSeconds(10);

  /** A request may take 10 s more, and must have ended before the Lease expires. */
  static final Duration UNRENEWED = RunLease.LENGTH.minus(Duration.ofSeconds(10));

  /** How long a built answer may take to pass the watchdog and the gateway. */
  private static final Duration WAY_OUT = Duration.ofMillis(500);

  private static final Duration LAST_WORD = Duration.ofSeconds(10);

  private final String id;
  private final String since;
  private final RunRecord record;
  private final Budget budget;
  private final RunLease lease;
  private final Duration taken;
  private final Duration renewed;
  private final CountDownLatch answerable = new CountDownLatch(1);
  private final CountDownLatch answered = new CountDownLatch(1);
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  /**
   * A run that holds the Lease.
   *
   * @param id the Lease's holder: pod name, a slash, and the call's id
   * @param since by the API server's clock
   * @param taken when the Lease was requested, on the budget's clock
   * @param renewed interval between renewals; after a failure it is a fifth of that
   */
  Run(
      String id,
      String since,
      RunRecord record,
      Budget budget,
      RunLease lease,
      Duration taken,
      Duration renewed) {
    this.id = id;
    this.since = Objects.requireNonNull(since);
    this.record = Objects.requireNonNull(record);
    this.budget = Objects.requireNonNull(budget);
    this.lease = lease.within(this::requestTime);
    this.taken = Objects.requireNonNull(taken);
    this.renewed = Objects.requireNonNull(renewed);
    budget.whenEnded(stopping::countDown);
    // Nothing is begun any more that would have to wait for an answer.
    budget.whenEnded(answered::countDown);
  }

  /** Takes the Lease; null if another process holds it: the record then names that process. */
  static Run underLease(Survey survey, String id, Budget budget) throws ClusterException {
    Duration asked = budget.spent();
    RunRecord record = survey.record;
    try {
      RunLease lease = RunLease.take(survey.cluster, survey.self.namespace, id);
      record.heldSince = lease.heldSince;
      String since = survey.cluster.now().toString();
      return new Run(id, since, record, budget, lease, asked, RENEWED);
    } catch (RunLease.Busy e) {
      record.isBusy(e.problem, e.retryAfterSeconds);
      return null;
    }
  }

  /** Includes time to release the Lease after the run's time is over. */
  Duration requestTime() {
    return budget.remaining().plus(LAST_WORD);
  }

  /** The work of a run; every failure is kept in the record. */
  interface Work {
    void carryOut(Run run) throws BadRequestException, ClusterException, InterruptedException;
  }

  /**
   * Starts the work on its own thread.
   *
   * @param tell publishes the result while the Lease is still held
   * @param ended called when the run is over
   */
  void start(Work work, Runnable tell, Runnable ended) {
    Thread renewal = new Thread(this::renew, "lease");
    renewal.setDaemon(true);
    try {
      renewal.start();
      new Thread(() -> carryOut(work, tell, ended), "run").start();
    } catch (Error e) {
      // No thread available: nothing was done yet, and no other code would end this run.
      end(ended);
      throw e;
    }
  }

  private void carryOut(Work work, Runnable tell, Runnable ended) {
    try {
      work.carryOut(this);
    } catch (ClusterException e) {
      failed(e.problem);
    } catch (InterruptedException | BadRequestException e) {
      String why = Objects.requireNonNullElse(e.getMessage(), "the run was interrupted");
      failed(new Problem(Code.INTERRUPTED, "mesh-setup", why, "invoke again"));
    } catch (RuntimeException | Error e) {
      LOG.error("unexpected", e);
      failed(unexpected(e));
    } finally {
      try {
        tell.run();
      } finally {
        end(ended);
      }
    }
  }

  /** Whatever fails, the caller is answered and the next run can start. */
  private void end(Runnable ended) {
    over.countDown();
    try {
      lease.close();
    } finally {
      released.countDown();
      try {
        ended.run();
      } finally {
        answerable.countDown();
      }
    }
  }

  private void failed(Problem problem) {
    record.update(now -> now.problem = problem);
  }

  /** Whatever ends the renewal, a run without it stops writing. */
  private void renew() {
    try {
      renewUntilOver();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (over.getCount() > 0) {
        LOG.error("the lease is not renewed: this run writes no more");
        budget.end();
      }
    }
  }

  private void renewUntilOver() throws InterruptedException {
    Duration last = taken;
    Duration pause = renewed;
    while (!isOver(pause, unrenewed(last)) && !unrenewed(last).isZero()) {
      Duration asked = budget.spent();
      Duration before = last;
      UnderWay progress = underWay();
      try {
        // Bounded by the Lease's validity: a silent API server must not keep the run writing.
        if (!lease.renew(progress == null ? null : progress.toJson(), () -> unrenewed(before))) {
          LOG.error("another run holds the lease now");
          return;
        }
        last = asked;
        pause = renewed;
      } catch (ClusterException e) {
        LOG.warn("the lease was not renewed: {}", e.problem);
        pause = renewed.dividedBy(5);
      } catch (RuntimeException e) {
        LOG.error("the lease was not renewed", e);
        pause = renewed.dividedBy(5);
      }
    }
  }

  private boolean isOver(Duration pause, Duration most) throws InterruptedException {
    Duration wait = pause.compareTo(most) < 0 ? pause : most;
    return over.await(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How long the run may continue without a renewal; never negative. */
  private Duration unrenewed(Duration last) {
    Duration left = UNRENEWED.minus(budget.spent().minus(last));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** All that the caller waits for is done; returns once the answer is out. */
  void answer() throws InterruptedException {
    answerable.countDown();
    if (answered.await(budget.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
      var unused = stopping.await(WAY_OUT.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** The result so far, once there is an answer or the caller's wait is over. */
  RunRecord awaitAnswer(Budget wait) throws InterruptedException {
    boolean done = answerable.await(wait.remaining().toMillis(), TimeUnit.MILLISECONDS);
    RunRecord answer = record.snapshot();
    answer.waitIsOver = !done;
    answer.underWay = over.getCount() == 0 ? null : underWay();
    return answer;
  }

  /** The answer is built, or nobody is waiting for one: what comes after it may begin. */
  void answered() {
    answered.countDown();
  }

  UnderWay underWay() {
    return UnderWay.of(id, since, record.snapshot());
  }

  /** Ends the run at its next safe point, and waits until the Lease is given back. */
  void end() {
    budget.end();
    try {
      if (!released.await(UNRENEWED.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("the run did not end in time; the next run takes over");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Problem unexpected(Throwable e) {
    return new Problem(
        Code.UNEXPECTED,
        "mesh-setup",
        "an unexpected " + e.getClass().getSimpleName() + "; the function's log has the details",
        "faas-cli logs mesh-setup; please report it");
  }
}
