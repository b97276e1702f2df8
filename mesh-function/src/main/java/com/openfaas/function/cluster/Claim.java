package com.openfaas.function.cluster;

import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpecBuilder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;

/** Who wants the lease. */
public final class Claim {
  final String namespace;
  public final String holder;

  /**
   * What a run claims.
   *
   * @param holder the pod's name, a slash, and the call's id; the id alone where the pod has no
   *     name
   */
  public Claim(String namespace, String holder) {
    this.namespace = Objects.requireNonNull(namespace);
    this.holder = Objects.requireNonNull(holder);
  }

  /**
   * Whether that holder is gone: one process runs in a pod, and one run that writes in a process,
   * so who wants the lease is all that is left of its pod.
   */
  boolean isAllThatIsLeftOf(String other) {
    int pod = holder.indexOf('/') + 1;
    return pod > 0 && other.startsWith(holder.substring(0, pod));
  }

  LeaseSpec spec(Instant now) {
    ZonedDateTime at = now.atZone(ZoneOffset.UTC);
    return new LeaseSpecBuilder()
        .withHolderIdentity(holder)
        .withLeaseDurationSeconds((int) RunLease.LENGTH.toSeconds())
        .withAcquireTime(at)
        .withRenewTime(at)
        .build();
  }
}
