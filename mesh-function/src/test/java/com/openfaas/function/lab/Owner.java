package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Who is behind a pod: the Deployment of its ReplicaSet, or what else made it, or nobody. */
final class Owner {
  private final String namespace;
  private final Optional<OwnerReference> reference;

  private Owner(String namespace, Optional<OwnerReference> reference) {
    this.namespace = namespace;
    this.reference = reference;
  }

  static Owner of(HasMetadata object, String namespace, KubernetesClient client) {
    Optional<OwnerReference> direct =
        object.getMetadata().getOwnerReferences().stream().findFirst();
    Optional<OwnerReference> root =
        direct
            .filter(owner -> owner.getKind().equals("ReplicaSet"))
            .map(owner -> replicaSet(client, namespace, owner.getName()))
            .flatMap(set -> set.getMetadata().getOwnerReferences().stream().findFirst());
    return new Owner(namespace, root.isPresent() ? root : direct);
  }

  private static ReplicaSet replicaSet(KubernetesClient client, String namespace, String name) {
    return client.apps().replicaSets().inNamespace(namespace).withName(name).get();
  }

  String name() {
    return reference.map(OwnerReference::getName).orElse("");
  }

  /** The label that names the owner on an injected pod, such as linkerd.io/proxy-deployment. */
  Optional<String> proxyLabel() {
    return reference.map(owner -> "linkerd.io/proxy-" + owner.getKind().toLowerCase(Locale.ROOT));
  }

  /** A pod without an owner, as in a dry run, leaves no event. */
  void record(KubernetesClient client, String reason, String message) {
    reference.ifPresent(
        owner ->
            client
                .resource(
                    new EventBuilder()
                        .withNewMetadata()
                        .withGenerateName(owner.getName() + ".")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewInvolvedObject()
                        .withApiVersion(owner.getApiVersion())
                        .withKind(owner.getKind())
                        .withName(owner.getName())
                        .withNamespace(namespace)
                        .withUid(owner.getUid())
                        .endInvolvedObject()
                        .withType("Normal")
                        .withReason(reason)
                        .withMessage(message)
                        .withNewSource()
                        .withComponent("linkerd-proxy-injector")
                        .endSource()
                        .withFirstTimestamp(Instant.now().toString())
                        .withLastTimestamp(Instant.now().toString())
                        .withCount(1)
                        .build())
                .create());
  }
}
