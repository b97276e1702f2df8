package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionRequest;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Stands in for Linkerd's proxy-injector: an admission webhook that answers as the real one does.
 * It can be stopped, be slow, or admit pods without injecting them.
 */
public final class Injector implements AutoCloseable {
  private final KubernetesClient client;
  private final String controlPlane;
  private final WebhookServer server = new WebhookServer(this::patch);
  private final SharedIndexInformer<Namespace> namespaces;
  private final ExecutorService eventWriter = Executors.newSingleThreadExecutor();
  private volatile ProxyConfig config;
  private volatile Duration delay = Duration.ZERO;
  private volatile boolean silent;

  Injector(KubernetesClient client, String controlPlane, ProxyConfig config) {
    this.client = client;
    this.controlPlane = controlPlane;
    this.config = config;
    // Like the real one it reads namespaces from a cache that a watch keeps, a little late.
    this.namespaces = client.namespaces().inform();
    start();
  }

  /** Listens, always on the same port. */
  public void start() {
    server.start();
  }

  /** From now on its connections are refused. */
  public void stop() {
    server.stop();
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

  /** Until the API server, in which its webhook is stored, asks it about what is made there. */
  void awaitAsked(String namespace) {
    Service service =
        new ServiceBuilder()
            .withNewMetadata()
            .withName("asked-about")
            .withNamespace(namespace)
            .endMetadata()
            .withNewSpec()
            .addNewPort()
            .withPort(80)
            .endPort()
            .endSpec()
            .build();
    server.awaitAsked(() -> client.resource(service).dryRun().create());
  }

  /** Until its cache, which is a little late, has the namespace's annotations. */
  public void awaitKnown(Namespace namespace) {
    Awaitility.await("the injector knows " + namespace.getMetadata().getName())
        .pollDelay(Duration.ZERO)
        .until(
            () ->
                annotationsOf(namespace.getMetadata().getName())
                    .equals(namespace.getMetadata().getAnnotations()));
  }

  int port() {
    return server.port();
  }

  String caBundle() {
    return server.caBundle();
  }

  private List<Map<String, Object>> patch(AdmissionRequest request) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(delay.toMillis());
    if (silent) {
      return List.of();
    }
    Admission admission =
        new Admission(client, controlPlane, config, annotationsOf(request.getNamespace()));
    List<Map<String, Object>> operations = admission.patch(request);
    eventWriter.execute(admission::recordEvent);
    return operations;
  }

  private Map<String, String> annotationsOf(String name) {
    return Optional.ofNullable(namespaces.getStore().getByKey(name))
        .map(namespace -> namespace.getMetadata().getAnnotations())
        .orElse(Map.of());
  }

  @Override
  public void close() {
    try {
      server.close();
    } finally {
      namespaces.close();
      endEventWriter();
    }
  }

  private void endEventWriter() {
    eventWriter.shutdown();
    try {
      if (!eventWriter.awaitTermination(5, TimeUnit.MINUTES)) {
        throw new IllegalStateException("the injector's events are not written");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
