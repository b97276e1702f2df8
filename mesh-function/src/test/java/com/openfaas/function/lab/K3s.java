package com.openfaas.function.lab;

import io.fabric8.kubernetes.client.Config;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.Testcontainers;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A cluster with a real kubelet: k3s in a container. It reaches servers of this JVM through the
 * tunnel that Testcontainers opens for each exposed port.
 */
final class K3s {
  private static final String IMAGE = "rancher/k3s:v1.34.1-k3s1";

  private K3s() {}

  static Cluster start() throws NoClusterException {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new NoClusterException("no Docker answers, and k3s needs one");
    }
    DockerImageName image = DockerImageName.parse(System.getProperty("mesh.test.k3s.image", IMAGE));
    K3sContainer container =
        new K3sContainer(image.asCompatibleSubstituteFor("rancher/k3s")).withAccessToHost(true);
    container.start();
    RunnablePods pods = new RunnablePods();
    Cluster cluster =
        Cluster.named("k3s", Config.fromKubeconfig(container.getKubeConfigYaml()))
            .reachedAt("host.testcontainers.internal", Testcontainers::exposeHostPorts)
            .endedBy(
                () -> {
                  container.stop();
                  pods.close();
                })
            .build();
    pods.install(cluster);
    return cluster;
  }
}
