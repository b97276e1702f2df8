package com.openfaas.function.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.openfaas.function.verify.Edge.Traffic;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests, success rate, and quantiles as Prometheus has them. */
class TrafficTest {
  @ParameterizedTest
  @CsvSource({
    // ten requests, two of them up to 10 ms, eight up to 100, one beyond all bounds
    "0.0, 0",
    "0.1, 5",
    "0.2, 10",
    "0.5, 55",
    "0.8, 100",
    "0.9, 100",
    "0.99, 100",
  })
  @DisplayName("linear within a bucket; beyond the highest bound, that bound")
  void quantilesAreThoseOfPrometheus(double share, double millis) {
    TreeMap<Double, Double> buckets =
        new TreeMap<>(Map.of(10.0, 2.0, 100.0, 8.0, Double.POSITIVE_INFINITY, 10.0));

    assertThat(Traffic.quantile(share, buckets)).isCloseTo(millis, within(1e-9));
  }

  @Test
  @DisplayName("an empty bucket bounds the next one from below")
  void anEmptyBucketIsABound() {
    TreeMap<Double, Double> buckets =
        new TreeMap<>(Map.of(400.0, 0.0, 500.0, 4.0, Double.POSITIVE_INFINITY, 4.0));

    assertThat(Traffic.quantile(0.5, buckets)).isEqualTo(450);
  }

  @Test
  void withoutAHistogramThereIsNoQuantile() {
    assertThat(Traffic.quantile(0.5, new TreeMap<>())).isNull();
    assertThat(quantile(Map.of(Double.POSITIVE_INFINITY, 3.0))).isNull();
    assertThat(quantile(Map.of(1.0, 3.0))).as("without the count of all").isNull();
    assertThat(quantile(Map.of(1.0, 0.0, Double.POSITIVE_INFINITY, 0.0))).isNull();
  }

  @Test
  @DisplayName("buckets that do not add up, as of a torn read, still give a finite number")
  void bucketsThatFallAreHeldLevel() {
    Double quantile = quantile(Map.of(1.0, 5.0, 2.0, 1.0, 3.0, 6.0, Double.POSITIVE_INFINITY, 9.0));

    assertThat(quantile).isBetween(0.0, 3.0);
  }

  @Test
  @DisplayName("requests, the part that succeeded, and latency over all statuses together")
  void countsAllSeriesOfAnEdge() {
    Traffic traffic =
        of(
            "request_total{direction=\"outbound\"} 10",
            "response_total{status_code=\"200\",classification=\"success\"} 6",
            "response_total{status_code=\"500\",classification=\"failure\"} 2",
            "response_latency_ms_bucket{status_code=\"200\",le=\"10\"} 6",
            "response_latency_ms_bucket{status_code=\"200\",le=\"100\"} 6",
            "response_latency_ms_bucket{status_code=\"200\",le=\"+Inf\"} 6",
            "response_latency_ms_bucket{status_code=\"500\",le=\"10\"} 0",
            "response_latency_ms_bucket{status_code=\"500\",le=\"100\"} 2",
            "response_latency_ms_bucket{status_code=\"500\",le=\"+Inf\"} 2");

    assertThat(traffic.requests).isEqualTo(10);
    assertThat(traffic.successRate).isEqualTo(0.75);
    assertThat(traffic.p50Ms).isCloseTo(6.6667, within(1e-4));
    assertThat(traffic.p95Ms).isCloseTo(82, within(1e-9));
  }

  @Test
  @DisplayName("one loss of many is not rounded away")
  void aLossIsNotRoundedAway() {
    Traffic traffic =
        of(
            "response_total{status_code=\"200\",classification=\"success\"} 19999",
            "response_total{status_code=\"500\",classification=\"failure\"} 1");

    assertThat(traffic.successRate).isEqualTo(0.9999);
  }

  @Test
  @DisplayName("bounds that are none are left out")
  void strangeBoundsAreLeftOut() {
    Traffic traffic =
        of(
            "response_latency_ms_bucket{le=\"NaN\"} 3",
            "response_latency_ms_bucket{le=\"-1\"} 3",
            "response_latency_ms_bucket{le=\"10\"} 3",
            "response_latency_ms_bucket{le=\"+Inf\"} 3");

    assertThat(traffic.p50Ms).isEqualTo(5);
  }

  @Test
  void nothingCountedIsNull() {
    assertThat(Traffic.of(List.of())).usingRecursiveComparison().isEqualTo(Traffic.NONE);
  }

  private static Double quantile(Map<Double, Double> buckets) {
    return Traffic.quantile(0.5, new TreeMap<>(buckets));
  }

  private static Traffic of(String... lines) {
    return Traffic.of(Metrics.of(Stream.of(lines)).sinceStart());
  }
}
