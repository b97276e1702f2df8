package com.openfaas.function;

import com.openfaas.function.cluster.Claim;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.RunLease;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.report.UnderWay;
import com.openfaas.function.request.BadRequestException;
import com.openfaas.function.rollout.Budget;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that writes, under the lease: begun by a call, and carried on in this process until it is
 * done, however long its caller waits. It renews the lease, and stops writing before that expires.
 */
final class Run {
  private static final Logger LOG = LoggerFactory.getLogger(Run.class);
  private static final Duration RENEWED = Duration.ofSeconds(10);
  private static final Duration TRIED_AGAIN = Duration.ofSeconds(2);

  /** A request may take 10 s more, and must have ended when the lease does. */
  private static final Duration UNRENEWED = RunLease.LENGTH.minus(RENEWED);

  /** What an answer may take through the watchdog and the gateway. */
  private static final Duration WAY_OUT = Duration.ofSeconds(2);

  private final String id;
  private final String since;
  private final RunRecord record;
  private final Budget budget;
  private final RunLease lease;
  private final CountDownLatch answerable = new CountDownLatch(1);
  private final CountDownLatch answered = new CountDownLatch(1);
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);

  Run(Claim claim, String since, RunRecord record, Budget budget, RunLease lease) {
    this.id = claim.holder;
    this.since = Objects.requireNonNull(since);
    this.record = Objects.requireNonNull(record);
    this.budget = Objects.requireNonNull(budget);
    this.lease = Objects.requireNonNull(lease);
    budget.whenEnded(stopping::countDown);
  }

  /** What a run does; whatever goes wrong stands in the record. */
  interface Work {
    void carryOut() throws BadRequestException, ClusterException, InterruptedException;
  }

  /**
   * Begins it on a thread of its own.
   *
   * @param ended what to do when it is over
   */
  void start(Work work, Runnable ended) {
    new Thread(() -> carryOut(work, ended), "run").start();
    Thread renewal = new Thread(this::renew, "lease");
    renewal.setDaemon(true);
    renewal.start();
  }

  private void carryOut(Work work, Runnable ended) {
    try {
      work.carryOut();
    } catch (ClusterException e) {
      failed(e.problem);
    } catch (InterruptedException | BadRequestException e) {
      failed(new Problem("interrupted", "mesh-setup", e.getMessage(), "invoke it again"));
    } catch (RuntimeException e) {
      LOG.error("unexpected", e);
      failed(unexpected(e));
    } finally {
      over.countDown();
      try {
        lease.close();
      } finally {
        // Whatever comes: the next one may write, and the caller is answered.
        answerable.countDown();
        ended.run();
      }
    }
  }

  private void failed(Problem problem) {
    record.update(now -> now.problem = problem);
  }

  private void renew() {
    Duration renewed = budget.spent();
    Duration pause = RENEWED;
    try {
      while (!over.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        Duration asked = budget.spent();
        try {
          UnderWay progress = underWay();
          if (!lease.renew(progress == null ? null : progress.toJson())) {
            LOG.error("the lease is somebody else's now: this run writes no more");
            budget.end();
            return;
          }
          renewed = asked;
          pause = RENEWED;
        } catch (ClusterException e) {
          LOG.warn("the lease was not renewed: {}", e.problem);
          pause = TRIED_AGAIN;
        } catch (RuntimeException e) {
          LOG.error("the lease was not renewed", e);
          pause = TRIED_AGAIN;
        }
        if (budget.spent().minus(renewed).compareTo(UNRENEWED) >= 0) {
          LOG.error("the lease could not be renewed: this run writes no more");
          budget.end();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All that a caller waits for is done; returns when the answer is out. */
  void answer() throws InterruptedException {
    answerable.countDown();
    if (answered.await(budget.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
      pause(WAY_OUT);
    }
  }

  /** Until that long is over, or the run is to end. */
  private void pause(Duration time) throws InterruptedException {
    if (stopping.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.info("ended before its time");
    }
  }

  /** What has come of it when there is an answer, or the caller waits no more. */
  RunRecord awaitAnswer(Budget wait) throws InterruptedException {
    try {
      boolean done = answerable.await(wait.remaining().toMillis(), TimeUnit.MILLISECONDS);
      RunRecord answer = record.snapshot();
      answer.waitIsOver = !done;
      answer.underWay = over.getCount() == 0 ? null : underWay();
      return answer;
    } finally {
      answered.countDown();
    }
  }

  UnderWay underWay() {
    return UnderWay.of(id, since, record.snapshot());
  }

  /** Ends it at the next safe point, and waits for that. */
  void end() {
    budget.end();
    try {
      if (!over.await(UNRENEWED.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("the run did not end in time; the next one takes over");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Problem unexpected(RuntimeException e) {
    return new Problem(
        "unexpected",
        "mesh-setup",
        "an unexpected " + e.getClass().getSimpleName() + "; the function's log has it whole",
        "faas-cli logs mesh-setup; please report it");
  }
}
