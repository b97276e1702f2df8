package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionRequest;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands in for Linkerd's proxy-injector: an admission webhook that answers as the real one does.
 * It can be stopped, be slow, or admit pods without injecting them.
 */
public final class Injector implements AutoCloseable {
  private final KubernetesClient client;
  private final String controlPlane;
  private final TestCertificate certificate = TestCertificate.shared();
  private final SharedIndexInformer<Namespace> namespaces;
  private final ExecutorService eventWriter = Executors.newSingleThreadExecutor();
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private volatile ProxyConfig config;
  private volatile Duration delay = Duration.ZERO;
  private volatile boolean silent;
  private ExecutorService workers;
  private HttpsServer server;
  private int port;

  Injector(KubernetesClient client, String controlPlane, ProxyConfig config) {
    this.client = client;
    this.controlPlane = controlPlane;
    this.config = config;
    // Like the real one it reads namespaces from a cache that a watch keeps, a little late.
    this.namespaces = client.namespaces().inform();
    start();
  }

  /** Listens, again on the port it had before. */
  public void start() {
    try {
      server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    port = server.getAddress().getPort();
    workers = Executors.newCachedThreadPool();
    server.setExecutor(workers);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.sslContext()));
    server.createContext("/", this::handle);
    server.start();
  }

  /** From now on its connections are refused. */
  public void stop() {
    server.stop(0);
    workers.shutdownNow();
  }

  public void config(ProxyConfig config) {
    this.config = config;
  }

  public ProxyConfig config() {
    return config;
  }

  public void slowBy(Duration delay) {
    this.delay = delay;
  }

  /** Admits every pod as it is, like an injector that has not read its configuration. */
  public void admitWithoutInjecting(boolean silent) {
    this.silent = silent;
  }

  int port() {
    return port;
  }

  String caBundle() {
    return certificate.caBundle();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try {
      AdmissionReview review =
          Serialization.unmarshal(exchange.getRequestBody(), AdmissionReview.class);
      TimeUnit.MILLISECONDS.sleep(delay.toMillis());
      review.setResponse(answer(review.getRequest()));
      review.setRequest(null);
      byte[] body = Serialization.asJson(review).getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (RuntimeException e) {
      // The API server would take this for an absent injector, and no test would know.
      failure.compareAndSet(null, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private AdmissionResponse answer(AdmissionRequest request) {
    AdmissionResponse response = new AdmissionResponse();
    response.setUid(request.getUid());
    response.setAllowed(true);
    if (silent) {
      return response;
    }
    Admission admission =
        new Admission(client, controlPlane, config, annotationsOf(request.getNamespace()));
    Optional<String> patch = admission.patch(request);
    patch.ifPresent(
        json -> {
          response.setPatchType("JSONPatch");
          response.setPatch(json);
        });
    eventWriter.execute(admission::recordEvent);
    return response;
  }

  private Map<String, String> annotationsOf(String name) {
    return Optional.ofNullable(namespaces.getStore().getByKey(name))
        .map(namespace -> namespace.getMetadata().getAnnotations())
        .orElse(Map.of());
  }

  @Override
  public void close() {
    stop();
    namespaces.close();
    endEventWriter();
    if (failure.get() != null) {
      throw new IllegalStateException("the injector failed to answer", failure.get());
    }
  }

  private void endEventWriter() {
    eventWriter.shutdown();
    try {
      if (!eventWriter.awaitTermination(5, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the injector's events are not written");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
