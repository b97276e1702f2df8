package com.openfaas.function.cluster;

import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Problem;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpecBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What the Lease says, as far as it is plausible: anyone with the right can edit it. A value that
 * no run of ours can have written is reported and ignored.
 */
public final class LeaseRecord {
  /** The {@code at} of the last accepted signed request. */
  static final String SIGNED_AT = "mesh-setup.openfaas.com/signedAt";

  /** Which write recorded that: one of its own for each. */
  static final String SIGNED_BY = "mesh-setup.openfaas.com/signedBy";

  /** Since when the platform is on hold: set by a signed revert, removed by a signed apply. */
  static final String HELD_SINCE = "mesh-setup.openfaas.com/heldSince";

  /** The progress of the run that holds it. */
  static final String PROGRESS = "mesh-setup.openfaas.com/progress";

  /** The longest duration a run of ours claims. */
  static final Duration LONGEST = Duration.ofHours(1);

  /** How far ahead a time of ours may be: that of a signed request by five minutes. */
  private static final Duration AHEAD = Duration.ofMinutes(6);

  /** The holder; empty if there is none. */
  public final String holder;

  /** Since when it is held; null if it is not. */
  public final Instant since;

  /** When it expires unless renewed; null if it is not held. */
  public final Instant until;

  /** The {@code at} of the last signed request; the epoch if none is recorded. */
  public final Instant signedAt;

  /** Since when the platform is on hold; null if it is not. */
  public final Instant heldSince;

  /** The progress of the run that holds it; null if there is no such run or it reports none. */
  public final String progress;

  /** What no run of ours would have written. */
  public final List<Problem> problems;

  private LeaseRecord(Reader reader, LeaseSpec spec) {
    boolean held = reader.isHeld(spec);
    this.holder = held ? spec.getHolderIdentity() : "";
    this.since = held ? reader.first(spec) : null;
    this.until = held ? reader.until(spec) : null;
    this.signedAt = reader.time(SIGNED_AT, Instant.EPOCH, Instant.EPOCH);
    this.heldSince = reader.time(HELD_SINCE, null, reader.now);
    this.progress = held ? reader.annotations.get(PROGRESS) : null;
    this.problems = List.copyOf(reader.problems);
  }

  /**
   * Reads a Lease.
   *
   * @param lease null if there is none
   * @param now by the API server's clock
   */
  static LeaseRecord of(Lease lease, Instant now) {
    Lease present = lease == null ? new Lease() : lease;
    ObjectMeta meta = Objects.requireNonNullElseGet(present.getMetadata(), ObjectMeta::new);
    LeaseSpec spec = Objects.requireNonNullElseGet(present.getSpec(), LeaseSpec::new);
    return new LeaseRecord(new Reader(meta, now), spec);
  }

  /**
   * Whether another run holds it. A pod runs one process, and a process one writing run: a holder
   * from the claimant's own pod is a run that has ended.
   *
   * @param claimant the pod's name, a slash, and the call's id; only the id if the pod has no name
   */
  boolean isHeldAgainst(String claimant) {
    int pod = claimant.indexOf('/') + 1;
    boolean gone = pod > 0 && holder.startsWith(claimant.substring(0, pod));
    return !holder.isEmpty() && !gone;
  }

  /** The spec a run writes when it takes the lease. */
  static LeaseSpec heldBy(String holder, Instant now) {
    ZonedDateTime at = now.atZone(ZoneOffset.UTC);
    return new LeaseSpecBuilder()
        .withHolderIdentity(holder)
        .withLeaseDurationSeconds((int) RunLease.LENGTH.toSeconds())
        .withAcquireTime(at)
        .withRenewTime(at)
        .build();
  }

  /**
   * The annotations for the next writer: ours as far as they are plausible, others unchanged.
   *
   * @param present the present ones; may be null
   * @param now replaces an implausible time of signing, so that no older signature is accepted
   */
  Map<String, String> mended(Map<String, String> present, Instant now) {
    Map<String, String> mended = new HashMap<>(Objects.requireNonNullElse(present, Map.of()));
    mended.computeIfPresent(
        SIGNED_AT, (key, at) -> (signedAt.equals(Instant.EPOCH) ? now : signedAt).toString());
    mended.computeIfPresent(HELD_SINCE, (key, at) -> heldSince.toString());
    return mended;
  }

  /** The annotations once an accepted signature is recorded by such a write. */
  Map<String, String> signed(
      Map<String, String> present, Instant at, String writer, RunLease.AndThen next, Instant now) {
    Map<String, String> signed = mended(present, now);
    signed.put(SIGNED_AT, at.toString());
    signed.put(SIGNED_BY, writer);
    if (next == RunLease.AndThen.HOLD) {
      signed.putIfAbsent(HELD_SINCE, now.toString());
    } else if (next == RunLease.AndThen.RELEASE) {
      signed.remove(HELD_SINCE);
    }
    return signed;
  }

  /** Whether that holder took it at that moment; the API server keeps microseconds. */
  static boolean isTaken(Lease lease, String holder, Instant at) {
    LeaseSpec spec = lease.getSpec();
    return spec != null
        && holder.equals(spec.getHolderIdentity())
        && spec.getAcquireTime() != null
        && Duration.between(spec.getAcquireTime().toInstant(), at).abs().toMillis() == 0;
  }

  /** Null if nobody has recorded a signature. */
  static String signedBy(Lease lease) {
    Map<String, String> annotations = lease.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(SIGNED_BY);
  }

  /** Reads field by field, and notes what is implausible. */
  private static final class Reader {
    final Instant now;
    final List<Problem> problems = new ArrayList<>();
    private final Map<String, String> annotations;
    private final String subject;

    Reader(ObjectMeta meta, Instant now) {
      this.now = now;
      this.annotations = Objects.requireNonNullElse(meta.getAnnotations(), Map.of());
      this.subject = "lease " + meta.getNamespace() + "/" + RunLease.NAME;
    }

    Instant time(String key, Instant absent, Instant unbelievable) {
      String written = annotations.get(key);
      if (written == null) {
        return absent;
      }
      try {
        Instant time = Instant.parse(written);
        if (!time.isAfter(now.plus(AHEAD))) {
          return time;
        }
      } catch (DateTimeParseException e) {
        // Not ours: noted below, like a time in the future.
      }
      note("its annotation " + key + " is no time in the past");
      return unbelievable;
    }

    boolean isHeld(LeaseSpec spec) {
      if (spec.getHolderIdentity() == null || spec.getHolderIdentity().isEmpty()) {
        return false;
      }
      Integer seconds = spec.getLeaseDurationSeconds();
      if (first(spec) == null || seconds == null) {
        note("it has a holder, and no acquireTime or no leaseDurationSeconds");
        return false;
      }
      if (seconds <= 0 || seconds > LONGEST.toSeconds()) {
        note("its leaseDurationSeconds is " + seconds);
        return false;
      }
      if (last(spec).isAfter(now.plus(AHEAD))) {
        note("it was taken or renewed in the future, at " + last(spec));
        return false;
      }
      return now.isBefore(until(spec));
    }

    Instant first(LeaseSpec spec) {
      return times(spec).findFirst().orElse(null);
    }

    Instant until(LeaseSpec spec) {
      return last(spec).plusSeconds(spec.getLeaseDurationSeconds());
    }

    private static Instant last(LeaseSpec spec) {
      return times(spec).reduce((a, b) -> a.isAfter(b) ? a : b).orElseThrow();
    }

    private static Stream<Instant> times(LeaseSpec spec) {
      return Stream.of(spec.getAcquireTime(), spec.getRenewTime())
          .filter(Objects::nonNull)
          .map(ZonedDateTime::toInstant);
    }

    private void note(String what) {
      problems.add(
          new Problem(
              Code.LEASE_EDITED,
              subject,
              what + ": no run writes that, so it is ignored",
              "nothing to do, the next run that writes repairs it; who may update the Lease:"
                  + " kubectl get rolebindings,clusterrolebindings -A -o wide"));
    }
  }
}
