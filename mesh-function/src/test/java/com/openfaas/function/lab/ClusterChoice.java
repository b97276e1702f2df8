package com.openfaas.function.lab;

import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

/**
 * Which cluster to test on: the one a kubeconfig names (MESH_TEST_KUBECONFIG), else the lab, else
 * k3s through Docker. The property mesh.test.cluster, as the profiles set it, leaves but one of the
 * last two: lab or k3s.
 */
public final class ClusterChoice {
  private static final String TIER = System.getProperty("mesh.test.cluster", "lab, else k3s");

  private ClusterChoice() {}

  public static Cluster find() throws NoClusterException {
    String given = setting("MESH_TEST_KUBECONFIG", "");
    if (!given.isEmpty()) {
      return Cluster.named("given", Config.fromKubeconfig(new File(given)))
          .reachedAt(setting("mesh.test.host", "127.0.0.1"), port -> {})
          .build();
    }
    if (TIER.equals("k3s")) {
      return K3s.start();
    }
    try {
      return lab();
    } catch (NoClusterException e) {
      if (TIER.equals("lab")) {
        throw e;
      }
      return k3sInstead(e.getMessage());
    }
  }

  /** Who tests on k3s may have no Docker, and the lab's tests are there for that. */
  static boolean isOptional() {
    return TIER.equals("k3s");
  }

  private static Cluster lab() throws NoClusterException {
    Path script = Paths.get(setting("mesh.test.lab", "../build/lab/lab"));
    if (!Files.isExecutable(script)) {
      throw new NoClusterException("there is no lab at " + script.toAbsolutePath().normalize());
    }
    return Lab.start(script);
  }

  private static Cluster k3sInstead(String whyNoLab) throws NoClusterException {
    try {
      return K3s.start();
    } catch (NoClusterException e) {
      throw new NoClusterException(whyNoLab + "; and " + e.getMessage());
    }
  }

  /** A system property, or else an environment variable of the same name. */
  private static String setting(String name, String otherwise) {
    String environment = System.getenv().getOrDefault(name, otherwise);
    return System.getProperty(name, environment);
  }
}
