package com.openfaas.function.lab;

import static com.openfaas.function.lab.WebhookServer.set;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionRequest;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;

/**
 * Gives a real kubelet something that it can run, for the images of OpenFaaS and Linkerd would want
 * a working platform around them. A webhook swaps image and command of every container just before
 * its pod is stored. The rest is as in the lab: Deployments, what the injector adds, probes,
 * volumes, security contexts, the arguments of linkerd-init.
 *
 * <p>The image is agnhost, which Kubernetes' own tests run. A container with a readiness probe
 * answers on its port, whatever the path; another one waits for its end; an init container that is
 * no sidecar ends at once. So each probe is really made, but no packet passes a proxy.
 */
final class RunnablePods implements AutoCloseable {
  private static final String IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.56";

  private final String image = System.getProperty("mesh.test.k3s.workload.image", IMAGE);
  private final WebhookServer server = new WebhookServer(this::patch);

  RunnablePods() {
    server.start();
  }

  void install(Cluster cluster) {
    cluster.expose(server.port());
    String url = "https://" + cluster.testHost + ":" + server.port() + "/";
    Map<String, String> values = Map.of("url", url, "caBundle", server.caBundle());
    try (KubernetesClient admin = cluster.client()) {
      Manifests.objects(admin, "runnable-pods.yaml", values)
          .forEach(object -> admin.resource(object).create());
    }
  }

  private List<Map<String, Object>> patch(AdmissionRequest request) {
    PodSpec spec = ((Pod) request.getObject()).getSpec();
    for (Container container : spec.getInitContainers()) {
      // arguments stay, for mesh-setup reads them
      container.setCommand(List.of("/bin/true"));
      if ("Always".equals(container.getRestartPolicy())) {
        keepRunning(container);
      }
    }
    spec.getContainers().forEach(RunnablePods::keepRunning);
    spec.getInitContainers().forEach(this::setImage);
    spec.getContainers().forEach(this::setImage);
    return List.of(
        set("/spec/initContainers", spec.getInitContainers()),
        set("/spec/containers", spec.getContainers()));
  }

  private static void keepRunning(Container container) {
    Probe probe = container.getReadinessProbe();
    container.setArgs(List.of());
    container.setCommand(
        probe == null
            ? List.of("/agnhost", "pause")
            : server(probe.getHttpGet().getPort().getValue()));
  }

  /** Its /healthz is well only with a UDP port, and containers of a pod cannot share one. */
  private static List<String> server(Object port) {
    return List.of("/agnhost", "netexec", "--http-port=" + port, "--udp-port=" + port);
  }

  private void setImage(Container container) {
    container.setImage(image);
    container.setImagePullPolicy("IfNotPresent");
  }

  @Override
  public void close() {
    server.close();
  }
}
