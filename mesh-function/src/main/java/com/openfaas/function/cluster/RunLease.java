package com.openfaas.function.cluster;

import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Problem;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one run write at a time: a Lease in mesh-setup's own namespace. It also records the last
 * signature, and whether the platform is on hold.
 */
public final class RunLease implements AutoCloseable {
  /** The name of the Lease. */
  public static final String NAME = "mesh-setup";

  /** How long it is valid without renewal. */
  public static final Duration LENGTH = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(RunLease.class);

  /** How often a write is tried that conflicts with another. */
  private static final int MOST_TRIES = 5;

  /** Since when the platform is on hold, by the Lease as it was taken; null if it is not. */
  public final Instant heldSince;

  private final Cluster cluster;
  private final String holder;

  /** Null once another run has it, or it was deleted: then it is no longer written. */
  private Lease held;

  private RunLease(Cluster cluster, Lease held, Instant heldSince) {
    this.cluster = cluster;
    this.heldSince = heldSince;
    this.held = held;
    this.holder = held.getSpec().getHolderIdentity();
  }

  /** The same with another time limit for renewal and release. */
  public RunLease within(Supplier<Duration> remaining) {
    return new RunLease(cluster.within(remaining), held, heldSince);
  }

  /** What the Lease says now. */
  public static LeaseRecord read(Cluster cluster, String namespace) throws ClusterException {
    return LeaseRecord.of(get(cluster, namespace), cluster.now());
  }

  /**
   * Records an accepted signature, whatever its run then does, so that it cannot be replayed. The
   * holder of the lease stays. A write whose answer was lost is known by its own mark.
   *
   * @param signedAt the {@code at} of the request
   * @throws Busy.Replayed if it is not later than that of every signed request before
   */
  public static void recordSignature(
      Cluster cluster, String namespace, Instant signedAt, AndThen andThen)
      throws ClusterException, Busy {
    String writer = cluster.now() + "/" + Thread.currentThread().getId();
    for (int tries = 1; ; tries++) {
      Lease present = get(cluster, namespace);
      if (present != null && writer.equals(LeaseRecord.signedBy(present))) {
        return;
      }
      LeaseRecord record = LeaseRecord.of(present, cluster.now());
      if (!signedAt.isAfter(record.signedAt)) {
        throw new Busy.Replayed(record.signedAt);
      }
      Lease signed = present == null ? free(namespace) : present;
      ObjectMeta meta = signed.getMetadata();
      meta.setAnnotations(
          record.signed(meta.getAnnotations(), signedAt, writer, andThen, cluster.now()));
      try {
        store(cluster, signed);
        return;
      } catch (ClusterException e) {
        giveUp(e, tries);
      }
    }
  }

  /**
   * Takes the lease for a holder, named by its pod and its call.
   *
   * @throws Busy if another run holds it
   */
  public static RunLease take(Cluster cluster, String namespace, String holder)
      throws ClusterException, Busy {
    Lease present = get(cluster, namespace);
    Instant now = cluster.now();
    LeaseRecord record = LeaseRecord.of(present, now);
    if (record.isHeldAgainst(holder)) {
      long seconds = Math.max(1, Duration.between(now, record.until).toSeconds());
      throw new Busy(record.holder, record.since, seconds);
    }
    Lease taken = present == null ? free(namespace) : present;
    taken.getMetadata().setAnnotations(record.mended(taken.getMetadata().getAnnotations(), now));
    tell(taken, null);
    taken.setSpec(LeaseRecord.heldBy(holder, now));
    try {
      return new RunLease(cluster, store(cluster, taken), record.heldSince);
    } catch (ClusterException e) {
      giveUp(e, 1);
      Lease there = get(cluster, namespace);
      if (there == null || !LeaseRecord.isTaken(there, holder, now)) {
        throw new Busy("another run", now, 1);
      }
      return new RunLease(cluster, there, record.heldSince);
    }
  }

  /**
   * Renews it for another 30 s.
   *
   * @param progress of the run, to record in the Lease; null for none
   * @param left the time left for this request
   * @return false if it is no longer ours: another run has taken it over, or it was deleted
   */
  public synchronized boolean renew(String progress, Supplier<Duration> left)
      throws ClusterException {
    return rewrite(
        cluster.within(left),
        lease -> {
          lease.getSpec().setRenewTime(cluster.now().atZone(ZoneOffset.UTC));
          tell(lease, progress);
        });
  }

  private static void tell(Lease lease, String progress) {
    Map<String, String> annotations =
        new HashMap<>(Objects.requireNonNullElse(lease.getMetadata().getAnnotations(), Map.of()));
    annotations.put(LeaseRecord.PROGRESS, progress);
    annotations.values().removeIf(Objects::isNull);
    lease.getMetadata().setAnnotations(annotations);
  }

  /** Releases it; if that fails, it expires by itself. */
  @Override
  public synchronized void close() {
    try {
      rewrite(
          cluster,
          lease -> {
            lease.getSpec().setHolderIdentity("");
            tell(lease, null);
          });
    } catch (ClusterException e) {
      LOG.warn("the lease was not released and expires by itself: {}", e.problem);
    }
  }

  /**
   * Changes what is ours, and keeps what others wrote meanwhile, such as a signature.
   *
   * @return false if it is no longer ours
   */
  private boolean rewrite(Cluster timed, Consumer<Lease> change) throws ClusterException {
    for (int tries = 1; held != null; tries++) {
      change.accept(held);
      try {
        held = store(timed, held);
        return true;
      } catch (ClusterException e) {
        giveUp(e, tries);
      }
      Lease there = get(timed, held.getMetadata().getNamespace());
      LeaseSpec spec = there == null ? null : there.getSpec();
      held = spec != null && holder.equals(spec.getHolderIdentity()) ? there : null;
    }
    return false;
  }

  private static void giveUp(ClusterException e, int tries) throws ClusterException {
    if (!e.problem.is(Code.CONFLICT) || tries == MOST_TRIES) {
      throw e;
    }
  }

  /** Null if there is none. */
  private static Lease get(Cluster cluster, String namespace) throws ClusterException {
    try {
      return cluster.objects().whole(subject(namespace), path(namespace) + "/" + NAME, Lease.class);
    } catch (ClusterException e) {
      if (e.problem.is(Code.NOT_FOUND)) {
        return null;
      }
      throw e;
    }
  }

  /**
   * Fails with {@code conflict} if it is not what was read: there is one already, or a newer one.
   */
  private static Lease store(Cluster cluster, Lease lease) throws ClusterException {
    String namespace = lease.getMetadata().getNamespace();
    String path = path(namespace);
    return lease.getMetadata().getResourceVersion() == null
        ? cluster.objects().create(subject(namespace), path, lease)
        : cluster.objects().update(subject(namespace), path + "/" + NAME, lease);
  }

  private static String path(String namespace) {
    return "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";
  }

  private static String subject(String namespace) {
    return "lease " + namespace + "/" + NAME;
  }

  private static Lease free(String namespace) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withName(NAME)
        .withNamespace(namespace)
        .endMetadata()
        .build();
  }

  /** What a signed request means for the runs that need no signature. */
  public enum AndThen {
    /** They change nothing until further notice. */
    HOLD,
    /** They may change the platform again. */
    RELEASE,
    /** Nothing. */
    GO_ON
  }

  /** The lease cannot be taken. */
  public static class Busy extends Exception {
    private static final long serialVersionUID = 1L;

    /** When to try again, in seconds. */
    public final long retryAfterSeconds;

    public final transient Problem problem;

    Busy(String holder, Instant since, long seconds) {
      this(holder, since, seconds, "one run writes at a time; in " + seconds + " s: invoke again");
    }

    private Busy(String holder, Instant since, long retryAfterSeconds, String hint) {
      super(holder + " holds the lease since " + since);
      this.retryAfterSeconds = retryAfterSeconds;
      this.problem = new Problem(Code.BUSY, "lease " + NAME, getMessage(), hint);
    }

    /** A signed request that is not newer than the last one: a replay. */
    public static final class Replayed extends Busy {
      private static final long serialVersionUID = 1L;

      Replayed(Instant last) {
        super(
            "a signed request",
            last,
            1,
            "each signed request needs an \"at\" later than the one before; sign a new body");
      }
    }
  }
}
