package com.openfaas.function;

import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.Observation;
import com.openfaas.function.observe.Observer;
import com.openfaas.function.platform.Problem;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the runs of one process share, so that many callers at once ask the API server no more than
 * a few do: their first looks, and the turn to write.
 *
 * <p>One look is under way at a time. A status that comes meanwhile shares it. Any other action
 * waits, and all that wait share the look that begins then: the one under way may have read already
 * what the caller has just changed.
 *
 * <p>The turn goes to one run before it proves its plan; the others need not prove theirs. Among
 * processes the lease decides, as ever.
 */
final class ConcurrentRuns {
  /** When a caller that found the turn taken may ask again, in seconds. */
  static final int RETRY_SECONDS = 5;

  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger callers = new AtomicInteger();
  private final AtomicReference<String> writer = new AtomicReference<>();
  private Look newest;

  /**
   * A look that began after this call did.
   *
   * @param joins whether the one that is under way will do as well
   */
  Observation look(Observer observer, boolean joins) throws ClusterException {
    int latest = begun.get();
    int oldest = joins && ended.get() < latest ? latest : latest + 1;
    callers.incrementAndGet();
    synchronized (this) {
      try {
        if (newest == null || newest.number < oldest) {
          newest = begin(observer);
        }
        return newest.seen();
      } finally {
        // Nobody waits for it: a whole platform is too much to keep.
        if (callers.decrementAndGet() == 0) {
          newest = null;
        }
      }
    }
  }

  private Look begin(Observer observer) {
    int number = begun.incrementAndGet();
    try {
      return new Look(number, observer);
    } finally {
      ended.set(number);
    }
  }

  /**
   * Takes the turn, which the caller must then end; gives null, or why it was not to be had.
   *
   * @param holder who wants it, and since when
   */
  Problem beginWriting(String holder) {
    String other = writer.compareAndExchange(null, holder);
    return other == null ? null : busy(other);
  }

  void endWriting() {
    writer.set(null);
  }

  private static Problem busy(String holder) {
    return new Problem(
        "busy",
        "mesh-setup",
        holder + " is at work in this process",
        "nothing is lost: it is at work; try again in " + RETRY_SECONDS + " s");
  }

  /** A look, or why there was none: who waited for it is told the same. */
  private static final class Look {
    final int number;
    private Observation observation;
    private ClusterException failure;

    Look(int number, Observer observer) {
      this.number = number;
      try {
        observation = observer.observe();
      } catch (ClusterException e) {
        failure = e;
      }
    }

    Observation seen() throws ClusterException {
      if (failure != null) {
        throw failure;
      }
      return observation;
    }
  }
}
