package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Stands in for the proxies of the gateway's pods and of the function pods: a pod that was injected
 * tells, on its own address and port 4191, of the real requests that passed the gateway's stand-in.
 *
 * <p>Modelled: between two pods with a proxy requests go over TLS, and both proxies count them with
 * the other's identity; from or to a pod without one they go in plaintext, and the proxy that there
 * is counts them so. Scrapes count, and with each of them a kubelet's probe. Not modelled:
 * encryption itself, other ports, forgetting what was idle.
 */
public final class ProxyStandIns implements AutoCloseable {
  private static final int ADMIN = 4191;

  private final ExecutorService workers = Executors.newFixedThreadPool(16);
  private final Map<String, Pod> pods = new ConcurrentHashMap<>();
  private final Map<String, ProxyMetrics> metrics = new ConcurrentHashMap<>();
  private final Map<String, HttpServer> servers = new HashMap<>();
  private final Set<String> denied = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> swollen = new ConcurrentHashMap<>();
  private final Map<String, Runnable> whenCalled = new ConcurrentHashMap<>();
  private final String linkerd;

  ProxyStandIns(String linkerd) {
    this.linkerd = linkerd;
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

  /** Whether the pod has a proxy. */
  synchronized boolean isMeshed(String uid) {
    return servers.containsKey(uid);
  }

  /** Whether the pod at this address tells anything. */
  public synchronized boolean answers(String address) {
    return servers.values().stream()
        .anyMatch(server -> server.getAddress().getAddress().getHostAddress().equals(address));
  }

  synchronized void follow(Pod pod) {
    String uid = pod.getMetadata().getUid();
    String address = pod.getStatus().getPodIP();
    if (address != null && "Running".equals(pod.getStatus().getPhase())) {
      pods.put(uid, pod);
      if (isInjected(pod) && !servers.containsKey(uid)) {
        metrics.put(uid, new ProxyMetrics(System.currentTimeMillis()));
        servers.put(uid, listen(pod, address));
      }
    }
  }

  synchronized void gone(String uid) {
    pods.remove(uid);
    HttpServer server = servers.remove(uid);
    if (server != null) {
      server.stop(0);
    }
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
    if (isInjected(from)) {
      metrics.get(gateway).count(outbound(to), status, millis);
    }
    if (isInjected(to)) {
      String client = isInjected(from) ? identity(from) : null;
      metrics.get(to.getMetadata().getUid()).count(inbound(to, client, probe), status, millis);
    }
    Runnable action = whenCalled.remove(String.valueOf(name(to)));
    if (action != null) {
      action.run();
    }
  }

  private HttpServer listen(Pod pod, String address) {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(address, ADMIN), 0);
      server.setExecutor(workers);
      server.createContext("/metrics", call -> tell(pod, call));
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(pod.getMetadata().getName() + " on " + address, e);
    }
  }

  private void tell(Pod pod, HttpExchange call) throws IOException {
    ProxyMetrics own = metrics.get(pod.getMetadata().getUid());
    if (denied.contains(String.valueOf(name(pod)))) {
      Forward.answer(call, 403, new byte[0]);
      return;
    }
    Integer bytes = swollen.get(String.valueOf(name(pod)));
    if (bytes != null) {
      tellOfCallers(pod, bytes, call);
      return;
    }
    String text = own.text(System.currentTimeMillis());
    own.count(
        plain("0.0.0.0", ADMIN) + authorized(ADMIN, "default", "all-unauthenticated"), 200, 0);
    own.count(inbound(pod, null, true), 200, 0.2);
    Forward.answer(call, 200, text.getBytes(UTF_8));
  }

  private static void tellOfCallers(Pod pod, int bytes, HttpExchange call) throws IOException {
    call.sendResponseHeaders(200, bytes);
    try (OutputStream body = call.getResponseBody()) {
      for (int left = bytes, i = 0; left > 0; i++) {
        String line = "request_total{" + inbound(pod, "caller-" + i, false) + "} " + i + "\n";
        int length = Math.min(left, line.length());
        body.write(line.getBytes(UTF_8), 0, length);
        left -= length;
      }
    }
  }

  private String outbound(Pod to) {
    String address = to.getStatus().getPodIP();
    String target = String.format("direction=\"outbound\",%s,", target(address, 8080));
    String owner =
        String.format(
            "dst_deployment=\"%s\",dst_namespace=\"%s\",dst_pod=\"%s\",dst_pod_template_hash=\"%s\","
                + "dst_serviceaccount=\"%s\",dst_zone=\"\"",
            name(to),
            to.getMetadata().getNamespace(),
            to.getMetadata().getName(),
            to.getMetadata().getLabels().get("pod-template-hash"),
            to.getSpec().getServiceAccountName());
    return isInjected(to)
        ? target
            + String.format(
                "tls=\"true\",server_id=\"%s\",dst_control_plane_ns=\"%s\",%s",
                identity(to), linkerd, owner)
        : target
            + "tls=\"no_identity\",no_tls_reason=\"not_provided_by_service_discovery\","
            + owner;
  }

  private static String inbound(Pod to, String client, boolean probe) {
    String name = probe ? "probe" : "default";
    String by = authorized(8080, name, probe ? "probe" : "all-unauthenticated");
    String address = to.getStatus().getPodIP();
    return client == null
        ? plain(address, 8080) + by
        : String.format(
            "direction=\"inbound\",%s,tls=\"true\",client_id=\"%s\",%s",
            target(address, 8080), client, by);
  }

  private static String plain(String address, int port) {
    return String.format(
        "direction=\"inbound\",%s,tls=\"no_identity\",no_tls_reason=\"no_tls_from_remote\",",
        target(address, port));
  }

  private static String target(String address, int port) {
    return String.format(
        "target_addr=\"%s:%d\",target_ip=\"%s\",target_port=\"%d\"", address, port, address, port);
  }

  private static String authorized(int port, String route, String by) {
    return String.format(
        "srv_group=\"\",srv_kind=\"default\",srv_name=\"all-unauthenticated\",srv_port=\"%d\","
            + "route_group=\"\",route_kind=\"default\",route_name=\"%s\","
            + "authz_group=\"\",authz_kind=\"default\",authz_name=\"%s\"",
        port, route, by);
  }

  private String identity(Pod pod) {
    return pod.getSpec().getServiceAccountName()
        + "."
        + pod.getMetadata().getNamespace()
        + ".serviceaccount.identity."
        + linkerd
        + ".cluster.local";
  }

  private static String name(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels.getOrDefault("faas_function", labels.get("app"));
  }

  private static boolean isInjected(Pod pod) {
    return Stream.concat(
            pod.getSpec().getContainers().stream(), pod.getSpec().getInitContainers().stream())
        .map(Container::getName)
        .anyMatch("linkerd-proxy"::equals);
  }

  @Override
  public synchronized void close() {
    servers.values().forEach(server -> server.stop(0));
    servers.clear();
    workers.shutdownNow();
  }
}
