package com.openfaas.function;

import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.Observation;
import com.openfaas.function.observe.Observer;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.request.Action;
import com.openfaas.function.rollout.Budget;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the runs of one process share, so that many callers at once cost the API server, and the
 * heap, no more than a few do.
 *
 * <p>A run needs a permit, from its first observation to its answer; there are few, and the others
 * wait, in the order in which they came. A run that writes gives its permit back, for there is one
 * such run at most. What lasts without writing, a verify above all, never takes the last permit, so
 * that nobody waits for it who only observes, or is to write. One verify is under way at a time,
 * for what it keeps of all the proxies' metrics is a good part of the heap.
 *
 * <p>One run gets the write lock, before it proves its plan; the others need not prove theirs.
 * Among processes the lease decides.
 */
final class ConcurrentRuns {
  /** When a caller that found the write lock taken may ask again, in seconds. */
  static final int RETRY_SECONDS = 5;

  /** What a run holds at 500 functions, plan, report and answer, is a megabyte or two. */
  private static final int PERMITS = 4;

  private final Semaphore permits = new Semaphore(PERMITS, true);
  private final Semaphore lasting = new Semaphore(PERMITS - 1, true);
  private final Semaphore verifying = new Semaphore(1, true);
  private final AtomicReference<String> writer = new AtomicReference<>();
  private final SharedObservations observations = new SharedObservations();
  private final Set<Budget> waits = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;
  private volatile Run underWay;

  /** The run that goes on in this process; null where none does. */
  Run underWay() {
    return underWay;
  }

  /** Ends every run at the next safe point; one that begins later changes nothing. */
  void end() {
    ended = true;
    waits.forEach(Budget::end);
    Run run = underWay;
    if (run != null) {
      run.end();
    }
  }

  /**
   * Waits for a permit, which the caller must close when its answer is made. Who waits no longer
   * goes without: no request is sent for it any more.
   */
  Permit enter(Action action, Budget wait) {
    waits.add(wait);
    if (ended) {
      wait.end();
    }
    Permit permit =
        new Permit(action == Action.STATUS ? observations.current() : observations.next(), wait);
    for (Semaphore semaphore : needed(action)) {
      if (!permit.take(semaphore)) {
        break;
      }
    }
    return permit;
  }

  /** What an action needs, in the order in which it is waited for. */
  private List<Semaphore> needed(Action action) {
    if (action == Action.VERIFY) {
      return List.of(verifying, lasting, permits);
    }
    boolean lasts = !action.writes() && action != Action.STATUS;
    return lasts ? List.of(lasting, permits) : List.of(permits);
  }

  /** That a run may go on, among the others of this process. */
  final class Permit implements AutoCloseable {
    private final List<Semaphore> taken = new ArrayList<>();
    private final Budget wait;
    private SharedObservations.Shared first;
    private boolean writes;
    private boolean handedOver;

    private Permit(SharedObservations.Shared first, Budget wait) {
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

    /** The run's first observation, of its own or shared. */
    Observation observe(Observer observer) throws ClusterException, InterruptedException {
      return first.get(observer, wait);
    }

    /**
     * Takes the write lock, until the permit is closed; gives null, or why it was not to be had.
     *
     * @param holder who wants it, and since when
     */
    Problem takeWriteLock(String holder) {
      String other = writer.compareAndExchange(null, holder);
      if (other != null) {
        return busy(other);
      }
      writes = true;
      // A whole platform is too much to keep that long; who writes observes again.
      first = null;
      release();
      return null;
    }

    private void release() {
      taken.forEach(Semaphore::release);
      taken.clear();
    }

    /** Leaves the write lock to a run, until that is over. */
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
        "only one run writes at a time; try again in " + RETRY_SECONDS + " s");
  }
}
