package com.openfaas.function.lab;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** The Lease of a platform's runs. A run outlives its answer; that it is over, only this tells. */
public final class RunLease {
  private static final String NAME = "mesh-setup";

  private final KubernetesClient admin;
  private final String namespace;

  RunLease(KubernetesClient admin, String namespace) {
    this.admin = admin;
    this.namespace = namespace;
  }

  /** As it is; null: there is none. */
  public Lease get() {
    return admin.leases().inNamespace(namespace).withName(NAME).get();
  }

  public boolean isHeld() {
    return isHeldBy(holder -> true);
  }

  /** Until no run holds it, or the last that did has not renewed it for too long. */
  public void awaitFree() {
    awaitNotHeldBy(holder -> true);
  }

  /** The same, of the runs with such an identity. */
  public void awaitNotHeldBy(Predicate<String> whose) {
    Awaitility.await("the run is over")
        .atMost(Duration.ofMinutes(5))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> !isHeldBy(whose));
  }

  private boolean isHeldBy(Predicate<String> whose) {
    Lease lease = get();
    String holder =
        lease == null || lease.getSpec() == null ? null : lease.getSpec().getHolderIdentity();
    return holder != null && !holder.isEmpty() && whose.test(holder) && !isOver(lease);
  }

  private static boolean isOver(Lease lease) {
    ZonedDateTime renewed = lease.getSpec().getRenewTime();
    return renewed == null
        || renewed
            .plusSeconds(lease.getSpec().getLeaseDurationSeconds())
            .toInstant()
            .isBefore(Instant.now());
  }

  /** Another process' run takes it, for a minute. */
  public void hold(Instant since, Map<String, String> annotations) {
    ZonedDateTime at = since.atZone(ZoneOffset.UTC);
    Lease held =
        new LeaseBuilder()
            .withNewMetadata()
            .withName(NAME)
            .withNamespace(namespace)
            .withAnnotations(annotations)
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity("another-pod/call-1")
            .withLeaseDurationSeconds(60)
            .withAcquireTime(at)
            .withRenewTime(at)
            .endSpec()
            .build();
    admin.resource(held).forceConflicts().serverSideApply();
  }

  /** As if its holder, gone or not, had just renewed it, for as long as a busy machine takes. */
  public void renew() {
    edit(
        lease -> {
          lease.getSpec().setRenewTime(ZonedDateTime.now(ZoneOffset.UTC));
          lease.getSpec().setLeaseDurationSeconds(90);
        });
  }

  /** As if the time was over for which a run that cannot give it back has taken it. */
  public void runOut() {
    edit(
        lease -> {
          lease.getSpec().setAcquireTime(lease.getSpec().getAcquireTime().minusMinutes(2));
          lease.getSpec().setRenewTime(lease.getSpec().getAcquireTime());
        });
  }

  /** Somebody else writes a holder into it; empty: none. */
  public void holder(String identity) {
    edit(
        lease -> {
          lease.getSpec().setHolderIdentity(identity);
          lease.getSpec().setRenewTime(ZonedDateTime.now(ZoneOffset.UTC));
        });
  }

  /** What a signed apply does, without one: the platform is no longer held after a revert. */
  public void release() {
    edit(
        lease ->
            Optional.ofNullable(lease.getMetadata().getAnnotations())
                .ifPresent(all -> all.remove("mesh-setup.openfaas.com/heldSince")));
  }

  /** As if there had been no run yet. */
  public void delete() {
    admin.leases().inNamespace(namespace).withName(NAME).delete();
  }

  /** By hand, whoever writes it at the same time. */
  public void edit(Consumer<Lease> change) {
    Conflicts.retried(
        () ->
            admin
                .leases()
                .inNamespace(namespace)
                .withName(NAME)
                .edit(
                    lease -> {
                      change.accept(lease);
                      return lease;
                    }));
  }
}
