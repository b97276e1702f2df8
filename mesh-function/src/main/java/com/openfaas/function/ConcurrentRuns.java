package com.openfaas.function;

import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.Observation;
import com.openfaas.function.observe.Observer;
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
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the runs of one process share, so that many callers at once cost the API server, and the
 * heap, no more than a few do.
 *
 * <p>A run needs a place, from its first look to its answer; there are few, and the others wait, in
 * the order in which they came. Who writes needs no place: there is one such run at most. What
 * lasts without writing, a verify above all, never takes the last place, so that nobody who only
 * looks, or is to write, waits for it. One verify is under way at a time, for what it keeps of all
 * the proxies' metrics is a good part of the heap.
 *
 * <p>One look is under way at a time. A status that comes meanwhile shares it. Any other run shares
 * the look that begins next, with all that came before that: the one under way may have read
 * already what the caller has just changed.
 *
 * <p>The turn to write goes to one run before it proves its plan; the others need not prove theirs.
 * Among processes the lease decides, as ever.
 */
final class ConcurrentRuns {
  /** When a caller that found the turn taken may ask again, in seconds. */
  static final int RETRY_SECONDS = 5;

  /** What a run holds at 500 functions, plan, report and answer, is a megabyte or two. */
  private static final int PLACES = 4;

  private final Semaphore places = new Semaphore(PLACES, true);
  private final Semaphore lasting = new Semaphore(PLACES - 1, true);
  private final Semaphore verifying = new Semaphore(1, true);
  private final AtomicReference<String> writer = new AtomicReference<>();
  private final Lock looking = new ReentrantLock();
  private final Set<Budget> waits = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;
  private volatile Run underWay;
  private Look current;
  private Look next = new Look();

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
   * Waits for a place, which the caller must close when its answer is made. Who waits no longer
   * goes without: no request is sent for it any more.
   */
  Place enter(Action action, Budget wait) {
    waits.add(wait);
    if (ended) {
      wait.end();
    }
    Look look = look(action);
    Place place = new Place(look, wait);
    for (Semaphore turn : turns(action)) {
      if (!place.take(turn)) {
        break;
      }
    }
    return place;
  }

  /** What an action needs, in the order in which it is waited for. */
  private List<Semaphore> turns(Action action) {
    if (action == Action.VERIFY) {
      return List.of(verifying, lasting, places);
    }
    boolean lasts = !action.writes() && action != Action.STATUS;
    return lasts ? List.of(lasting, places) : List.of(places);
  }

  private synchronized Look look(Action action) {
    return action == Action.STATUS && current != null ? current : next;
  }

  private synchronized void begins(Look look) {
    current = look;
    next = new Look();
  }

  private synchronized void looked() {
    current = null;
  }

  /** A run's place among the others. */
  final class Place implements AutoCloseable {
    private final List<Semaphore> taken = new ArrayList<>();
    private final Budget wait;
    private Look look;
    private boolean writes;
    private boolean handedOver;

    private Place(Look look, Budget wait) {
      this.wait = wait;
      this.look = look;
    }

    private boolean take(Semaphore turn) {
      try {
        boolean had = turn.tryAcquire(wait.remaining().toMillis(), TimeUnit.MILLISECONDS);
        return had && taken.add(turn);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    /** What the run's first look shows, of its own or shared. */
    Observation look(Observer observer) throws ClusterException, InterruptedException {
      return look.seen(observer, wait);
    }

    /**
     * Takes the turn to write, until the place is closed; gives null, or why it was not to be had.
     *
     * @param holder who wants it, and since when
     */
    Problem beginWriting(String holder) {
      String other = writer.compareAndExchange(null, holder);
      if (other != null) {
        return busy(other);
      }
      writes = true;
      // A whole platform is too much to keep that long; who writes looks again.
      look = null;
      leave();
      return null;
    }

    private void leave() {
      taken.forEach(Semaphore::release);
      taken.clear();
    }

    /** Leaves the turn to write to a run, until that is over. */
    void begin(Run run, Run.Work work, Runnable over) {
      handedOver = true;
      underWay = run;
      run.start(
          work,
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
      leave();
      if (writes && !handedOver) {
        writer.set(null);
      }
    }
  }

  private static Problem busy(String holder) {
    return new Problem(
        "busy",
        "mesh-setup",
        holder + " is in progress in this process",
        "only one run writes at a time; try again in " + RETRY_SECONDS + " s");
  }

  /** A look, or why there was none: who waited for it is told the same. */
  private final class Look {
    private Observation observation;
    private ClusterException failure;

    Observation seen(Observer observer, Budget wait) throws ClusterException, InterruptedException {
      // Whose time is over meanwhile is told so by its own first request.
      if (!looking.tryLock(wait.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
        return observer.observe();
      }
      try {
        if (observation == null && isWorthATry()) {
          observe(observer);
        }
      } finally {
        looking.unlock();
      }
      if (failure != null) {
        throw failure;
      }
      return observation;
    }

    /** Also where somebody has failed whose own time was over. */
    private boolean isWorthATry() {
      return failure == null || failure.problem.code.equals(ClusterException.TIME_OVER);
    }

    private void observe(Observer observer) {
      begins(this);
      try {
        failure = null;
        observation = observer.observe();
      } catch (ClusterException e) {
        failure = e;
      } finally {
        looked();
      }
    }
  }
}
