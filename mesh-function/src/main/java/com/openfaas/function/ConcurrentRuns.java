package com.openfaas.function;

import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.Observation;
import com.openfaas.function.observe.Observer;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.request.Action;
import com.openfaas.function.rollout.Limits.Budget;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the runs of one process share, so that many concurrent callers cost the API server, and the
 * heap, no more than a few do.
 *
 * <p>A run needs a permit from its first observation to its answer. There are few; other runs queue
 * in order of arrival. A run that writes returns its permit, as at most one such run exists. Long
 * read-only actions, above all verify, never take the last permit, so they cannot hold up a status
 * or a write. Only one verify runs at a time: what it keeps of all proxies' metrics is a good part
 * of the heap.
 *
 * <p>One run gets the write lock before its preflight; the others need no preflight. Between
 * processes the Lease decides.
 */
final class ConcurrentRuns {
  /** After how many seconds a caller that found the write lock taken may retry. */
  static final int RETRY_SECONDS = 5;

  /** At 500 functions a run holds 1 to 2 MB: plan, report and answer. */
  private static final int PERMITS = 4;

  private final Semaphore permits = new Semaphore(PERMITS, true);
  private final Semaphore lasting = new Semaphore(PERMITS - 1, true);
  private final Semaphore verifying = new Semaphore(1, true);
  private final AtomicReference<String> writer = new AtomicReference<>();

  /** Held by the caller that observes: there is one observation at a time. */
  private final Lock observing = new ReentrantLock();

  private SharedObservation current;
  private SharedObservation next = new SharedObservation();
  private final Set<Budget> waits = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;
  private volatile Run underWay;

  /** The run in progress in this process, or null. */
  Run underWay() {
    return underWay;
  }

  /** Ends every run at its next safe point; a run that starts later changes nothing. */
  void end() {
    ended = true;
    waits.forEach(Budget::end);
    Run run = underWay;
    if (run != null) {
      run.end();
    }
  }

  /**
   * Waits for a permit, which the caller must close once its answer is built. A caller whose wait
   * is over gets one without the semaphores: it sends no more requests.
   */
  Permit enter(Action action, Budget wait) {
    waits.add(wait);
    if (ended) {
      wait.end();
    }
    Permit permit = new Permit(observationFor(action), wait);
    for (Semaphore semaphore : needed(action)) {
      if (!permit.take(semaphore)) {
        break;
      }
    }
    return permit;
  }

  /**
   * A status that arrives during an observation shares it. Any other run shares the next one, with
   * all that arrive before it starts: the current one may already have read what the caller has
   * just changed.
   */
  private synchronized SharedObservation observationFor(Action action) {
    return action == Action.STATUS && current != null ? current : next;
  }

  private synchronized void begins(SharedObservation shared) {
    current = shared;
    next = new SharedObservation();
  }

  private synchronized void observed() {
    current = null;
  }

  /** The semaphores an action needs, in the order they are acquired. */
  private List<Semaphore> needed(Action action) {
    if (action == Action.VERIFY) {
      return List.of(verifying, lasting, permits);
    }
    boolean lasts = !action.writes() && action != Action.STATUS;
    return lasts ? List.of(lasting, permits) : List.of(permits);
  }

  /** Allows one run to proceed among the others of this process. */
  final class Permit implements AutoCloseable {
    private final List<Semaphore> taken = new ArrayList<>();
    private final Budget wait;
    private SharedObservation first;
    private boolean writes;
    private boolean handedOver;

    private Permit(SharedObservation first, Budget wait) {
      this.first = first;
      this.wait = wait;
    }

    private boolean take(Semaphore semaphore) {
      try {
        boolean had = semaphore.tryAcquire(wait.remaining().toMillis(), TimeUnit.MILLISECONDS);
        return had && taken.add(semaphore);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    /** The run's first observation, its own or shared. */
    Observation observe(Observer observer) throws ClusterException, InterruptedException {
      return first.get(observer, wait);
    }

    /**
     * Takes the write lock until the permit is closed; returns null, or why it is not available.
     *
     * @param holder the run that wants it, and its start
     */
    Problem takeWriteLock(String holder) {
      String other = writer.compareAndExchange(null, holder);
      if (other != null) {
        return busy(other);
      }
      writes = true;
      // A whole platform is too large to keep for so long; a run that writes observes again.
      first = null;
      release();
      return null;
    }

    private void release() {
      taken.forEach(Semaphore::release);
      taken.clear();
    }

    /** Hands the write lock over to a run, until that run is over. */
    void begin(Run run, Run.Work work, Runnable tell, Runnable over) {
      handedOver = true;
      underWay = run;
      run.start(
          work,
          tell,
          () -> {
            underWay = null;
            writer.set(null);
            over.run();
          });
      if (ended) {
        run.end();
      }
    }

    @Override
    public void close() {
      waits.remove(wait);
      release();
      if (writes && !handedOver) {
        writer.set(null);
      }
    }
  }

  private static Problem busy(String holder) {
    return new Problem(
        Code.BUSY,
        "mesh-setup",
        holder + " is in progress in this process",
        "one run writes at a time; in " + RETRY_SECONDS + " s: invoke again");
  }

  /** One observation, or the reason it failed; all that wait for it get the same. */
  private final class SharedObservation {
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
        observed();
      }
    }
  }
}
