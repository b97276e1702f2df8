package com.openfaas.function.cluster;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run that writes at a time: a Lease in mesh-setup's own namespace. It is taken for the whole
 * run at once, because a run has an end; a run that was killed holds it until then.
 */
public final class RunLease implements AutoCloseable {
  /** The name of the Lease. */
  public static final String NAME = "mesh-setup";

  /** On the Lease: the time of the last signed request that was carried out. */
  private static final String SIGNED_AT = "mesh-setup.openfaas.com/signedAt";

  private static final Logger LOG = LoggerFactory.getLogger(RunLease.class);

  private final Cluster cluster;
  private Lease held;

  private RunLease(Cluster cluster, Lease held) {
    this.cluster = cluster;
    this.held = held;
  }

  /**
   * Takes the lease.
   *
   * @param claim who wants it, for how long
   * @throws Busy where another run holds it
   */
  public static RunLease take(Cluster cluster, Claim claim) throws ClusterException, Busy {
    Instant now = cluster.now();
    try {
      Lease present = cluster.leases().get(claim.namespace, NAME);
      if (present == null) {
        return new RunLease(cluster, cluster.leases().create(claim.lease(now)));
      }
      refuseIfHeld(present, now);
      claim.refuseReplay(signedAt(present));
      Lease taken = claim.lease(now);
      taken.getMetadata().setResourceVersion(present.getMetadata().getResourceVersion());
      if (claim.signedAt == null) {
        taken.getMetadata().setAnnotations(present.getMetadata().getAnnotations());
      }
      return new RunLease(cluster, cluster.leases().update(taken));
    } catch (ClusterException e) {
      if (!e.problem.code.equals("conflict")) {
        throw e;
      }
      throw new Busy("another run", now, 1);
    }
  }

  /** Gives it back; a lease that cannot be given back runs out by itself. */
  @Override
  public void close() {
    try {
      held.getSpec().setHolderIdentity("");
      cluster.leases().update(held);
    } catch (ClusterException e) {
      LOG.warn("the lease was not given back and runs out by itself: {}", e.problem);
    }
  }

  private static void refuseIfHeld(Lease lease, Instant now) throws Busy {
    LeaseSpec spec = lease.getSpec();
    String holder = Objects.requireNonNullElse(spec.getHolderIdentity(), "");
    if (holder.isEmpty() || spec.getAcquireTime() == null) {
      return;
    }
    Instant since = spec.getAcquireTime().toInstant();
    Instant until =
        since.plusSeconds(Objects.requireNonNullElse(spec.getLeaseDurationSeconds(), 0));
    if (now.isBefore(until)) {
      throw new Busy(holder, since, Math.max(1, Duration.between(now, until).toSeconds()));
    }
  }

  private static Instant signedAt(Lease lease) {
    Map<String, String> annotations = lease.getMetadata().getAnnotations();
    String at = annotations == null ? null : annotations.get(SIGNED_AT);
    return at == null ? Instant.EPOCH : Instant.parse(at);
  }

  /** Who wants the lease. */
  public static final class Claim {
    final String namespace;
    public final String holder;
    final Duration length;
    final Instant signedAt;

    /**
     * What a run claims.
     *
     * @param signedAt the time within a signed request, which must be later than that of any signed
     *     request before; null where the request is not signed
     */
    public Claim(String namespace, String holder, Duration length, Instant signedAt) {
      this.namespace = Objects.requireNonNull(namespace);
      this.holder = Objects.requireNonNull(holder);
      this.length = Objects.requireNonNull(length);
      this.signedAt = signedAt;
    }

    Lease lease(Instant now) {
      ZonedDateTime at = now.atZone(ZoneOffset.UTC);
      Map<String, String> annotations = new HashMap<>();
      if (signedAt != null) {
        annotations.put(SIGNED_AT, signedAt.toString());
      }
      return new LeaseBuilder()
          .withNewMetadata()
          .withName(NAME)
          .withNamespace(namespace)
          .withAnnotations(annotations)
          .endMetadata()
          .withNewSpec()
          .withHolderIdentity(holder)
          .withLeaseDurationSeconds((int) length.toSeconds())
          .withAcquireTime(at)
          .withRenewTime(at)
          .endSpec()
          .build();
    }

    void refuseReplay(Instant last) throws Busy {
      if (signedAt != null && !signedAt.isAfter(last)) {
        throw new Busy.Replayed(last);
      }
    }
  }

  /** The lease is not to be had. */
  public static class Busy extends Exception {
    private static final long serialVersionUID = 1L;

    public final String holder;
    public final transient Instant since;

    /** When it is worth another try, in seconds. */
    public final long retryAfterSeconds;

    Busy(String holder, Instant since, long retryAfterSeconds) {
      super(holder + " holds the lease since " + since);
      this.holder = holder;
      this.since = since;
      this.retryAfterSeconds = retryAfterSeconds;
    }

    /** What the caller does about it. */
    public String hint() {
      return "nothing is lost: it is at work; try again in " + retryAfterSeconds + " s";
    }

    /** A signed request that is not newer than the last one: somebody sends it again. */
    public static final class Replayed extends Busy {
      private static final long serialVersionUID = 1L;

      Replayed(Instant last) {
        super("a signed request", last, 1);
      }

      @Override
      public String hint() {
        return "each signed request needs an \"at\" later than the one before; sign a new body";
      }
    }
  }
}
