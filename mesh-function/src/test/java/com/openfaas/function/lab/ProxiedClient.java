package com.openfaas.function.lab;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.Map;

/** A Kubernetes client that comes the way the function does, with patience of its own. */
final class ProxiedClient {
  private ProxiedClient() {}

  static KubernetesClient open(ApiFaults api, int retries, boolean onlyHttpWatches) {
    Map<String, String> environment = api.environment();
    String host = environment.get("KUBERNETES_SERVICE_HOST");
    String port = environment.get("KUBERNETES_SERVICE_PORT");
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("https://" + host + ":" + port)
            .withCaCertFile(Path.of(environment.get("secret_mount_path"), "ca.crt").toString())
            .withOauthTokenProvider(api::token)
            .withRequestRetryBackoffLimit(retries)
            .withRequestRetryBackoffInterval(100)
            .withWatchReconnectInterval(100)
            .withOnlyHttpWatches(onlyHttpWatches)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }
}
