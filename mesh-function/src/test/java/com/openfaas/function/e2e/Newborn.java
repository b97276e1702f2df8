package com.openfaas.function.e2e;

import com.google.gson.JsonObject;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.time.Duration;

/**
 * A function that is deployed through the gateway when the platform is meshed, and taken away
 * again. Its image is mesh-setup's own, which the cluster has: without its secret and account it
 * can do nothing, and nobody calls it.
 */
final class Newborn {
  static final String NAME = "mesh-setup-e2e";

  /** Images are there, and probes are waited for. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final OpenFaas platform;
  private final Gateway gateway;
  private final String image;

  Newborn(OpenFaas platform, Gateway gateway, String image) {
    this.platform = platform;
    this.gateway = gateway;
    this.image = image == null ? platform.image() : image;
  }

  boolean isThere() {
    return platform.deployment(platform.functions, NAME) != null;
  }

  /** Until it serves. */
  void come(Deadline deadline) throws IOException {
    Answer deployed = gateway.deploy(platform.functions, NAME, image);
    if (deployed.status / 100 != 2) {
      throw new Unexpected("the gateway does not deploy " + image + ": " + deployed.seen());
    }
    Deadline soon = deadline.orIn(PATIENCE);
    soon.await("function " + NAME + " has a ready pod", this::isReady);
    soon.await(NAME + " answers through the gateway", () -> gateway.isHealthy(NAME));
  }

  private boolean isReady() {
    Deployment deployment = platform.deployment(platform.functions, NAME);
    Integer ready = deployment == null ? null : deployment.getStatus().getReadyReplicas();
    return ready != null && ready > 0;
  }

  /** Until nothing of it is left; harmless where it never was. */
  void go(Deadline deadline) throws IOException {
    if (!isThere()) {
      return;
    }
    Answer deleted = gateway.delete(platform.functions, NAME);
    if (deleted.status / 100 != 2) {
      throw new Unexpected("the gateway does not delete " + NAME + ": " + deleted.seen());
    }
    deadline.orIn(PATIENCE).await(NAME + " is gone", this::isGone);
  }

  private boolean isGone() {
    return !isThere()
        && platform
            .client
            .pods()
            .inNamespace(platform.functions)
            .withLabel("faas_function", NAME)
            .list()
            .getItems()
            .isEmpty();
  }

  /** Of a report: the entry of this function. */
  static boolean isIt(JsonObject entry) {
    return Answer.is(entry, "name", NAME);
  }
}
