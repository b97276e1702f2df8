package com.openfaas.entrypoint;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Decides which requests run: at most {@code threads} side by side, at most {@code queue} waiting
 * for one of those threads, the rest turned away, as is everything after {@link #end()}.
 *
 * <p>A request turned away still runs, on one of a few threads kept for that, because the server
 * can only answer through the task it hands over: dropping the task would drop the connection. The
 * task asks {@link #isTurnedAway()} and answers 503 without calling the handler.
 */
final class Admission implements Executor {

  private static final int TURNING_AWAY_THREADS = 4;
  private static final Duration LAST_REFUSALS = Duration.ofSeconds(1);

  private final ThreadLocal<Boolean> turnedAway = ThreadLocal.withInitial(() -> false);
  private final ExecutorService refused = Executors.newFixedThreadPool(TURNING_AWAY_THREADS);
  private final ThreadPoolExecutor admitted;

  Admission(int threads, int queue) {
    admitted =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            (task, pool) -> turnAway(task));
  }

  @Override
  public void execute(Runnable task) {
    admitted.execute(task);
  }

  /** Whether the calling thread serves a request that must be answered with 503. */
  boolean isTurnedAway() {
    return turnedAway.get();
  }

  /** How many requests run or wait for a thread; a snapshot. */
  int count() {
    return admitted.getActiveCount() + admitted.getQueue().size();
  }

  /** Whether {@link #end()} was called. */
  boolean isEnded() {
    return admitted.isShutdown();
  }

  /** Turns every further request away; those already admitted go on, the waiting ones too. */
  void end() {
    admitted.shutdown();
  }

  /**
   * Waits for what was admitted before {@link #end()}.
   *
   * @return how many requests were still running or waiting when the time was up
   */
  int awaitAdmitted(Duration timeout) throws InterruptedException {
    if (admitted.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      refused.shutdown();
      refused.awaitTermination(LAST_REFUSALS.toMillis(), TimeUnit.MILLISECONDS);
      return 0;
    }
    return count();
  }

  /** Ends all threads now, interrupting what they run. */
  void abort() {
    admitted.shutdownNow();
    refused.shutdownNow();
  }

  private void turnAway(Runnable task) {
    refused.execute(
        () -> {
          turnedAway.set(true);
          task.run();
        });
  }
}
