package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/**
 * The watchdogs of the function pods: each pod whose container runs answers on its own address,
 * port 8080, from then until the API no longer knows it. A pod that is being deleted still takes
 * and answers calls, as of-watchdog does for its healthcheck_interval; when it is gone, its calls
 * are cut and its port refuses. Not modelled: the SIGTERM that the function's process gets.
 */
public final class FunctionPods implements AutoCloseable {
  private static final int PORT = 8080;

  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, HttpHandler> handlers = new ConcurrentHashMap<>();
  private final Map<String, HttpServer> servers = new HashMap<>();
  private final Map<String, Integer> own = new ConcurrentHashMap<>();
  private boolean closed;

  private final FakeProxies proxies;

  FunctionPods(FakeProxies proxies) {
    this.proxies = proxies;
  }

  /** The pods of a function, as the API has them. */
  public static List<Pod> of(TestPlatform platform, String function) {
    return platform
        .admin()
        .pods()
        .inNamespace(platform.functions())
        .withLabel("faas_function", function)
        .list()
        .getItems();
  }

  /** A pod with one container, of no function and no workload; the API does not have it yet. */
  public static Pod stray(String namespace, String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("main")
        .withImage("example.org/x:1")
        .endContainer()
        .endSpec()
        .build();
  }

  /**
   * Deploys or edits a function such that its pods drain for five seconds, where the lab's pods are
   * gone 50 ms after they were deleted: for so long this JVM may halt, and faas-netes' stand-in has
   * forgotten a pod before it is gone. A real one takes up to its grace period of 30 s.
   */
  public static UnaryOperator<Deployment> draining() {
    return Change.templateAnnotated(Map.of("lab.mesh-setup/terminates-after", "5s"));
  }

  /** Behind this function's watchdogs is a process that listens there, whichever pod is called. */
  public void process(String function, URI process) {
    answer(function, call -> forward(call, process));
  }

  /** What the pods of this function do with a call; others answer with their name at once. */
  public void answer(String function, HttpHandler handler) {
    handlers.put(function, handler);
  }

  /** The process itself, without a watchdog, answers all but a GET with this status; 0: no more. */
  public void withoutWatchdog(String function, int status) {
    own.put(function, status);
  }

  /**
   * Follows the pod: it listens as long as its container runs. What an informer tells while this
   * closes comes too late.
   */
  synchronized void follow(Pod pod) {
    String uid = pod.getMetadata().getUid();
    if (!runs(pod)) {
      gone(uid);
    } else if (!closed && !servers.containsKey(uid)) {
      servers.put(uid, PodServers.listen(pod, PORT, workers, "/", call -> watchdog(pod, call)));
    }
  }

  synchronized void gone(String uid) {
    PodServers.stop(servers.remove(uid));
  }

  private static boolean runs(Pod pod) {
    String function = function(pod);
    return pod.getStatus().getPodIP() != null
        && pod.getStatus().getContainerStatuses().stream()
            .filter(container -> container.getName().equals(function))
            .anyMatch(container -> container.getState().getRunning() != null);
  }

  private void watchdog(Pod pod, HttpExchange call) throws IOException {
    String path = call.getRequestURI().getPath();
    if (!proxies.admits(pod, call)) {
      Forward.answer(call, 403, new byte[0]);
      return;
    }
    int bare = own.getOrDefault(function(pod), 0);
    if (bare != 0 && !call.getRequestMethod().equals("GET")) {
      Forward.answer(call, bare, new byte[0]);
      return;
    }
    if (path.equals("/_/health") && !call.getRequestMethod().equals("GET")) {
      // classic-watchdog handler.go and of-watchdog pkg/watchdog.go, makeHealthHandler
      Forward.answer(call, 405, new byte[0]);
      return;
    }
    if (path.equals("/_/health") || path.equals("/_/ready")) {
      Forward.answer(call, 200, "OK".getBytes(UTF_8));
      return;
    }
    handlers
        .getOrDefault(function(pod), any -> Forward.answer(any, 200, name(pod).getBytes(UTF_8)))
        .handle(call);
  }

  private void forward(HttpExchange call, URI process) throws IOException {
    try {
      URI to = process.resolve(call.getRequestURI().toString());
      HttpResponse<byte[]> answer =
          client.send(Forward.request(call, to, Map.of()).build(), BodyHandlers.ofByteArray());
      Forward.answer(call, answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static String function(Pod pod) {
    return pod.getMetadata().getLabels().get("faas_function");
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getName();
  }

  @Override
  public synchronized void close() {
    closed = true;
    servers.values().forEach(PodServers::stop);
    servers.clear();
    workers.shutdownNow();
  }
}
