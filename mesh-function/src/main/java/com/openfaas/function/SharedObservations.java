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
 * The observations of one process, one under way at a time. A status that comes meanwhile shares
 * it. Any other run shares the one that begins next, with all that came before that: the one under
 * way may have read already what the caller has just changed.
 */
final class SharedObservations {
  private final Lock observing = new ReentrantLock();
  private Shared current;
  private Shared next = new Shared();

  /** The one under way; where there is none, the next. */
  synchronized Shared current() {
    return current == null ? next : current;
  }

  /** The one that begins next. */
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

  /** One observation, or why there is none: all that wait for it are told the same. */
  final class Shared {
    private Observation observation;
    private ClusterException failure;

    /** Gives it; makes it, where nobody has. */
    Observation get(Observer observer, Budget wait) throws ClusterException, InterruptedException {
      // Whose time is over meanwhile is told so by its own first request.
      if (!observing.tryLock(wait.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
        return observer.observe();
      }
      try {
        if (observation == null && isWorthATry()) {
          observe(observer);
        }
      } finally {
        observing.unlock();
      }
      if (failure != null) {
        throw failure;
      }
      return observation;
    }

    /** Also where somebody has failed whose own time was over. */
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
