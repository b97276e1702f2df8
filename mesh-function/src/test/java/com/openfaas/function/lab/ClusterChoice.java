package com.openfaas.function.lab;

import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.Testcontainers;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Which cluster to test on: the one a kubeconfig names (MESH_TEST_KUBECONFIG), else the lab, else
 * k3s through Docker.
 */
final class ClusterChoice {
  private static final String K3S_IMAGE = "rancher/k3s:v1.34.1-k3s1";

  private ClusterChoice() {}

  static Cluster find() throws NoClusterException {
    String given = setting("MESH_TEST_KUBECONFIG", "");
    if (!given.isEmpty()) {
      return Cluster.named("given", Config.fromKubeconfig(new File(given)))
          .reachedAt(setting("mesh.test.host", "127.0.0.1"), port -> {})
          .build();
    }
    Path script = Paths.get(setting("mesh.test.lab", "../build/lab/lab"));
    if (!Files.isExecutable(script)) {
      return k3s("there is no lab at " + script.toAbsolutePath().normalize());
    }
    try {
      return Lab.start(script);
    } catch (NoClusterException e) {
      return k3s(e.getMessage());
    }
  }

  private static Cluster k3s(String whyNoLab) throws NoClusterException {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new NoClusterException(whyNoLab + ", and no Docker answers to run k3s");
    }
    DockerImageName image =
        DockerImageName.parse(setting("mesh.test.k3s.image", K3S_IMAGE))
            .asCompatibleSubstituteFor("rancher/k3s");
    K3sContainer container = new K3sContainer(image);
    container.withAccessToHost(true);
    container.start();
    return Cluster.named("k3s", Config.fromKubeconfig(container.getKubeConfigYaml()))
        .reachedAt("host.testcontainers.internal", Testcontainers::exposeHostPorts)
        .endedBy(container::stop)
        .build();
  }

  /** A system property, or else an environment variable of the same name. */
  private static String setting(String name, String otherwise) {
    String environment = System.getenv().getOrDefault(name, otherwise);
    return System.getProperty(name, environment);
  }
}
