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
 * What the Lease tells, as far as it can be believed: anyone with the right can edit it. What no
 * run of ours can have written is told, and counts as not written.
 */
public final class LeaseRecord {
  /** The time within the last signed request that was accepted. */
  static final String SIGNED_AT = "mesh-setup.openfaas.com/signedAt";

  /** Since when the platform is held: a signed revert sets it, a signed apply takes it away. */
  static final String HELD_SINCE = "mesh-setup.openfaas.com/heldSince";

  /** How far the run is that holds it. */
  static final String PROGRESS = "mesh-setup.openfaas.com/progress";

  /** No run of ours claims more at once. */
  static final Duration LONGEST = Duration.ofHours(1);

  /** How far in the future a time of ours may lie: a signed request's may, by five minutes. */
  private static final Duration AHEAD = Duration.ofMinutes(6);

  /** Who holds it; empty where nobody does. */
  public final String holder;

  /** Since when; null where nobody holds it. */
  public final Instant since;

  /** Until when, if it is not renewed; null where nobody holds it. */
  public final Instant until;

  /** The time within the last signed request; the epoch where none is recorded. */
  public final Instant signedAt;

  /** Since when the platform is to be left alone; null where it is not. */
  public final Instant heldSince;

  /** What the run that holds it tells of itself; null where none does, or tells nothing. */
  public final String progress;

  /** What is not as a run of ours writes it. */
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
   * @param lease null where there is none
   * @param now by the API server's clock
   */
  static LeaseRecord of(Lease lease, Instant now) {
    Lease present = lease == null ? new Lease() : lease;
    ObjectMeta meta = Objects.requireNonNullElseGet(present.getMetadata(), ObjectMeta::new);
    LeaseSpec spec = Objects.requireNonNullElseGet(present.getSpec(), LeaseSpec::new);
    return new LeaseRecord(new Reader(meta, now), spec);
  }

  /**
   * Whether another run holds it. One process runs in a pod, and one run that writes in a process:
   * who wants the lease is all that is left of its pod, and a run of that pod that held it is gone.
   *
   * @param claimant the pod's name, a slash, and the call's id; the id alone where the pod has no
   *     name
   */
  boolean isHeldAgainst(String claimant) {
    int pod = claimant.indexOf('/') + 1;
    boolean gone = pod > 0 && holder.startsWith(claimant.substring(0, pod));
    return !holder.isEmpty() && !gone;
  }

  /** What a run writes that takes it. */
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
   * The annotations for the next writer to write: ours as they were believed, others untouched.
   *
   * @param present those that are there; may be null
   * @param now stands for a time of signing that cannot be believed: no older signature is taken
   */
  Map<String, String> mended(Map<String, String> present, Instant now) {
    Map<String, String> mended = new HashMap<>(Objects.requireNonNullElse(present, Map.of()));
    mended.computeIfPresent(
        SIGNED_AT, (key, at) -> (signedAt.equals(Instant.EPOCH) ? now : signedAt).toString());
    mended.computeIfPresent(HELD_SINCE, (key, at) -> heldSince.toString());
    return mended;
  }

  /** Reads field by field, and notes what it cannot believe. */
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
        // Somebody else's words: told below, like a time to come.
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
