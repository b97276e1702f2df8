package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.Connection.ServerClock;
import com.openfaas.function.cluster.LocalClient;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Answers GETs with what a test put there, and 404 else. It is no Kubernetes and proves nothing
 * about one: it shows what we make of given answers.
 */
final class CannedApi implements AutoCloseable {
  private final HttpServer server;
  private final KubernetesClient client;
  private final Map<String, String> bodies = new ConcurrentHashMap<>();
  private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  CannedApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    client = LocalClient.of(server.getAddress().getPort());
  }

  Cluster cluster() {
    return new Cluster(client, new ServerClock(Clock.systemUTC()), () -> Duration.ofMinutes(1));
  }

  CannedApi answers(String path, String json) {
    refusals.remove(path);
    bodies.put(path, json);
    return this;
  }

  /** A list of the kind, of items without kind. */
  CannedApi lists(String path, String kind, String... items) {
    return answers(
        path,
        "{\"kind\":\""
            + kind
            + "\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"7\"},\"items\":["
            + String.join(",", items)
            + "]}");
  }

  CannedApi refuses(String path, int status) {
    refusals.put(path, status);
    return this;
  }

  /** The paths that were asked for, in order. */
  List<String> asked() {
    return asked;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(path);
    int status = refusals.getOrDefault(path, bodies.containsKey(path) ? 200 : 404);
    String refusal =
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"no\",\"code\":"
            + status
            + "}";
    byte[] body = (status == 200 ? bodies.get(path) : refusal).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    client.close();
    server.stop(0);
  }
}
