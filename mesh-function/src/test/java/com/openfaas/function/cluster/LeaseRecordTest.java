package com.openfaas.function.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a Lease is believed, and what is told. */
class LeaseRecordTest {
  private static final Instant NOON = Instant.parse("2026-09-01T12:00:00Z");

  @Test
  void whereThereIsNoneNobodyHoldsItAndNothingWasSigned() {
    LeaseRecord record = LeaseRecord.of(null, NOON);

    assertThat(record.holder).isEmpty();
    assertThat(record.signedAt).isEqualTo(Instant.EPOCH);
    assertThat(record.heldSince).isNull();
    assertThat(record.problems).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-09-01T11:59:31Z, 30, pod/call",
    "2026-09-01T11:59:30Z, 30, ''",
    "2026-09-01T12:00:30Z, 30, pod/call"
  })
  void isHeldUntilItsTimeIsOver(Instant at, int seconds, String holder) {
    LeaseRecord record = LeaseRecord.of(held(at, seconds), NOON);

    assertThat(record.holder).isEqualTo(holder);
    assertThat(record.problems).isEmpty();
  }

  @Test
  void aRenewalMakesItLonger() {
    Lease lease = held(NOON.minusSeconds(300), 30);
    lease.getSpec().setRenewTime(at(NOON.minusSeconds(10)));

    LeaseRecord record = LeaseRecord.of(lease, NOON);

    assertThat(record.since).isEqualTo(NOON.minusSeconds(300));
    assertThat(record.until).isEqualTo(NOON.plusSeconds(20));
  }

  @ParameterizedTest
  @CsvSource({
    "2099-01-01T00:00:00Z, 30",
    "2026-09-01T11:59:59Z, 3601",
    "2026-09-01T11:59:59Z, 2147483647",
    ", 30",
    "2026-09-01T11:59:59Z,"
  })
  void whatNoRunCanHaveClaimedIsToldAndHoldsNobody(Instant at, Integer seconds) {
    LeaseRecord record = LeaseRecord.of(held(at, seconds), NOON);

    assertThat(record.holder).isEmpty();
    assertThat(record.problems)
        .singleElement()
        .satisfies(problem -> assertThat(problem.code).isEqualTo("lease_edited"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "", "2099-01-01T00:00:00Z", "2026-09-01T12:06:01Z"})
  void aTimeOfSigningThatCannotBeIsToldAndTheNextWriterReplacesIt(String written) {
    Map<String, String> annotations = Map.of(LeaseRecord.SIGNED_AT, written, "theirs", "stays");
    LeaseRecord record = LeaseRecord.of(annotated(annotations), NOON);

    assertThat(record.signedAt).isEqualTo(Instant.EPOCH);
    assertThat(record.problems).hasSize(1);
    assertThat(record.mended(annotations, NOON))
        .as("no older signature is taken")
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(LeaseRecord.SIGNED_AT, NOON.toString(), "theirs", "stays"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "2099-01-01T00:00:00Z", "2026-09-01T11:00:00Z"})
  void aPlatformIsHeldAlsoWhereItCannotBeToldSinceWhen(String written) {
    LeaseRecord record = LeaseRecord.of(annotated(Map.of(LeaseRecord.HELD_SINCE, written)), NOON);

    assertThat(record.heldSince).isBeforeOrEqualTo(NOON);
  }

  private static Lease held(Instant at, Integer seconds) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace("openfaas-fn")
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity("pod/call")
        .withAcquireTime(at == null ? null : at(at))
        .withLeaseDurationSeconds(seconds)
        .endSpec()
        .build();
  }

  private static Lease annotated(Map<String, String> annotations) {
    return new LeaseBuilder().withNewMetadata().withAnnotations(annotations).endMetadata().build();
  }

  private static ZonedDateTime at(Instant instant) {
    return instant.atZone(ZoneOffset.UTC);
  }
}
