package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What can be different about a Deployment, to deploy a function with or to edit a live one with.
 */
public final class Change {
  private Change() {}

  public static UnaryOperator<Deployment> replicas(int replicas) {
    return deployment ->
        new DeploymentBuilder(deployment).editSpec().withReplicas(replicas).endSpec().build();
  }

  /**
   * As a function's own annotations, which faas-netes writes on the Deployment and its template.
   */
  public static UnaryOperator<Deployment> annotated(Map<String, String> annotations) {
    return deployment ->
        new DeploymentBuilder(templateAnnotated(annotations).apply(deployment))
            .editMetadata()
            .addToAnnotations(annotations)
            .endMetadata()
            .build();
  }

  public static UnaryOperator<Deployment> templateAnnotated(Map<String, String> annotations) {
    return deployment ->
        new DeploymentBuilder(deployment)
            .editSpec()
            .editTemplate()
            .editOrNewMetadata()
            .addToAnnotations(annotations)
            .endMetadata()
            .endTemplate()
            .endSpec()
            .build();
  }

  /** As a `helm upgrade --force` leaves it: with what the chart says, and nothing else. */
  public static UnaryOperator<Deployment> withoutTemplateAnnotations() {
    return deployment ->
        new DeploymentBuilder(deployment)
            .editSpec()
            .editTemplate()
            .editMetadata()
            .withAnnotations(Map.of())
            .endMetadata()
            .endTemplate()
            .endSpec()
            .build();
  }

  /** Of a namespace. */
  public static UnaryOperator<Namespace> namespaceAnnotated(String key, String value) {
    return namespace ->
        new NamespaceBuilder(namespace)
            .editMetadata()
            .addToAnnotations(key, value)
            .endMetadata()
            .build();
  }

  /** How its pods behave in the lab: never-ready, crash-loop, slow (build/lab/kubelet.yaml). */
  public static UnaryOperator<Deployment> behaviour(String behaviour) {
    return templateAnnotated(Map.of("lab.mesh-setup/behaviour", behaviour));
  }

  /**
   * The same, but only of pods that have a proxy: never-ready, crash-loop, slow, proxy-never-ready.
   */
  public static UnaryOperator<Deployment> whenMeshed(String behaviour) {
    return templateAnnotated(Map.of("lab.mesh-setup/when-meshed", behaviour));
  }

  /** A pod serves, to a rollout, when it has been ready for so long. */
  public static UnaryOperator<Deployment> minReadySeconds(int seconds) {
    return deployment ->
        new DeploymentBuilder(deployment).editSpec().withMinReadySeconds(seconds).endSpec().build();
  }

  /** The old pods go before the new ones come. */
  public static UnaryOperator<Deployment> recreate() {
    return deployment ->
        new DeploymentBuilder(deployment)
            .editSpec()
            .withNewStrategy()
            .withType("Recreate")
            .endStrategy()
            .endSpec()
            .build();
  }

  public static UnaryOperator<Deployment> hostNetwork() {
    return deployment ->
        new DeploymentBuilder(deployment)
            .editSpec()
            .editTemplate()
            .editSpec()
            .withHostNetwork(true)
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();
  }

  /** An environment variable of the first container. */
  public static UnaryOperator<Deployment> environment(String name, String value) {
    return deployment ->
        new DeploymentBuilder(deployment)
            .editSpec()
            .editTemplate()
            .editSpec()
            .editFirstContainer()
            .removeMatchingFromEnv(variable -> variable.getName().equals(name))
            .addToEnv(new EnvVar(name, value, null))
            .endContainer()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();
  }

  /** A secret of the function, mounted as faas-netes mounts it. */
  public static UnaryOperator<Deployment> secret(String secret) {
    return deployment -> {
      String volume = deployment.getMetadata().getName() + "-projected-secrets";
      return new DeploymentBuilder(deployment)
          .editSpec()
          .editTemplate()
          .editSpec()
          .addNewVolume()
          .withName(volume)
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
          .withName(volume)
          .withMountPath("/var/openfaas/secrets")
          .withReadOnly(true)
          .endVolumeMount()
          .endContainer()
          .endSpec()
          .endTemplate()
          .endSpec()
          .build();
    };
  }
}
