package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionRequest;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/** A mutating webhook of a test: it admits every object, perhaps changed. */
final class WebhookServer implements AutoCloseable {
  /** The JSON patch operations for an object, none to leave it as it is. */
  interface Mutation {
    List<Map<String, Object>> of(AdmissionRequest request) throws InterruptedException;
  }

  private final Mutation mutation;
  private final TestCertificate certificate = TestCertificate.shared();
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final SocketChannel reserved;
  private final InetSocketAddress address;
  private ExecutorService workers;
  private HttpsServer server;
  private volatile boolean stopped;

  WebhookServer(Mutation mutation) {
    this.mutation = mutation;
    try {
      this.reserved = reserved();
      this.address = (InetSocketAddress) reserved.getLocalAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bound, and listening never: so nobody else gets the port while the webhook is stopped. */
  private static SocketChannel reserved() throws IOException {
    return SocketChannel.open()
        .setOption(StandardSocketOptions.SO_REUSEADDR, true)
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** Listens, always on the same port. */
  void start() {
    try {
      server = HttpsServer.create(address, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    stopped = false;
    workers = Executors.newCachedThreadPool();
    server.setExecutor(workers);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.sslContext()));
    server.createContext("/", this::handle);
    server.start();
  }

  /** From now on its connections are refused; what it is about to answer is broken off. */
  void stop() {
    stopped = true;
    server.stop(0);
    workers.shutdownNow();
  }

  /**
   * Until the API server asks it, which learns of a webhook a moment after it is stored.
   *
   * @param question makes it ask, if it knows of the webhook, and stores nothing
   */
  void awaitAsked(Runnable question) {
    Awaitility.await("the API server asks the webhook")
        .atMost(Duration.ofMinutes(5))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        // It may know the one before still, of the same name, which must be there and is not.
        .ignoreException(KubernetesClientException.class)
        .until(() -> isAsked(question));
  }

  /** Whether the API server asks it this. */
  boolean isAsked(Runnable question) {
    int before = asked.get();
    question.run();
    return asked.get() > before;
  }

  int port() {
    return address.getPort();
  }

  String caBundle() {
    return certificate.caBundle();
  }

  /** One operation of a patch; adding a member that is there replaces it. */
  static Map<String, Object> set(String path, Object value) {
    return Map.of("op", "add", "path", path, "value", value);
  }

  private void handle(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    try {
      // An API server that hangs up is an IOException, and no failure of the webhook.
      byte[] request = exchange.getRequestBody().readAllBytes();
      AdmissionReview review =
          Serialization.unmarshal(new String(request, UTF_8), AdmissionReview.class);
      review.setResponse(answer(review.getRequest()));
      review.setRequest(null);
      byte[] body = Serialization.asJson(review).getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (RuntimeException e) {
      // The API server would take this for an absent webhook, and no test would know. What was
      // broken off may end only when it listens again.
      if (!stopped && exchange.getHttpContext().getServer() == server) {
        failure.compareAndSet(null, e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private AdmissionResponse answer(AdmissionRequest request) throws InterruptedException {
    AdmissionResponse response = new AdmissionResponse();
    response.setUid(request.getUid());
    response.setAllowed(true);
    List<Map<String, Object>> operations = mutation.of(request);
    if (!operations.isEmpty()) {
      byte[] patch = Serialization.asJson(operations).getBytes(UTF_8);
      response.setPatchType("JSONPatch");
      response.setPatch(Base64.getEncoder().encodeToString(patch));
    }
    return response;
  }

  @Override
  public void close() {
    stop();
    try {
      reserved.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (failure.get() != null) {
      throw new IllegalStateException("the webhook failed to answer", failure.get());
    }
  }
}
