package com.openfaas.function.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.SamplePlatform;
import com.openfaas.function.platform.Traffic;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.verify.EdgeEndpoint.MetricsDelta;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How long a proxy's certificate lasts, and whether it is renewed. */
class CertificatesTest {
  private static final long NOW = 1_795_400_000L;
  private static final long HOUR = 3600;

  @Test
  @DisplayName("a certificate of 24 hours, renewed after 70 % of them: well until a fifth is left")
  void aCertificateThatIsRenewedInTimeIsWell() {
    assertThat(check(today(5 * HOUR, 24 * HOUR)).warnings).isEmpty();
    assertThat(check(today(24 * HOUR, 24 * HOUR)).errors).isEmpty();
    assertThat(check(today(4 * HOUR, 24 * HOUR)).warnings)
        .singleElement()
        .satisfies(problem -> assertThat(problem.code).isEqualTo("certificate_not_renewed"));
  }

  @Test
  @DisplayName("a certificate of one hour is judged by its own life")
  void aShortCertificateIsJudgedByItsOwnLife() {
    assertThat(check(today(HOUR / 2, HOUR)).warnings).isEmpty();
    assertThat(check(today(HOUR / 6, HOUR)).warnings).hasSize(1);
  }

  @Test
  void anExpiredCertificateIsAnError() {
    Assessment certificates = check(today(-1, 24 * HOUR));

    assertThat(certificates.warnings).isEmpty();
    assertThat(certificates.errors)
        .singleElement()
        .satisfies(problem -> assertThat(problem.code).isEqualTo("certificate_expired"));
    assertThat(certificates.errors.get(0).message).contains("expired at 2026-11-23T02:13:19Z");
  }

  @Test
  @DisplayName("the gauges of proxies up to early 2024, which tell neither time nor refresh")
  void theOldGaugesAreRead() {
    String old = "identity_cert_expiration_timestamp_seconds ";

    assertThat(check(old + (NOW + 5 * HOUR)).warnings).isEmpty();
    assertThat(check(old + (NOW + 4 * HOUR), "identity_cert_refresh_count 3").warnings).hasSize(1);
    assertThat(check(old + (NOW - 1)).errors).hasSize(1);
  }

  @Test
  @DisplayName("the proxy's own clock decides, not ours")
  void theProxysClockDecides() {
    String ends = "control_identity_cert_expiration_timestamp_seconds " + (NOW + 24 * HOUR);

    assertThat(check(ends, "process_clock_time_seconds " + (NOW + 25 * HOUR)).errors).hasSize(1);
    assertThat(check(ends, "process_clock_time_seconds " + NOW).errors).isEmpty();
  }

  @Test
  @DisplayName("how often it asked in vain is told")
  void failedRefreshesAreTold() {
    String failed = "control_identity_cert_refreshes_total{result=\"error\"} 7";
    String[] lines =
        Stream.concat(Stream.of(today(HOUR, 24 * HOUR)), Stream.of(failed)).toArray(String[]::new);

    assertThat(check(lines).warnings.get(0).message).endsWith("failed requests for a new one: 7");
  }

  @Test
  @DisplayName("a proxy that tells nothing, no certificate yet, or nonsense, is no finding")
  void whatIsNotToldIsNoFinding() {
    for (String value : List.of("0", "-5", "1e300")) {
      Assessment certificates =
          check("control_identity_cert_expiration_timestamp_seconds " + value);
      assertThat(certificates.errors).isEmpty();
      assertThat(certificates.warnings).isEmpty();
    }
    assertThat(check().errors).isEmpty();
  }

  /** So many seconds left, of so many. */
  private static String[] today(long left, long life) {
    return new String[] {
      "control_identity_cert_expiration_timestamp_seconds " + (NOW + left) + ".0",
      "control_identity_cert_refresh_timestamp_seconds " + (NOW + left - life) + ".25",
    };
  }

  private static Assessment check(String... lines) {
    Workload workload = Sample.function().meshed(1).workload();
    PodView pod = Sample.pod("figlet-1", true, Proxy.READY);
    Reading<Metrics> metrics = Reading.of(Metrics.of(Stream.of(lines)));
    Identity identity =
        Identity.of(workload, pod, Reading.of(Sample.plane(Reading.of(Sample.CONFIG))));
    List<MetricsDelta> deltas = List.of(MetricsDelta.of(pod, identity, metrics, metrics));
    Platform platform = SamplePlatform.of(workload, List.of(workload), null, Traffic.UNSEEN);
    Assessment certificates = new Assessment(platform, Map.of(workload.key(), deltas), Map.of());
    certificates.certificates(workload, Instant.ofEpochSecond(NOW));
    return certificates;
  }
}
