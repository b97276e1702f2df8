package com.openfaas.function.verify;

import com.openfaas.function.verify.Series.Histogram;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One proxy's metrics at one moment, as far as verify needs them. A gateway with 500 functions has
 * some 15,000 series in 8 MiB of text: kept are each one's value, by a hash of its text, and the
 * labels that an evaluation needs, once for all series that share them.
 */
final class Metrics {
  static final String REQUESTS = "request_total";
  static final String RESPONSES = "response_total";
  static final String LATENCY = "response_latency_ms_bucket";
  static final String BYTES = "tcp_write_bytes_total";

  /** What the proxy has admitted, and what it has refused. */
  static final String ALLOWED = "inbound_http_authz_allow_total";

  static final String DENIED = "inbound_http_authz_deny_total";

  static final Metrics NOTHING = new Metrics(Map.of(), List.of());

  /** The label that distinguishes series with otherwise equal labels, by metric name. */
  static final Map<String, String> DETAIL = Map.of(RESPONSES, "classification");

  private static final String STARTED = "process_start_time_seconds";
  private static final String CLOCK = "process_clock_time_seconds";

  /** The current names, and those of proxies up to early 2024. */
  private static final String[] CERTIFICATE = {"control_identity_cert_", "identity_cert_"};

  private static final String EXPIRATION = "expiration_timestamp_seconds";
  private static final String REFRESH = "refresh_timestamp_seconds";
  private static final String REFRESHES_FAILED = "refreshes_total{result=\"error\"}";

  private final Map<String, Double> values;
  private final List<Counter> counters;

  Metrics(Map<String, Double> values, List<Counter> counters) {
    this.values = Map.copyOf(values);
    this.counters = counters;
  }

  static Metrics of(Stream<String> lines) {
    MetricsReader reader = new MetricsReader(Long.MAX_VALUE, series -> true);
    lines.forEach(reader::line);
    return reader.metrics();
  }

  /**
   * The counters that have grown since. A new series has grown from zero; one that vanished (the
   * proxy drops what was idle for ten minutes) has not grown; a counter that fell was reset, and so
   * were all if the process restarted.
   */
  List<Series> since(Metrics before) {
    Map<Long, Counter> then = new HashMap<>();
    if (isOfSameProcess(before)) {
      before.counters.forEach(counter -> then.put(counter.id, counter));
    }
    return counters.stream()
        .map(counter -> counter.since(then.get(counter.id)))
        .filter(series -> series.grown > 0)
        .collect(Collectors.toList());
  }

  boolean isOfSameProcess(Metrics other) {
    return Objects.equals(values.get(STARTED), other.values.get(STARTED));
  }

  /** The counters since the proxy started, without those it dropped as idle. */
  List<Series> sinceStart() {
    return since(NOTHING);
  }

  /** When the proxy began to count; null if it does not report that. */
  Instant started() {
    return instant(values.get(STARTED));
  }

  /** The proxy's own time when it was read, or else the given one. */
  Instant clock(Instant otherwise) {
    Instant own = instant(values.get(CLOCK));
    return own == null ? otherwise : own;
  }

  /** When its certificate expires; null if not reported, or if it has none yet. */
  Instant certificateEnds() {
    return instant(certificate(EXPIRATION));
  }

  /** When it got its certificate; null if not reported. */
  Instant certificateSince() {
    return instant(certificate(REFRESH));
  }

  /** How often requesting a new certificate failed; 0 if not reported. */
  long failedRefreshes() {
    Double failed = certificate(REFRESHES_FAILED);
    return failed == null ? 0 : failed.longValue();
  }

  private Double certificate(String rest) {
    for (String prefix : CERTIFICATE) {
      if (values.containsKey(prefix + rest)) {
        return values.get(prefix + rest);
      }
    }
    return null;
  }

  /** Whether {@link MetricsReader} keeps the value of the series, in addition to the counters. */
  static boolean isGauge(String name) {
    return name.equals(STARTED)
        || name.equals(CLOCK)
        || name.startsWith(CERTIFICATE[0])
        || name.startsWith(CERTIFICATE[1]);
  }

  /** Null for a time before 1970 or after the year 5138. */
  private static Instant instant(Double seconds) {
    boolean sound = seconds != null && seconds > 0 && seconds < 1e11;
    return sound ? Instant.ofEpochMilli((long) (seconds * 1000)) : null;
  }

  /** One series at one moment; a histogram, with all its buckets, is one. */
  static final class Counter {
    final long id;
    private final double value;
    private final String name;
    private final Map<String, String> labels;
    private final String detail;
    private final Histogram buckets;

    Counter(long id, double value, String name, Map<String, String> labels, String detail) {
      this(id, value, name, labels, detail, Histogram.EMPTY);
    }

    private Counter(
        long id,
        double value,
        String name,
        Map<String, String> labels,
        String detail,
        Histogram buckets) {
      this.id = id;
      this.value = value;
      this.name = name;
      this.labels = labels;
      this.detail = detail;
      this.buckets = buckets;
    }

    /** The histogram with one more bucket. */
    Counter with(double bound, double count) {
      return new Counter(id, 0, name, labels, detail, buckets.with(bound, count));
    }

    /** How much it has grown since; null: since zero. */
    Series since(Counter before) {
      if (buckets == Histogram.EMPTY) {
        double grown = before == null || value < before.value ? value : value - before.value;
        return new Series(name, labels, detail, grown, buckets);
      }
      Histogram grown = before == null ? buckets : buckets.since(before.buckets);
      return new Series(name, labels, detail, grown.most(), grown);
    }
  }

  /** FNV-1a, 64 bits: among 100,000 texts a collision has a probability of one in a billion. */
  static long hash(String text, int end) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < end; i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }
}
