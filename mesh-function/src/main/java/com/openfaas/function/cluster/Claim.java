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

  /** What a run claims. */
  public Claim(String namespace, String holder) {
    this.namespace = Objects.requireNonNull(namespace);
    this.holder = Objects.requireNonNull(holder);
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
