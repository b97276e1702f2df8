package com.openfaas.function.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.openfaas.function.cluster.Connection.ServerClock;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One Lease over HTTP, with the guard against two writers that the API server has: what is sent
 * must have the version that is there. What an API server really does, LeaseIT shows.
 */
public final class LeaseApi implements AutoCloseable {
  private static final KubernetesSerialization JSON =
      new KubernetesSerialization(new ObjectMapper(), true);

  private final HttpServer server;
  private final KubernetesClient client;
  private Lease lease;
  private int version;
  private int failing;
  private boolean losing;
  private int writes;
  private int refused;

  public LeaseApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    client = LocalClient.of(server.getAddress().getPort());
  }

  public Cluster cluster(Supplier<Duration> remaining) {
    return new Cluster(client, new ServerClock(Clock.systemUTC()), remaining);
  }

  /** From now on every request is answered with this; 0: as it should be. */
  public synchronized void fails(int status) {
    failing = status;
  }

  /** The next write is stored, and its answer is lost on the way. */
  public synchronized void losesTheNextAnswer() {
    losing = true;
  }

  /** Somebody else changes it. */
  public synchronized void edit(Consumer<Lease> change) {
    change.accept(lease);
    lease.getMetadata().setResourceVersion(String.valueOf(++version));
  }

  public synchronized void delete() {
    lease = null;
  }

  /** A copy of what is there; null where there is none. */
  public synchronized Lease lease() {
    return lease == null ? null : JSON.clone(lease);
  }

  public synchronized String holder() {
    return lease == null ? null : lease.getSpec().getHolderIdentity();
  }

  /** How many writes were accepted. */
  public synchronized int writes() {
    return writes;
  }

  /** How many requests were answered by a failure that the test has asked for. */
  public synchronized int refused() {
    return refused;
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    int status = failing == 0 ? status(exchange) : failing;
    refused += failing == 0 ? 0 : 1;
    String refusal =
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":"
            + status
            + "}";
    byte[] body = (status < 300 ? JSON.asJson(lease) : refusal).getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private int status(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("GET")) {
      return lease == null ? 404 : 200;
    }
    Lease sent = JSON.unmarshal(exchange.getRequestBody(), Lease.class);
    String there = lease == null ? null : lease.getMetadata().getResourceVersion();
    if (there == null
        ? sent.getMetadata().getResourceVersion() != null
        : !there.equals(sent.getMetadata().getResourceVersion())) {
      return 409;
    }
    lease = sent;
    lease.getMetadata().setResourceVersion(String.valueOf(++version));
    writes++;
    boolean lost = losing;
    losing = false;
    return lost ? 503 : 200;
  }

  @Override
  public void close() {
    client.close();
    server.stop(0);
  }
}
