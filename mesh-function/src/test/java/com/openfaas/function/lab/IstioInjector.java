package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionRequest;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * Puts istio-proxy into the pods of a namespace with the label istio-injection: enabled, as Istio's
 * webhook does, which is asked before Linkerd's: webhooks are asked in the order of their
 * configurations' names.
 */
public final class IstioInjector implements AutoCloseable {
  private final KubernetesClient client;
  private final String namespace;
  private final WebhookServer server = new WebhookServer(IstioInjector::patch);
  private final MutatingWebhookConfiguration configuration;

  /**
   * Listens.
   *
   * @param namespace the only one in which it is asked
   */
  public IstioInjector(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    server.start();
    this.configuration =
        new MutatingWebhookConfigurationBuilder()
            .withNewMetadata()
            .withName("istio-sidecar-injector")
            .endMetadata()
            .addNewWebhook()
            .withName("namespace.sidecar-injector.istio.io")
            .withSideEffects("None")
            .withAdmissionReviewVersions("v1")
            .withFailurePolicy("Fail")
            .withNewNamespaceSelector()
            .addToMatchLabels("istio-injection", "enabled")
            .addToMatchLabels("kubernetes.io/metadata.name", namespace)
            .endNamespaceSelector()
            .addNewRule()
            .withApiGroups("")
            .withApiVersions("v1")
            .withResources("pods")
            .withOperations("CREATE")
            .endRule()
            .withNewClientConfig()
            .withUrl("https://127.0.0.1:" + server.port() + "/")
            .withCaBundle(server.caBundle())
            .endClientConfig()
            .endWebhook()
            .build();
  }

  /** From now on it is asked, of the namespace's pods if that has its label. */
  public void install() {
    client.resource(configuration).create();
    server.awaitAsked(this::tryPod);
  }

  private void tryPod() {
    client.resource(FunctionPods.stray(namespace, "asked-about")).dryRun(true).create();
  }

  private static List<Map<String, Object>> patch(AdmissionRequest request) {
    Pod pod = (Pod) request.getObject();
    String at = "/spec/containers/" + pod.getSpec().getContainers().size();
    return List.of(
        WebhookServer.set(
            at,
            new ContainerBuilder()
                .withName("istio-proxy")
                .withImage("docker.io/istio/proxyv2:1.27.1")
                .build()));
  }

  @Override
  public void close() {
    client.resource(configuration).delete();
    // It would be missed: the API server takes a moment to forget it.
    Awaitility.await("Istio's webhook is not asked").until(() -> !server.isAsked(this::tryPod));
    server.close();
  }
}
