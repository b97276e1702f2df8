package com.openfaas.function;

import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.Observation;
import com.openfaas.function.observe.Observer;
import com.openfaas.function.platform.Code;
import com.openfaas.function.rollout.Budget;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The observations of one process, one at a time. A status that arrives during one shares it. Any
 * other run shares the next one, with all that arrive before it starts: the current one may already
 * have read what the caller has just changed.
 */
final class SharedObservations {
  private final Lock observing = new ReentrantLock();
  private Shared current;
  private Shared next = new Shared();

  /** The one in progress, or else the next. */
  synchronized Shared current() {
    return current == null ? next : current;
  }

  synchronized Shared next() {
    return next;
  }

  private synchronized void begins(Shared shared) {
    current = shared;
    next = new Shared();
  }

  private synchronized void ended() {
    current = null;
  }

  /** One observation, or the reason it failed; all that wait for it get the same. */
  final class Shared {
    private Observation observation;
    private ClusterException failure;

    /** Returns the observation; the first caller makes it. */
    Observation get(Observer observer, Budget wait) throws ClusterException, InterruptedException {
      // This caller's time is over: its own first request reports that.
      if (!observing.tryLock(wait.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
        return observer.observe();
      }
      try {
        if (observation == null && isWorthATry()) {
          observe(observer);
        }
        // Under the lock: the next caller may try again, and begins by forgetting the failure.
        if (failure != null) {
          throw failure;
        }
        return observation;
      } finally {
        observing.unlock();
      }
    }

    /** Retries a failure that was only due to another caller's time limit. */
    private boolean isWorthATry() {
      return failure == null || failure.problem.is(Code.TIME_OVER);
    }

    private void observe(Observer observer) {
      begins(this);
      try {
        failure = null;
        observation = observer.observe();
      } catch (ClusterException e) {
        failure = e;
      } finally {
        ended();
      }
    }
  }
}
