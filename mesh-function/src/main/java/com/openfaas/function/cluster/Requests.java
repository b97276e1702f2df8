package com.openfaas.function.cluster;

import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Problem;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Makes requests: counts them, tries again where that may help, and turns what goes wrong into a
 * problem. No request, all its tries together, lasts longer than ten seconds, or than what is left
 * of the time it is asked in; when nothing is left, none is sent.
 */
final class Requests {
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final long FIRST_PAUSE_MILLIS = 200;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int INTERNAL_ERROR = 500;

  private final AtomicInteger count;
  private final Supplier<Duration> remaining;
  private final OwnProxy proxy;

  /**
   * @param remaining what is left of the time; never negative
   */
  Requests(Supplier<Duration> remaining, OwnProxy proxy) {
    this(new AtomicInteger(), remaining, proxy);
  }

  private Requests(AtomicInteger count, Supplier<Duration> remaining, OwnProxy proxy) {
    this.count = count;
    this.remaining = remaining;
    this.proxy = proxy;
  }

  /** Counts with these, and has another time. */
  Requests within(Supplier<Duration> other) {
    return new Requests(count, other, proxy);
  }

  int count() {
    return count.get();
  }

  /**
   * Makes one request, and tries it again while the server is busy, ails, or cannot be reached.
   *
   * @param verb as RBAC calls it
   * @param subject on what, as {@code deployments in openfaas-fn}
   */
  <T> T ask(String verb, String subject, Request<T> request) throws ClusterException {
    Deadline deadline = deadline(verb, subject);
    for (long pause = FIRST_PAUSE_MILLIS; ; pause *= 2) {
      try {
        return request.send(deadline);
      } catch (KubernetesClientException e) {
        if (!isTransient(e) || deadline.left().toMillis() <= pause) {
          throw problem(e, verb, subject, deadline);
        }
        pause(pause, e);
      }
    }
  }

  /** Makes one request, once: its failure is the answer, and asking again would not better it. */
  <T> T askOnce(String verb, String subject, Request<T> request) throws ClusterException {
    Deadline deadline = deadline(verb, subject);
    try {
      return request.send(deadline);
    } catch (KubernetesClientException e) {
      throw problem(e, verb, subject, deadline);
    }
  }

  private Deadline deadline(String verb, String subject) throws ClusterException {
    Duration left = remaining.get();
    if (left.toMillis() <= 0) {
      throw timeOver("cannot " + verb + ": the time of this run was over before", subject, null);
    }
    count.incrementAndGet();
    boolean ofTheRun = left.compareTo(LONGEST) < 0;
    return new Deadline(ofTheRun ? left : LONGEST, ofTheRun);
  }

  private ClusterException problem(
      KubernetesClientException e, String verb, String subject, Deadline deadline) {
    if (deadline.ofTheRun && e.getCause() instanceof SocketTimeoutException) {
      return proxy.suspected(
          timeOver(
              "cannot "
                  + verb
                  + ": the API server did not answer within "
                  + deadline.whole.toMillis()
                  + " ms, all that was left of this run's time",
              subject,
              e));
    }
    ClusterException problem = KubeErrors.of(e, verb, subject);
    return problem.problem.is(Code.API_UNREACHABLE) ? proxy.suspected(problem) : problem;
  }

  private static ClusterException timeOver(String message, String subject, Throwable cause) {
    return new ClusterException(
        new Problem(
            Code.TIME_OVER,
            subject,
            message,
            "nothing is lost: see whether the API server is slow: kubectl get --raw"
                + " /readyz?verbose; then raise mesh_budget in stack.yml, or go on: invoke again"),
        cause);
  }

  private static boolean isTransient(KubernetesClientException e) {
    int code = e.getCode();
    boolean unanswered = code <= 0 && e.getCause() instanceof IOException;
    return (unanswered && !Thread.currentThread().isInterrupted())
        || code == TOO_MANY_REQUESTS
        || code >= INTERNAL_ERROR;
  }

  private static void pause(long millis, KubernetesClientException why) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw why;
    }
  }

  /** One try, which throws as the client does. */
  interface Request<T> {
    T send(Deadline deadline);
  }

  /** When the last try of a request must have ended. */
  static final class Deadline {
    private final long start = System.nanoTime();
    private final Duration whole;

    /** Whether it is the run's end, and not that of a request's longest time. */
    private final boolean ofTheRun;

    private Deadline(Duration whole, boolean ofTheRun) {
      this.whole = whole;
      this.ofTheRun = ofTheRun;
    }

    /** Zero, or less, when it is over. */
    Duration left() {
      return whole.minusNanos(System.nanoTime() - start);
    }

    IOException late() {
      return new SocketTimeoutException("no complete answer within " + whole.toMillis() + " ms");
    }
  }
}
