package com.openfaas.function.verify;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Kubectl;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Workload;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The two GETs of verify: a proxy's metrics, and a function's health through the gateway. The same
 * clients for all runs; they connect only when used.
 *
 * <p>Metrics are read at the pod's own address, port 4191, without any permission from the API
 * server. This works with and without a proxy in our pod: the callee's iptables do not redirect
 * 4191 into its proxy, so the proxy's admin server answers itself, over TLS as well as plaintext
 * (linkerd2-proxy linkerd/app/admin/src/stack.rs). A function reaches its own pod over loopback,
 * which iptables do not redirect either.
 */
public final class ProofClient {
  private static final int ADMIN_PORT = 4191;
  private static final Duration METRICS_TIME = Duration.ofSeconds(4);

  private static final Duration HEALTH_TIME = Duration.ofSeconds(6);
  private static final long MOST_HEALTH = 64 * 1024;

  /** Most characters of an error answer to quote. */
  private static final int MOST_SAID = 200;

  private final Duration metricsTime;
  private final Duration healthTime;
  private final long heap;

  /** The gateway's name may be long in resolving, which is to hold up no reading of metrics. */
  private final ProofHttp gateways = new ProofHttp();

  private final ProofHttp pods = new ProofHttp();

  public ProofClient() {
    this(METRICS_TIME, HEALTH_TIME, Runtime.getRuntime().maxMemory());
  }

  /**
   * A client with these limits.
   *
   * @param metricsTime for all of a proxy's metrics
   * @param healthTime for a function's health
   * @param heap bytes, of which a part is for the metrics of all pods together
   */
  ProofClient(Duration metricsTime, Duration healthTime, long heap) {
    this.metricsTime = metricsTime;
    this.healthTime = healthTime;
    this.heap = heap;
  }

  /**
   * What the pod's proxy has counted so far, or why it could not be read.
   *
   * @param platform for the command that permits reading if a policy denies it
   */
  Reading<Metrics> metrics(ScrapeTarget target, List<Workload> platform)
      throws InterruptedException {
    Workload workload = target.workload;
    PodView pod = target.pod;
    String chosen = pod.annotations.get(Annotations.ADMIN_PORT);
    int port = chosen == null ? ADMIN_PORT : Ports.number(chosen);
    if (port == 0) {
      return Reading.failed(noSuchPort(workload, pod));
    }
    if (pod.ip.isEmpty()) {
      return Reading.failed(unreadable(workload, "pod " + pod.name + " has no address"));
    }
    URI uri = URI.create(pod.url(port) + "/metrics");
    String of = "the metrics of pod " + pod.name + ", " + uri + ": ";
    MetricsReader reader = new MetricsReader(target.kept(heap), target.room.wanted);
    BoundedLines body = new BoundedLines(target.room.read, reader::line);
    try {
      int status = pods.get(uri, metricsTime, body);
      if (reader.isFull()) {
        return Reading.failed(tooLarge(workload, of));
      }
      if (status == 200) {
        return Reading.of(reader.metrics());
      }
      return Reading.failed(
          status == 403
              ? new Problem(
                  Code.METRICS_FORBIDDEN,
                  workload.subject(),
                  of + "403, a policy denies them",
                  Kubectl.allowScrapes(platform, workload.namespace))
              : unreadable(workload, of + "status " + status));
    } catch (IOException e) {
      if (reader.isFull()) {
        return Reading.failed(tooLarge(workload, of));
      }
      String message = of + e.getMessage();
      return Reading.failed(
          body.isTooLong() ? noMetrics(workload, message) : unreadable(workload, message));
    }
  }

  /**
   * Calls the function's watchdog through the gateway; the function itself does not run.
   *
   * @return why there was no good answer; null if there was
   */
  Problem health(URI gateway, Workload function) throws InterruptedException {
    URI uri = URI.create(gateway + function.gatewayPath() + "/_/health");
    try {
      StringBuilder said = new StringBuilder();
      int status =
          gateways.get(uri, healthTime, new BoundedLines(MOST_HEALTH, line -> keep(said, line)));
      return status < 300
          ? null
          : unanswered(function, uri, status(status, said), function.describe());
    } catch (IOException e) {
      return unanswered(
          function,
          uri,
          String.valueOf(e.getMessage()),
          "is it running? gateway_url in stack.yml must name it: kubectl get services -A -l"
              + " app=gateway");
    }
  }

  /** Enough of the answer to explain the failure, on one line and without control characters. */
  private static void keep(StringBuilder said, String line) {
    String clean = line.replaceAll("\\p{C}", " ").trim();
    int room = MOST_SAID - said.length();
    if (room > 0 && !clean.isEmpty()) {
      said.append(said.length() == 0 ? "" : " ").append(clean, 0, Math.min(room, clean.length()));
    }
  }

  private static String status(int status, StringBuilder said) {
    return "status " + status + (said.length() == 0 ? "" : ", \"" + said + "\"");
  }

  /** The value is a tenant's and is not repeated. */
  private static Problem noSuchPort(Workload workload, PodView pod) {
    return new Problem(
        Code.METRICS_UNREADABLE,
        workload.subject(),
        "pod " + pod.name + ": its annotation " + Annotations.ADMIN_PORT + " is no port number",
        "remove the annotation, or set it to a number from 1 to 65535, and restart the pod");
  }

  private static Problem tooLarge(Workload workload, String of) {
    return new Problem(
        Code.METRICS_TOO_LARGE,
        workload.subject(),
        of + "they list more callers and targets than fit in memory",
        "verify fewer functions at a time ({\"functions\": [...]}), or give mesh-setup a larger heap,"
            + " by its memory limit in stack.yml");
  }

  private static Problem noMetrics(Workload workload, String message) {
    String hint = "see what answers there: a proxy's metrics are shorter";
    return new Problem(Code.METRICS_TOO_LARGE, workload.subject(), message, hint);
  }

  private static Problem unreadable(Workload workload, String message) {
    return new Problem(
        Code.METRICS_UNREADABLE,
        workload.subject(),
        message,
        "mesh-setup's pod must reach the proxy's admin port ("
            + ADMIN_PORT
            + ", or what the pod's annotation "
            + Annotations.ADMIN_PORT
            + " says); see NetworkPolicies");
  }

  private static Problem unanswered(Workload function, URI uri, String what, String hint) {
    return new Problem(
        Code.HEALTH_UNANSWERED, function.subject(), "GET " + uri + ": " + what, hint);
  }
}
