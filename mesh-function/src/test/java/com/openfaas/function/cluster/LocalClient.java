package com.openfaas.function.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * The client of what stands for an API server on this machine: it tries nothing twice by itself.
 */
public final class LocalClient {
  static {
    // A busy machine may take its time; what never comes fails all the same.
    Awaitility.setDefaultTimeout(Duration.ofMinutes(2));
  }

  private LocalClient() {}

  public static KubernetesClient of(int port) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + port)
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }
}
