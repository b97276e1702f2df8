package com.openfaas.function.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Makes requests: counts them, and turns what goes wrong into a problem. */
final class Requests {
  private final AtomicInteger count = new AtomicInteger();

  int count() {
    return count.get();
  }

  /**
   * Makes one request.
   *
   * @param verb as RBAC calls it
   * @param subject on what, as {@code deployments in openfaas-fn}
   */
  <T> T ask(String verb, String subject, Supplier<T> request) throws ClusterException {
    count.incrementAndGet();
    try {
      return request.get();
    } catch (KubernetesClientException e) {
      throw KubeErrors.of(e, verb, subject);
    }
  }
}
