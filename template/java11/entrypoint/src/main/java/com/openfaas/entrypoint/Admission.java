package com.openfaas.entrypoint;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Decides which requests run: at most {@code threads} concurrently, at most {@code queue} waiting
 * for a thread. The rest are turned away, as is every request after {@link #end()}.
 *
 * <p>A request turned away still runs, on one of a few reserved threads, because the server can
 * only answer through the task it hands over: dropping the task would drop the connection. The task
 * checks {@link #isTurnedAway()} and answers 503 without calling the handler.
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

  /** Turns further requests away; those already admitted continue, waiting ones included. */
  void end() {
    admitted.shutdown();
  }

  /**
   * Waits for what was admitted before {@link #end()}.
   *
   * @return how many requests were still running or waiting at the timeout
   */
  int awaitAdmitted(Duration timeout) throws InterruptedException {
    if (admitted.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      refused.shutdown();
      refused.awaitTermination(LAST_REFUSALS.toMillis(), TimeUnit.MILLISECONDS);
      return 0;
    }
    return count();
  }

  /** Stops all threads now, interrupting what they run. */
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
