package com.openfaas.function.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openfaas.function.cluster.RunLease.AndThen;
import com.openfaas.function.cluster.RunLease.Busy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The lease of a run is its own as long as it renews it, and nobody else's ever")
class RunLeaseTest {
  private static final String NAMESPACE = "openfaas-fn";
  private static final String ONE = "pod-1/call-1";
  private static final String ANOTHER = "pod-2/call-2";

  private LeaseApi api;
  private Cluster cluster;

  @BeforeEach
  void start() throws IOException {
    api = new LeaseApi();
    cluster = api.cluster(() -> Duration.ofSeconds(20));
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void whoComesSecondIsTold() throws Exception {
    RunLease.take(cluster, NAMESPACE, ONE);

    assertThatExceptionOfType(Busy.class)
        .isThrownBy(() -> RunLease.take(cluster, NAMESPACE, ANOTHER))
        .satisfies(busy -> assertThat(busy.retryAfterSeconds).isBetween(1L, 30L))
        .withMessageContaining("pod-1/call-1 holds the lease since 20");
    assertThat(api.writes()).isEqualTo(1);
  }

  @Test
  void oneOfAProcessOfTheSamePodThatIsGoneIsTakenAtOnce() throws Exception {
    RunLease.take(cluster, NAMESPACE, ONE);
    String next = "pod-1/call-3";

    RunLease.take(cluster, NAMESPACE, next);

    assertThat(api.holder()).isEqualTo(next);
  }

  @Test
  @DisplayName("a write is stored, its answer lost, and the next try meets its own write")
  void whoseAnswerIsLostIsHeldNevertheless() throws Exception {
    api.losesTheNextAnswer();
    RunLease.take(cluster, NAMESPACE, "call-1").close();
    api.losesTheNextAnswer();
    RunLease lease = RunLease.take(cluster, NAMESPACE, "call-2");

    assertThat(api.holder()).isEqualTo("call-2");
    assertThat(lease.renew(null, () -> Duration.ofSeconds(20))).isTrue();
  }

  @Test
  @DisplayName("a signature whose recording was answered by nobody is no replay of itself")
  void aSignatureWhoseAnswerIsLostIsRecorded() throws Exception {
    Instant at = Instant.now();
    api.losesTheNextAnswer();
    RunLease.recordSignature(cluster, NAMESPACE, at, AndThen.HOLD);

    assertThat(RunLease.read(cluster, NAMESPACE).signedAt).isEqualTo(at);
    assertThatExceptionOfType(Busy.Replayed.class)
        .isThrownBy(() -> RunLease.recordSignature(cluster, NAMESPACE, at, AndThen.HOLD));
  }

  @Test
  void aPodWithoutANameTakesNobodysLease() throws Exception {
    RunLease.take(cluster, NAMESPACE, "call-1");

    assertThatExceptionOfType(Busy.class)
        .isThrownBy(() -> RunLease.take(cluster, NAMESPACE, "call-2"));
  }

  @Test
  void oneThatIsGivenBackIsTakenAtOnce() throws Exception {
    RunLease.take(cluster, NAMESPACE, ONE).close();
    assertThat(api.holder()).isEmpty();

    RunLease.take(cluster, NAMESPACE, ANOTHER);

    assertThat(api.holder()).isEqualTo(ANOTHER);
  }

  @Test
  void renewingTellsHowFarTheRunIsAndGivingItBackTakesThatAway() throws Exception {
    RunLease lease = RunLease.take(cluster, NAMESPACE, ONE);
    Instant taken = LeaseRecord.of(api.lease(), Instant.now()).until;

    assertThat(renewed(lease, "{\"done\":3}")).isTrue();

    LeaseRecord record = RunLease.read(cluster, NAMESPACE);
    assertThat(record.progress).isEqualTo("{\"done\":3}");
    assertThat(record.until).isAfterOrEqualTo(taken);
    lease.close();
    assertThat(api.lease().getMetadata().getAnnotations()).isNullOrEmpty();
  }

  @Test
  void whoTakesOneOverDoesNotTellHowFarTheLastRunCame() throws Exception {
    RunLease lost = RunLease.take(cluster, NAMESPACE, ONE);
    renewed(lost, "{\"done\":3}");
    api.edit(there -> there.getSpec().setRenewTime(there.getSpec().getAcquireTime().minusHours(1)));
    api.edit(there -> there.getSpec().setAcquireTime(there.getSpec().getRenewTime()));

    RunLease.take(cluster, NAMESPACE, ANOTHER);

    LeaseRecord record = RunLease.read(cluster, NAMESPACE);
    assertThat(record.holder).isEqualTo(ANOTHER);
    assertThat(record.progress).isNull();
  }

  @Test
  @DisplayName("what others write meanwhile, a signature say, stays")
  void aSignatureOfAnotherCallStays() throws Exception {
    RunLease lease = RunLease.take(cluster, NAMESPACE, ONE);
    Instant signed = Instant.parse("2026-09-01T12:00:00Z");
    RunLease.recordSignature(cluster, NAMESPACE, signed, AndThen.GO_ON);

    assertThat(renewed(lease, "{}")).isTrue();
    lease.close();

    assertThat(RunLease.read(cluster, NAMESPACE).signedAt).isEqualTo(signed);
  }

  @Test
  @DisplayName("a signature is taken once, and none that is older than the last")
  void aSignatureThatWasTakenIsRefused() throws Exception {
    Instant signed = Instant.parse("2026-09-01T12:00:00Z");
    RunLease.recordSignature(cluster, NAMESPACE, signed, AndThen.GO_ON);

    for (Instant again : List.of(signed, signed.minusSeconds(1))) {
      assertThatExceptionOfType(Busy.Replayed.class)
          .isThrownBy(() -> RunLease.recordSignature(cluster, NAMESPACE, again, AndThen.HOLD));
    }
    assertThat(RunLease.read(cluster, NAMESPACE).signedAt).isEqualTo(signed);
    assertThat(RunLease.read(cluster, NAMESPACE).heldSince).isNull();
    RunLease.recordSignature(cluster, NAMESPACE, signed.plusSeconds(1), AndThen.GO_ON);
  }

  @Test
  @DisplayName("held since the first revert, until a signed apply; a refresh changes nothing of it")
  void aPlatformIsHeldUntilItIsReleased() throws Exception {
    Instant signed = Instant.parse("2026-09-01T12:00:00Z");
    RunLease.recordSignature(cluster, NAMESPACE, signed, AndThen.HOLD);
    Instant since = RunLease.read(cluster, NAMESPACE).heldSince;
    assertThat(since).isNotNull();

    for (AndThen next : List.of(AndThen.GO_ON, AndThen.HOLD)) {
      signed = signed.plusSeconds(1);
      RunLease.recordSignature(cluster, NAMESPACE, signed, next);
      assertThat(RunLease.read(cluster, NAMESPACE).heldSince).as("%s", next).isEqualTo(since);
    }
    RunLease.recordSignature(cluster, NAMESPACE, signed.plusSeconds(1), AndThen.RELEASE);
    assertThat(RunLease.read(cluster, NAMESPACE).heldSince).isNull();
  }

  @Test
  void oneThatSomebodyHasTakenOverIsNeitherRenewedNorGivenBack() throws Exception {
    RunLease lease = RunLease.take(cluster, NAMESPACE, ONE);
    takenOver();

    assertThat(renewed(lease, "{}")).isFalse();
    assertThat(renewed(lease, "{}")).as("asked again").isFalse();
    lease.close();

    assertThat(api.holder()).isEqualTo(ANOTHER);
    assertThat(api.lease().getMetadata().getAnnotations()).isNullOrEmpty();
  }

  @Test
  void oneThatWasTakenOverBeforeItIsGivenBackStaysWithTheOther() throws Exception {
    RunLease lease = RunLease.take(cluster, NAMESPACE, ONE);
    takenOver();

    lease.close();

    assertThat(api.holder()).isEqualTo(ANOTHER);
  }

  @Test
  void oneThatWasDeletedIsLost() throws Exception {
    RunLease lease = RunLease.take(cluster, NAMESPACE, ONE);
    api.delete();

    assertThat(renewed(lease, "{}")).isFalse();
    lease.close();

    assertThat(api.lease()).isNull();
  }

  @Test
  void oneWhoseSpecWasTakenAwayIsLost() throws Exception {
    RunLease lease = RunLease.take(cluster, NAMESPACE, ONE);
    api.edit(there -> there.setSpec(null));

    assertThat(renewed(lease, "{}")).isFalse();
    lease.close();

    assertThat(api.lease().getSpec()).isNull();
  }

  @Test
  void anApiServerThatFailsIsToldAndTheLeaseStays() throws Exception {
    RunLease lease = RunLease.take(cluster, NAMESPACE, ONE);
    api.fails(403);
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> renewed(lease, "{}"))
        .satisfies(e -> assertThat(e.problem.code).isEqualTo("forbidden"));
    api.fails(0);

    assertThat(renewed(lease, "{}")).isTrue();
  }

  private static boolean renewed(RunLease lease, String progress) throws ClusterException {
    return lease.renew(progress, () -> Duration.ofSeconds(20));
  }

  private void takenOver() {
    api.edit(
        lease -> {
          lease.getMetadata().setAnnotations(Map.of());
          lease.setSpec(LeaseRecord.heldBy(ANOTHER, Instant.now()));
        });
  }
}
