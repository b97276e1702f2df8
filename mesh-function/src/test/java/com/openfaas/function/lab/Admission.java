package com.openfaas.function.lab;

import static com.openfaas.function.lab.WebhookServer.set;
import static java.net.HttpURLConnection.HTTP_FORBIDDEN;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionRequest;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One request to the injector: what it changes, and the event it leaves on the owner. */
final class Admission {
  private final KubernetesClient client;
  private final String controlPlane;
  private final ProxyConfig config;
  private final Map<String, String> namespaceAnnotations;
  private Runnable event = () -> {};

  Admission(
      KubernetesClient client,
      String controlPlane,
      ProxyConfig config,
      Map<String, String> namespaceAnnotations) {
    this.client = client;
    this.controlPlane = controlPlane;
    this.config = config;
    this.namespaceAnnotations = namespaceAnnotations;
  }

  List<Map<String, Object>> patch(AdmissionRequest request) {
    HasMetadata object = (HasMetadata) request.getObject();
    return object instanceof Pod ? pod((Pod) object, request.getNamespace()) : opaquePorts(object);
  }

  void recordEvent() {
    try {
      event.run();
    } catch (KubernetesClientException e) {
      boolean unanswered = e.getCode() <= 0;
      if (!unanswered && e.getCode() != HTTP_FORBIDDEN && e.getCode() != HTTP_NOT_FOUND) {
        throw e;
      }
      // A namespace on its way out takes no events, nor does an API server that has no time; the
      // real injector's are lost then as well.
    }
  }

  private List<Map<String, Object>> pod(Pod pod, String namespace) {
    Owner owner = Owner.of(pod, namespace, client);
    List<String> reasons = InjectionDecision.reasonsAgainst(namespaceAnnotations, pod);
    if (!reasons.isEmpty()) {
      String message = "Linkerd sidecar proxy injection skipped: " + String.join(", ", reasons);
      event = () -> owner.record(client, "InjectionSkipped", message);
      return opaquePorts(pod);
    }
    event = () -> owner.record(client, "Injected", "Linkerd sidecar proxy injected");
    new ProxyInjection(config, controlPlane, namespaceAnnotations).inject(pod, namespace, owner);
    List<Map<String, Object>> operations = new ArrayList<>();
    operations.add(set("/metadata/annotations", pod.getMetadata().getAnnotations()));
    operations.add(set("/metadata/labels", pod.getMetadata().getLabels()));
    operations.add(set("/spec/initContainers", pod.getSpec().getInitContainers()));
    operations.add(set("/spec/containers", pod.getSpec().getContainers()));
    operations.add(set("/spec/volumes", pod.getSpec().getVolumes()));
    return operations;
  }

  private List<Map<String, Object>> opaquePorts(HasMetadata object) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return OpaquePorts.annotationFor(object, namespaceAnnotations)
        .map(ports -> Manifests.with(annotations, OpaquePorts.ANNOTATION, ports))
        .map(all -> List.of(set("/metadata/annotations", all)))
        .orElse(List.of());
  }
}
