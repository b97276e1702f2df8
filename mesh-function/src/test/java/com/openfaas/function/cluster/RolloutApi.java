package com.openfaas.function.cluster;

import static com.openfaas.function.cluster.FakeRollout.NAMESPACES;
import static com.openfaas.function.cluster.FakeRollout.deployments;
import static com.openfaas.function.cluster.FakeRollout.pods;
import static com.openfaas.function.cluster.StoredObjects.tree;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openfaas.function.cluster.Connection.ServerClock;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Namespaces, Deployments and their pods over HTTP: listed, watched from where a list ended, and
 * changed by merge patches, after which new pods are up at once, or never. What a real cluster
 * does, the lab's tests show; this shows what we make of one that does as a test says.
 */
public final class RolloutApi implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WEBHOOKS =
      "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final KubernetesClient client;
  private final StoredObjects objects = new StoredObjects();
  private final FakeRollout rollouts = new FakeRollout(objects);
  private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final AtomicInteger watching = new AtomicInteger();
  private volatile String silent = "nothing";
  private final AtomicInteger era = new AtomicInteger();

  public RolloutApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    client = LocalClient.of(server.getAddress().getPort());
    objects.collection(NAMESPACES);
    objects.collection(WEBHOOKS);
    objects.put(
        WEBHOOKS,
        tree(
            "{metadata: {name: linkerd-proxy-injector-webhook-config},"
                + " webhooks: [{clientConfig: {service: {namespace: linkerd}}}]}"));
  }

  public Cluster cluster() {
    return new Cluster(client, new ServerClock(Clock.systemUTC()), () -> Duration.ofMinutes(1));
  }

  public void namespace(String name) {
    objects.collection(pods(name));
    objects.collection(deployments(name));
    objects.put(NAMESPACES, tree("{metadata: {name: " + name + ", annotations: {}}}"));
  }

  /** A Deployment whose pods serve, without a proxy. */
  public void deploy(String namespace, String name, int replicas) {
    rollouts.deploy(namespace, name, replicas);
  }

  /** What becomes of the pods that a Deployment makes with a proxy, or was to make with one. */
  public void fate(String name, Fate fate) {
    rollouts.fates.put(name, fate);
  }

  /**
   * From now on it is answered so.
   *
   * @param request a method, or WATCH, and how its path ends
   * @param status 200: no longer; a negative one: once
   */
  public void answers(String request, int status) {
    refusals.put(request, status);
  }

  /** From now on watches of this say nothing, and do not end: "pods", say. */
  public void silence(String resource) {
    silent = resource;
  }

  /** Methods and paths, in order. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /** Names of what was patched, in order. */
  public List<String> patched() {
    return asked.stream()
        .filter(request -> request.startsWith("PATCH "))
        .map(request -> request.substring(request.lastIndexOf('/') + 1))
        .collect(Collectors.toList());
  }

  public Map<String, String> annotations(String namespace, String name) {
    return texts(objects.get(deployments(namespace), name).at("/metadata/annotations"));
  }

  public Map<String, String> templateAnnotations(String namespace, String name) {
    return texts(
        objects.get(deployments(namespace), name).at("/spec/template/metadata/annotations"));
  }

  /** Somebody else changes a Deployment. */
  public void patch(String namespace, String name, String yaml) {
    rollouts.patch(deployments(namespace), name, tree(yaml));
  }

  public void delete(String namespace, String name) {
    objects.remove(
        deployments(namespace), object -> object.at("/metadata/name").asText().equals(name));
  }

  /** Each watch says something, and nothing is another than before. */
  public void stir() {
    objects.tellAll("MODIFIED");
  }

  /** Each watch ends, as an API server ends them now and then. */
  public void endWatches() {
    era.incrementAndGet();
    objects.tellAll("BOOKMARK");
  }

  /** How many watches are listened to: each has just been sent something. */
  public int watching() {
    objects.tellAll("BOOKMARK");
    return watching.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    String method = query.contains("watch=true") ? "WATCH" : exchange.getRequestMethod();
    JsonNode sent = JSON.readTree(exchange.getRequestBody());
    asked.add(method + " " + path);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    try {
      int status = status(method + " " + path);
      if (status == 200 && method.equals("WATCH")) {
        exchange.sendResponseHeaders(200, 0);
        watch(exchange.getResponseBody(), path, query);
        return;
      }
      JsonNode answer = status == 200 ? answer(method, path, query, sent) : null;
      status = answer == null && status == 200 ? 404 : status;
      JsonNode refusal = tree("{kind: Status, status: Failure, message: no, code: " + status + "}");
      byte[] body = (answer == null ? refusal : answer).toString().getBytes(UTF_8);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    } finally {
      exchange.close();
    }
  }

  private int status(String request) {
    for (Map.Entry<String, Integer> refusal : refusals.entrySet()) {
      int space = refusal.getKey().indexOf(' ');
      if (request.startsWith(refusal.getKey().substring(0, space + 1))
          && request.endsWith(refusal.getKey().substring(space + 1))) {
        int status = refusal.getValue();
        refusals.computeIfPresent(refusal.getKey(), (key, now) -> now < 0 ? 200 : now);
        return Math.abs(status);
      }
    }
    return 200;
  }

  private JsonNode answer(String method, String path, String query, JsonNode sent) {
    int slash = path.lastIndexOf('/');
    String collection = path.substring(0, slash);
    String name = path.substring(slash + 1);
    if (method.equals("POST")) {
      return sent;
    }
    if (method.equals("PATCH")) {
      return rollouts.patch(collection, name, sent);
    }
    JsonNode list = objects.list(path, object -> isSelected(object, query));
    return list == null ? objects.get(collection, name) : list;
  }

  private static boolean isSelected(JsonNode object, String query) {
    return !query.contains("labelSelector=faas_function")
        || object.path("metadata").path("labels").has("faas_function");
  }

  private void watch(OutputStream out, String path, String query) throws IOException {
    int at = Integer.parseInt(query.replaceFirst(".*resourceVersion=", ""));
    int born = era.get();
    watching.incrementAndGet();
    try {
      for (var next = objects.after(at);
          next != null && born == era.get();
          next = objects.after(++at)) {
        if (next.collection.equals(path) && !path.endsWith(silent)) {
          out.write(next.line().getBytes(UTF_8));
          out.flush();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      watching.decrementAndGet();
    }
  }

  private static Map<String, String> texts(JsonNode annotations) {
    return annotations.properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().asText()));
  }

  @Override
  public void close() {
    client.close();
    objects.end();
    server.stop(0);
    threads.shutdownNow();
  }

  /** What becomes of pods that ask for a proxy. */
  public enum Fate {
    COMES_UP,
    /** With a proxy, and never ready. */
    STAYS_DOWN,
    /** Ready, and the injector did not act. */
    COMES_UP_BARE
  }
}
