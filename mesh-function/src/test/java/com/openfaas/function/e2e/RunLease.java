package com.openfaas.function.e2e;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The Lease that a run of mesh-setup holds, and on which a revert leaves its mark. */
final class RunLease {
  private final KubernetesClient client;
  private final String namespace;
  private String renewed = "";
  private long renewedAt;

  RunLease(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** As it is; null: there is none. */
  Lease get() {
    return resource().get();
  }

  private Resource<Lease> resource() {
    return client.leases().inNamespace(namespace).withName(OpenFaas.SELF);
  }

  /** Given back; or not renewed for as long as it lasts, by this machine's own clock. */
  boolean isFree() {
    Lease lease = get();
    String holder = lease == null ? null : lease.getSpec().getHolderIdentity();
    if (holder == null || holder.isEmpty()) {
      return true;
    }
    String now = holder + " " + lease.getSpec().getRenewTime();
    if (!now.equals(renewed)) {
      renewed = now;
      renewedAt = System.nanoTime();
    }
    long seconds = Optional.ofNullable(lease.getSpec().getLeaseDurationSeconds()).orElse(30);
    return System.nanoTime() - renewedAt > TimeUnit.SECONDS.toNanos(seconds);
  }

  /** As it was: a revert's mark on it holds the platform until a signed apply. */
  void restore(Lease before) {
    if (before == null) {
      resource().delete();
      return;
    }
    resource()
        .edit(
            now ->
                new LeaseBuilder(now)
                    .editMetadata()
                    .withAnnotations(before.getMetadata().getAnnotations())
                    .endMetadata()
                    .build());
  }
}
