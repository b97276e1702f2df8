package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Makes and changes functions as OpenFaaS' faas-netes does. */
final class FaasNetes {
  private final KubernetesClient client;
  private final String namespace;

  FaasNetes(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  Deployment deploy(String name) {
    return deploy(name, UnaryOperator.identity());
  }

  Deployment deploy(String name, UnaryOperator<Deployment> change) {
    List<HasMetadata> objects =
        Manifests.objects(client, "function.yaml", Map.of("functions", namespace, "name", name));
    Deployment deployment = change.apply((Deployment) objects.get(0));
    client.resource(objects.get(1)).create();
    return client.resource(deployment).create();
  }

  /** Both annotation maps are replaced, and the label uid rolls the pods whatever has changed. */
  Deployment update(String name, Map<String, String> given) {
    Map<String, String> annotations = new HashMap<>(Map.of("prometheus.io.scrape", "false"));
    annotations.putAll(given);
    return Conflicts.retried(
        () ->
            client
                .apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .edit(live -> with(annotations, live)));
  }

  private static Deployment with(Map<String, String> annotations, Deployment live) {
    return new DeploymentBuilder(live)
        .editMetadata()
        .withAnnotations(annotations)
        .endMetadata()
        .editSpec()
        .editTemplate()
        .editMetadata()
        .withAnnotations(annotations)
        .addToLabels("uid", String.valueOf(System.nanoTime()))
        .endMetadata()
        .endTemplate()
        .endSpec()
        .build();
  }

  void delete(String name) {
    client.apps().deployments().inNamespace(namespace).withName(name).delete();
    client.services().inNamespace(namespace).withName(name).delete();
  }

  void deployMany(int first, int last) {
    ExecutorService workers = Executors.newFixedThreadPool(8);
    try {
      CompletableFuture.allOf(
              IntStream.rangeClosed(first, last)
                  .mapToObj(i -> CompletableFuture.runAsync(() -> deploy("fn-" + i), workers))
                  .toArray(CompletableFuture[]::new))
          .join();
    } finally {
      workers.shutdownNow();
    }
  }
}
