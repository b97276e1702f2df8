package com.openfaas.function.cluster;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.ControlPlane.ProxyDefaults;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Problem;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Makes requests: counts them, retries where that may help, and turns failures into problems. A
 * request takes at most ten seconds with all its retries, and no more than the time left; if none
 * is left, it is not sent.
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
   * @param remaining the time left; never negative
   */
  Requests(Supplier<Duration> remaining, OwnProxy proxy) {
    this(new AtomicInteger(), remaining, proxy);
  }

  private Requests(AtomicInteger count, Supplier<Duration> remaining, OwnProxy proxy) {
    this.count = count;
    this.remaining = remaining;
    this.proxy = proxy;
  }

  /** Shares the count; has its own time limit. */
  Requests within(Supplier<Duration> other) {
    return new Requests(count, other, proxy);
  }

  int count() {
    return count.get();
  }

  /**
   * Makes one request, and retries it while the server is busy, fails, or cannot be reached.
   *
   * @param verb the RBAC verb
   * @param subject its object, such as {@code deployments in openfaas-fn}
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

  /** Makes one request without a retry: its failure is the answer. */
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
    ClusterException problem = ClusterException.of(e, verb, subject);
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

  /** One try; throws as the client does. */
  interface Request<T> {
    T send(Deadline deadline);
  }

  /** When the last try of a request must have ended. */
  static final class Deadline {
    private final long start = System.nanoTime();
    private final Duration whole;

    /** Whether the run's time set it, and not the limit of a single request. */
    private final boolean ofTheRun;

    private Deadline(Duration whole, boolean ofTheRun) {
      this.whole = whole;
      this.ofTheRun = ofTheRun;
    }

    /** Zero or less when the deadline has passed. */
    Duration left() {
      return whole.minusNanos(System.nanoTime() - start);
    }

    IOException late() {
      return new SocketTimeoutException("no complete answer within " + whole.toMillis() + " ms");
    }
  }

  /**
   * The Linkerd proxy of mesh-setup's own pod. Requests to the API server pass it unless it skips
   * that port; a new proxy without a control plane lets nothing through, which looks like a silent
   * API server (seen on a real cluster: 48 s, then the connection was closed).
   */
  static final class OwnProxy {
    /** The proxy's admin port (linkerd2 charts/partials/templates/_proxy.tpl). */
    private static final int ADMIN_PORT = 4191;

    private static final int CONNECT_MILLIS = 250;

    private final SocketAddress admin;
    private final String namespace;
    private final int apiPort;

    OwnProxy(SocketAddress admin, String namespace, int apiPort) {
      this.admin = admin;
      this.namespace = namespace;
      this.apiPort = apiPort;
    }

    static OwnProxy of(Config config) {
      int port = URI.create(config.getMasterUrl()).getPort();
      return new OwnProxy(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), ADMIN_PORT),
          config.getNamespace() == null ? "openfaas-fn" : config.getNamespace(),
          port < 0 ? 443 : port);
    }

    /** The error of an unanswered request; if the pod has a proxy, names it as a possible cause. */
    ClusterException suspected(ClusterException unanswered) {
      if (!isThere()) {
        return unanswered;
      }
      Problem problem = unanswered.problem;
      String ports =
          Ports.union(
              "443,6443", String.valueOf(apiPort), ProxyDefaults.OF_LINKERD.skipOutboundPorts);
      return new ClusterException(
          new Problem(
              problem.code,
              problem.subject,
              problem.message
                  + "; its requests pass the Linkerd proxy of mesh-setup's own pod, unless it skips"
                  + " port "
                  + apiPort,
              "linkerd check; if linkerd-destination is down, let mesh-setup bypass its proxy: kubectl"
                  + " -n "
                  + namespace
                  + " patch deployment mesh-setup --type merge -p"
                  + " '{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\""
                  + Annotations.SKIP_OUTBOUND_PORTS
                  + "\":\""
                  + ports
                  + "\"}}}}}'; "
                  + problem.hint),
          unanswered);
    }

    private boolean isThere() {
      try (Socket socket = new Socket()) {
        socket.connect(admin, CONNECT_MILLIS);
        return true;
      } catch (IOException e) {
        // Nothing listens: the pod has no proxy, or the proxy is not running.
        return false;
      }
    }
  }
}
