package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.awaitility.Awaitility;

/** A namespace of functions that is being deleted, and cannot go before it is closed. */
public final class GoingNamespace implements AutoCloseable {
  private final KubernetesClient admin;
  private final ConfigMap held;

  private GoingNamespace(KubernetesClient admin, ConfigMap held) {
    this.admin = admin;
    this.held = held;
  }

  public static GoingNamespace of(TestPlatform platform, String name) {
    KubernetesClient admin = platform.admin();
    Namespace namespace =
        new NamespaceBuilder()
            .withNewMetadata()
            .withName(platform.clusterScoped(name))
            .addToAnnotations("openfaas", "1")
            .endMetadata()
            .build();
    ConfigMap held =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName("held")
            .withNamespace(platform.clusterScoped(name))
            .withFinalizers("lab.mesh-setup/held")
            .endMetadata()
            .build();
    admin.resource(namespace).create();
    admin.resource(held).create();
    admin.resource(namespace).delete();
    return new GoingNamespace(admin, held);
  }

  public String name() {
    return held.getMetadata().getNamespace();
  }

  @Override
  public void close() {
    admin
        .resource(held)
        .edit(
            map -> new ConfigMapBuilder(map).editMetadata().withFinalizers().endMetadata().build());
    Awaitility.await("the namespace is gone")
        .until(() -> admin.namespaces().withName(name()).get() == null);
  }
}
