package com.openfaas.function.verify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one proxy told at one moment, as far as verify needs it. Series are kept as text: a gateway
 * with 500 functions has some 15,000, of which a window needs a few.
 */
final class Metrics {
  static final String REQUESTS = "request_total";
  static final String RESPONSES = "response_total";
  static final String LATENCY = "response_latency_ms_bucket";
  static final String BYTES = "tcp_write_bytes_total";

  static final Metrics NOTHING = new Metrics(Map.of());

  private static final Set<String> COUNTERS = Set.of(REQUESTS, RESPONSES, LATENCY, BYTES);
  private static final String STARTED = "process_start_time_seconds";
  private static final String CLOCK = "process_clock_time_seconds";

  /** The names of today, and those of proxies up to early 2024. */
  private static final String[] CERTIFICATE = {"control_identity_cert_", "identity_cert_"};

  private static final String EXPIRATION = "expiration_timestamp_seconds";
  private static final String REFRESH = "refresh_timestamp_seconds";
  private static final String REFRESHES_FAILED = "refreshes_total{result=\"error\"}";

  private final Map<String, Double> values;

  private Metrics(Map<String, Double> values) {
    this.values = Map.copyOf(values);
  }

  static Metrics of(Stream<String> lines) {
    Reader reader = new Reader();
    lines.forEach(reader::line);
    return reader.metrics();
  }

  /**
   * The counters that have grown since. A series that was not there has grown from nothing, one
   * that vanished (the proxy forgets what was idle for ten minutes) has not grown; a counter that
   * fell began anew, and so did all of them where the process did.
   */
  List<Series> since(Metrics before) {
    boolean same = Objects.equals(values.get(STARTED), before.values.get(STARTED));
    Map<String, Double> growth = new HashMap<>();
    Set<String> histograms = new HashSet<>();
    values.forEach(
        (text, now) -> {
          double then = same ? before.values.getOrDefault(text, 0.0) : 0;
          double grown = now < then ? now : now - then;
          growth.put(text, grown);
          if (grown > 0 && text.startsWith(LATENCY)) {
            histograms.add(histogram(text));
          }
        });
    List<Series> series = new ArrayList<>();
    growth.forEach(
        (text, grown) -> {
          if (grown > 0 || histograms.contains(histogram(text))) {
            add(text, grown, series);
          }
        });
    return series;
  }

  /** The empty buckets of a histogram count, too: they bound the ones that are not. */
  private static String histogram(String text) {
    int bound = text.lastIndexOf(",le=");
    return bound < 0 ? text : text.substring(0, bound);
  }

  private static void add(String text, double grown, List<Series> series) {
    String name = SeriesText.nameOf(text);
    SeriesText read = SeriesText.read(text);
    if (COUNTERS.contains(name) && read != null) {
      series.add(new Series(name, read.labels(), grown));
    }
  }

  /** The counters since the proxy started, but for what it forgot because it was idle. */
  List<Series> sinceStart() {
    return since(NOTHING);
  }

  /** The proxy's own time when it was asked; the given one where it tells none. */
  Instant clock(Instant otherwise) {
    Instant own = instant(values.get(CLOCK));
    return own == null ? otherwise : own;
  }

  /** When its certificate ends; null where it does not say, or has none yet. */
  Instant certificateEnds() {
    return instant(certificate(EXPIRATION));
  }

  /** When it got its certificate; null where it does not say. */
  Instant certificateSince() {
    return instant(certificate(REFRESH));
  }

  /** How often it asked for a new certificate in vain; 0 where it does not say. */
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

  /** No time on Earth before this proxy, or after the year 5138, is one. */
  private static Instant instant(Double seconds) {
    boolean sound = seconds != null && seconds > 0 && seconds < 1e11;
    return sound ? Instant.ofEpochMilli((long) (seconds * 1000)) : null;
  }

  /** Reads the text line by line, and keeps what is needed. */
  static final class Reader {
    private final Map<String, Double> values = new HashMap<>();

    void line(String line) {
      if (!isKept(SeriesText.nameOf(line))) {
        return;
      }
      SeriesText text = SeriesText.read(line);
      Double value = text == null ? null : text.value();
      if (value != null) {
        values.put(text.series(), value);
      }
    }

    Metrics metrics() {
      return new Metrics(values);
    }

    private static boolean isKept(String name) {
      return COUNTERS.contains(name)
          || name.equals(STARTED)
          || name.equals(CLOCK)
          || name.startsWith(CERTIFICATE[0])
          || name.startsWith(CERTIFICATE[1]);
    }
  }
}
