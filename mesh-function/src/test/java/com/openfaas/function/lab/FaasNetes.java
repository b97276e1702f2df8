package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  static UnaryOperator<Deployment> replicas(int replicas) {
    return deployment ->
        new DeploymentBuilder(deployment).editSpec().withReplicas(replicas).endSpec().build();
  }

  /** faas-netes writes one and the same map on the Deployment and on its pod template. */
  static UnaryOperator<Deployment> annotated(Map<String, String> annotations) {
    return deployment ->
        new DeploymentBuilder(deployment)
            .editMetadata()
            .addToAnnotations(annotations)
            .endMetadata()
            .editSpec()
            .editTemplate()
            .editMetadata()
            .addToAnnotations(annotations)
            .endMetadata()
            .endTemplate()
            .endSpec()
            .build();
  }

  static UnaryOperator<Deployment> environment(String name, String value) {
    return deployment ->
        new DeploymentBuilder(deployment)
            .editSpec()
            .editTemplate()
            .editSpec()
            .editFirstContainer()
            .addToEnv(new EnvVar(name, value, null))
            .endContainer()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();
  }

  /** faas-netes cannot do this; people do it by hand. */
  static Deployment onHostNetwork(Deployment deployment) {
    return new DeploymentBuilder(deployment)
        .editSpec()
        .editTemplate()
        .editSpec()
        .withHostNetwork(true)
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  static UnaryOperator<Deployment> withSecret(String secret) {
    return deployment ->
        new DeploymentBuilder(deployment)
            .editSpec()
            .editTemplate()
            .editSpec()
            .addNewVolume()
            .withName(deployment.getMetadata().getName() + "-projected-secrets")
            .withNewProjected()
            .addNewSource()
            .withNewSecret()
            .withName(secret)
            .endSecret()
            .endSource()
            .endProjected()
            .endVolume()
            .editFirstContainer()
            .addNewVolumeMount()
            .withName(deployment.getMetadata().getName() + "-projected-secrets")
            .withMountPath("/var/openfaas/secrets")
            .withReadOnly(true)
            .endVolumeMount()
            .endContainer()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();
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
    return client
        .apps()
        .deployments()
        .inNamespace(namespace)
        .withName(name)
        .edit(
            live ->
                new DeploymentBuilder(live)
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
                    .build());
  }

  void delete(String name) {
    client.apps().deployments().inNamespace(namespace).withName(name).delete();
    client.services().inNamespace(namespace).withName(name).delete();
  }

  void deployMany(int n) {
    IntStream.rangeClosed(1, n)
        .parallel()
        .forEach(i -> deploy("fn-" + i, UnaryOperator.identity()));
  }
}
