package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;

/**
 * Stands in for the proxies of the gateway's pods and of the function pods: a pod that was injected
 * tells, on its own address and port 4191, of the real requests that passed the fake gateway.
 *
 * <p>Modelled: between two pods with a proxy requests go over TLS, and both proxies count them with
 * the other's identity; from or to a pod without one they go in plaintext, and the proxy that there
 * is counts them so. What comes in to a function is judged by its proxy, where a test has policies.
 * Scrapes count, and with each of them a kubelet's probe. Not modelled: encryption itself, other
 * ports, forgetting what was idle.
 */
public final class FakeProxies implements AutoCloseable {
  private static final int ADMIN = 4191;

  /** A header of the lab's own: the uid of the gateway's pod that passes the call on. */
  static final String FROM = "Lab-From";

  /** The same, of the tests: the identity of a caller past the gateway. */
  public static final String AS = "Lab-As";

  /** How long a call may take: so long that it only ends what hangs. */
  public static final int LONGEST_MILLIS = 300_000;

  private final ExecutorService workers = Executors.newFixedThreadPool(16);
  private final Map<String, Pod> pods = new ConcurrentHashMap<>();
  private final Map<String, ProxyMetrics> metrics = new ConcurrentHashMap<>();
  private final Map<String, HttpServer> servers = new HashMap<>();
  private final Set<String> denied = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> swollen = new ConcurrentHashMap<>();
  private final Map<String, Runnable> whenCalled = new ConcurrentHashMap<>();
  private final ProxyLabels labels;
  private volatile InboundPolicy policy;
  private boolean closed;

  FakeProxies(String linkerd) {
    this.labels = new ProxyLabels(linkerd);
  }

  /** From now on they judge what comes in by the policy objects of the API. */
  void judgeBy(InboundPolicy objects) {
    policy = objects;
  }

  /** As if all proxies that are there had begun so much earlier. */
  public void age(Duration by) {
    metrics.values().forEach(each -> each.age(by.toMillis()));
  }

  /**
   * Whether the pod's proxy lets the call in, which it counts; without a proxy nobody judges. The
   * caller is the gateway's pod that {@link #FROM} names, who {@link #AS} says, or mesh-setup's.
   */
  boolean admits(Pod to, HttpExchange call) {
    ProxyMetrics own = metrics.get(to.getMetadata().getUid());
    if (policy == null || own == null || !ProxyLabels.isInjected(to)) {
      return true;
    }
    return judged(to, client(call), call.getRequestMethod(), call.getRequestURI().getPath());
  }

  private boolean judged(Pod to, String client, String method, String path) {
    InboundPolicy.Verdict verdict = policy.judge(to, client, method, path);
    String tls =
        client == null
            ? "tls=\"no_identity\",no_tls_reason=\"no_tls_from_remote\""
            : "tls=\"true\",client_id=\"" + client + "\"";
    String at = ProxyLabels.target(to.getStatus().getPodIP(), 8080);
    metrics
        .get(to.getMetadata().getUid())
        .judge(verdict.admitted, at + "," + verdict.labels + "," + tls);
    return verdict.admitted;
  }

  private String client(HttpExchange call) {
    String as = call.getRequestHeaders().getFirst(AS);
    if (as != null) {
      return as;
    }
    String from = call.getRequestHeaders().getFirst(FROM);
    boolean ours = "mesh-setup".equals(call.getRequestHeaders().getFirst("User-Agent"));
    return pods.values().stream()
        .filter(
            pod ->
                from == null
                    ? ours && "mesh-setup".equals(ProxyLabels.name(pod))
                    : pod.getMetadata().getUid().equals(from))
        .filter(ProxyLabels::isInjected)
        .map(labels::identity)
        .findFirst()
        .orElse(null);
  }

  /**
   * Calls a pod of the function past the gateway; gives the status.
   *
   * @param account of the caller, as {@code NAMESPACE/ACCOUNT}; empty: it has no proxy
   */
  public int callPast(String account, String function, String path) throws IOException {
    Pod to =
        Awaitility.await("a ready pod of " + function)
            .pollDelay(Duration.ZERO)
            .until(() -> ready(function), Optional::isPresent)
            .orElseThrow();
    URI uri = URI.create("http://" + to.getStatus().getPodIP() + ":8080" + path);
    HttpURLConnection call = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
    call.setReadTimeout(LONGEST_MILLIS);
    if (!account.isEmpty()) {
      call.setRequestProperty(AS, labels.identity(account));
    }
    return call.getResponseCode();
  }

  /** One that goes may be there still. */
  private Optional<Pod> ready(String function) {
    return pods.values().stream()
        .filter(pod -> function.equals(ProxyLabels.name(pod)) && Endpoints.isReady(pod))
        .findFirst();
  }

  /** An inbound policy denies the metrics of this app or function, or does so no longer. */
  public void deny(String name, boolean yes) {
    if (yes) {
      denied.add(name);
    } else {
      denied.remove(name);
    }
  }

  /** The pods of this app or function tell so many bytes from now on, of ever more callers. */
  public void swell(String name, int bytes) {
    swollen.put(name, bytes);
  }

  /** Runs once, when the gateway has had an answer of this function and not yet passed it on. */
  public void whenCalled(String function, Runnable action) {
    whenCalled.put(function, action);
  }

  /**
   * Whether the pod has a proxy. By uid: a pod may get the address of one that is gone, from the
   * lab's kubelets as from real ones.
   */
  public synchronized boolean isMeshed(String uid) {
    return servers.containsKey(uid);
  }

  synchronized void follow(Pod pod) {
    String uid = pod.getMetadata().getUid();
    String address = pod.getStatus().getPodIP();
    if (!closed && address != null && "Running".equals(pod.getStatus().getPhase())) {
      if (ProxyLabels.isInjected(pod) && !servers.containsKey(uid)) {
        metrics.put(uid, new ProxyMetrics(System.currentTimeMillis()));
        servers.put(
            uid, PodServers.listen(pod, ADMIN, workers, "/metrics", call -> tell(pod, call)));
      }
      // Last: whoever finds a pod counts for it.
      pods.put(uid, pod);
    }
  }

  synchronized void gone(String uid) {
    pods.remove(uid);
    PodServers.stop(servers.remove(uid));
  }

  /**
   * A request went through the gateway's pod to the pod at this address.
   *
   * @param probe whether it hit the path of the pod's probes
   */
  void passed(String gateway, String address, boolean probe, int status, double millis) {
    Pod from = pods.get(gateway);
    Pod to =
        pods.values().stream()
            .filter(pod -> address.equals(pod.getStatus().getPodIP()))
            .findFirst()
            .orElse(null);
    if (from == null || to == null) {
      return;
    }
    if (ProxyLabels.isInjected(from)) {
      metrics.get(gateway).count(labels.outbound(to), status, millis);
    }
    if (ProxyLabels.isInjected(to)) {
      String client = ProxyLabels.isInjected(from) ? labels.identity(from) : null;
      metrics
          .get(to.getMetadata().getUid())
          .count(ProxyLabels.inbound(to, client, probe), status, millis);
    }
    Runnable action = whenCalled.remove(String.valueOf(ProxyLabels.name(to)));
    if (action != null) {
      action.run();
    }
  }

  private void tell(Pod pod, HttpExchange call) throws IOException {
    ProxyMetrics own = metrics.get(pod.getMetadata().getUid());
    if (denied.contains(String.valueOf(ProxyLabels.name(pod)))) {
      Forward.answer(call, 403, new byte[0]);
      return;
    }
    Integer bytes = swollen.get(String.valueOf(ProxyLabels.name(pod)));
    if (bytes != null) {
      ProxyMetrics.tellOfCallers(pod, bytes, call);
      return;
    }
    String text = own.text(System.currentTimeMillis());
    own.count(
        ProxyLabels.plain("0.0.0.0", ADMIN)
            + ProxyLabels.authorized(ADMIN, "default", "all-unauthenticated"),
        200,
        0);
    own.count(ProxyLabels.inbound(pod, null, true), 200, 0.2);
    // The probe that counts with it asks the API server, for which no scrape of a real one waits.
    Forward.answer(call, 200, text.getBytes(UTF_8));
    if (policy != null) {
      judged(pod, null, "GET", "/_/health");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    servers.values().forEach(PodServers::stop);
    servers.clear();
    workers.shutdownNow();
  }
}
