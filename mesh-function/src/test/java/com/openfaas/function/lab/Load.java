package com.openfaas.function.lab;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Calls functions through the gateway at a constant rate, one after the other, whatever becomes of
 * the calls before. What a halt of this machine has held up is not sent at once afterwards: a pod
 * that ends just then would take all of it along. A call is a POST, which no client tries again by
 * itself; it failed unless it was answered 200.
 */
public final class Load implements AutoCloseable {
  public static final int PER_SECOND = 50;
  private static final int MOST_IN_FLIGHT = 200;
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(65);

  private final FakeGateway gateway;
  private final List<String> functions;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ThreadPoolExecutor callers =
      new ThreadPoolExecutor(
          PER_SECOND, MOST_IN_FLIGHT, 10, TimeUnit.SECONDS, new SynchronousQueue<>());
  private final long began = System.nanoTime();
  private final List<Failure> failures = new ArrayList<>();
  private final List<Long> nanos = new ArrayList<>();
  private final ScheduledFuture<?> ticks;
  private int sent;
  private long slowestAtMillis;

  private Load(FakeGateway gateway, List<String> functions, int perSecond) {
    this.gateway = gateway;
    this.functions = List.copyOf(functions);
    long period = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.ticks = clock.scheduleWithFixedDelay(this::tick, 0, period, TimeUnit.NANOSECONDS);
  }

  /** Fifty calls a second, spread over the functions. */
  public static Load start(FakeGateway gateway, List<String> functions) {
    return start(gateway, functions, PER_SECOND);
  }

  public static Load start(FakeGateway gateway, List<String> functions, int perSecond) {
    return new Load(gateway, functions, perSecond);
  }

  /** Until so many more calls have an end, good or bad. */
  public Load await(int calls) {
    int wanted = result().ended() + calls;
    Awaitility.await(calls + " calls")
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> result().ended() >= wanted);
    return this;
  }

  /** No more calls; waits for those in flight. */
  public Result stop() {
    ticks.cancel(false);
    clock.shutdown();
    try {
      // A tick that is under way still has its call, which none may turn away.
      if (!clock.awaitTermination(2, TimeUnit.MINUTES)) {
        throw new IllegalStateException("a tick without an end: " + result());
      }
      callers.shutdown();
      if (!callers.awaitTermination(CALL_TIMEOUT.plusSeconds(5).toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("calls without an end: " + result());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return result();
  }

  /** What has come of the calls so far. */
  public synchronized Result result() {
    return new Result(sent, nanos, failures, slowestAtMillis);
  }

  private void tick() {
    String function = next();
    try {
      callers.execute(() -> call(function));
    } catch (RejectedExecutionException e) {
      failed(function, "more than " + MOST_IN_FLIGHT + " calls in flight");
    }
  }

  private synchronized String next() {
    return functions.get(sent++ % functions.size());
  }

  private void call(String function) {
    long sentAt = System.nanoTime();
    HttpRequest request =
        HttpRequest.newBuilder(gateway.function(function))
            .timeout(CALL_TIMEOUT)
            .header("Content-Type", "text/plain")
            .POST(BodyPublishers.ofString("load"))
            .build();
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() == 200) {
        succeeded(System.nanoTime() - sentAt);
      } else {
        failed(function, answer.statusCode() + " " + answer.body());
      }
    } catch (IOException e) {
      failed(function, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void succeeded(long took) {
    if (nanos.stream().allMatch(other -> other < took)) {
      slowestAtMillis = millisSinceBegin();
    }
    nanos.add(took);
  }

  private synchronized void failed(String function, String cause) {
    failures.add(new Failure(millisSinceBegin(), function, cause));
  }

  private long millisSinceBegin() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  @Override
  public void close() {
    stop();
  }

  /** A call that was not answered 200. */
  public static final class Failure {
    /** Since the load began. */
    public final long atMillis;

    public final String function;
    public final String cause;

    Failure(long atMillis, String function, String cause) {
      this.atMillis = atMillis;
      this.function = function;
      this.cause = cause;
    }

    @Override
    public String toString() {
      return atMillis + " ms " + function + ": " + cause;
    }
  }

  /** Counts, and how long the good calls took. */
  public static final class Result {
    public final int sent;
    public final int ok;
    public final List<Failure> failed;
    public final double p99Millis;
    public final double maxMillis;

    /** When the slowest good call ended, since the load began: the first call warms up the JVM. */
    public final long slowestAtMillis;

    Result(int sent, List<Long> nanos, List<Failure> failed, long slowestAtMillis) {
      List<Long> sorted = new ArrayList<>(nanos);
      Collections.sort(sorted);
      this.sent = sent;
      this.ok = sorted.size();
      this.failed = List.copyOf(failed);
      this.p99Millis = millis(sorted, 0.99);
      this.maxMillis = millis(sorted, 1);
      this.slowestAtMillis = slowestAtMillis;
    }

    int ended() {
      return ok + failed.size();
    }

    private static double millis(List<Long> sorted, double share) {
      int rank = (int) Math.ceil(sorted.size() * share);
      return rank == 0 ? 0 : sorted.get(rank - 1) / 1e6;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d sent, %d ok, %d failed, p99 %.1f ms, max %.1f ms (at %d ms)%s",
          sent,
          ok,
          failed.size(),
          p99Millis,
          maxMillis,
          slowestAtMillis,
          failed.isEmpty() ? "" : " " + failed);
    }
  }
}
