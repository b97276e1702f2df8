package com.openfaas.function.verify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one proxy told at one moment, as far as verify needs it. A gateway with 500 functions tells
 * some 15,000 series in 8 MiB of text: of each is kept its value, by a hash of the text, and the
 * labels that judging looks at, once for all series that share them.
 */
final class Metrics {
  static final String REQUESTS = "request_total";
  static final String RESPONSES = "response_total";
  static final String LATENCY = "response_latency_ms_bucket";
  static final String BYTES = "tcp_write_bytes_total";

  /** What the proxy has let in, and what it has refused. */
  static final String ALLOWED = "inbound_http_authz_allow_total";

  static final String DENIED = "inbound_http_authz_deny_total";

  static final Metrics NOTHING = new Metrics(Map.of(), List.of());

  /** What tells series of one way apart that judging tells apart, by their name. */
  static final Map<String, String> DETAIL = Map.of(RESPONSES, "classification", LATENCY, "le");

  private static final Set<String> JUDGED =
      Set.of(
          "direction",
          "peer",
          "tls",
          "client_id",
          "server_id",
          "no_tls_reason",
          "target_ip",
          "target_port",
          "dst_namespace",
          "dst_deployment",
          "dst_pod",
          "route_name");

  private static final Set<String> JUDGED_OF_AUTHORIZATION =
      Set.of("client_id", "target_port", "srv_name", "route_name", "authz_kind", "authz_name");

  private static final Set<String> COUNTERS =
      Set.of(REQUESTS, RESPONSES, LATENCY, BYTES, ALLOWED, DENIED);
  private static final String STARTED = "process_start_time_seconds";
  private static final String CLOCK = "process_clock_time_seconds";

  /** The names of today, and those of proxies up to early 2024. */
  private static final String[] CERTIFICATE = {"control_identity_cert_", "identity_cert_"};

  private static final String EXPIRATION = "expiration_timestamp_seconds";
  private static final String REFRESH = "refresh_timestamp_seconds";
  private static final String REFRESHES_FAILED = "refreshes_total{result=\"error\"}";

  private final Map<String, Double> values;
  private final List<Counter> counters;

  private Metrics(Map<String, Double> values, List<Counter> counters) {
    this.values = Map.copyOf(values);
    this.counters = counters;
  }

  static Metrics of(Stream<String> lines) {
    Reader reader = new Reader(Long.MAX_VALUE, series -> true);
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
    Map<Long, Double> then = new HashMap<>();
    if (same) {
      before.counters.forEach(counter -> then.put(counter.id, counter.value));
    }
    Set<Long> grown = new HashSet<>();
    for (Counter counter : counters) {
      if (counter.since(then) > 0) {
        grown.add(counter.histogram);
      }
    }
    // The empty buckets of a histogram count, too: they bound the ones that are not.
    return counters.stream()
        .filter(counter -> grown.contains(counter.histogram))
        .map(counter -> counter.series(counter.since(then)))
        .collect(Collectors.toList());
  }

  /** The counters since the proxy started, but for what it forgot because it was idle. */
  List<Series> sinceStart() {
    return since(NOTHING);
  }

  /** When the proxy began to count; null where it does not say. */
  Instant started() {
    return instant(values.get(STARTED));
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
    private static final int BYTES_OF_A_COUNTER = 72;
    private static final int BYTES_OF_A_LABEL = 48;

    private final Map<String, Double> values = new HashMap<>();
    private final List<Counter> counters = new ArrayList<>();
    private final Map<String, String> texts = new HashMap<>();
    private final Map<Map<String, String>, Map<String, String>> ways = new HashMap<>();
    private final Predicate<Series> wanted;
    private long left;

    /**
     * @param most bytes, about, that may be kept
     * @param wanted which counters are kept
     */
    Reader(long most, Predicate<Series> wanted) {
      this.left = most;
      this.wanted = wanted;
    }

    /** Whether the proxy tells more than may be kept; then the rest is not. */
    boolean isFull() {
      return left < 0;
    }

    void line(String line) {
      String name = SeriesText.nameOf(line);
      if (isFull() || !isKept(name)) {
        return;
      }
      SeriesText text = SeriesText.read(line);
      Double value = text == null ? null : text.value();
      if (value == null) {
        return;
      }
      if (!COUNTERS.contains(name)) {
        values.put(text.series(), value);
        left -= line.length() + BYTES_OF_A_COUNTER;
      } else if (wanted.test(new Series(name, text.labels(), "", value))) {
        String detail = text.labels().getOrDefault(DETAIL.getOrDefault(name, ""), "");
        counters.add(
            new Counter(
                text.series(), value, shared(name), way(name, text.labels()), shared(detail)));
        left -= BYTES_OF_A_COUNTER;
      }
    }

    private Map<String, String> way(String name, Map<String, String> labels) {
      Map<String, String> judged = new HashMap<>(labels);
      boolean ofAuthorization = name.equals(ALLOWED) || name.equals(DENIED);
      judged.keySet().retainAll(ofAuthorization ? JUDGED_OF_AUTHORIZATION : JUDGED);
      Map<String, String> known = ways.get(judged);
      if (known == null) {
        judged.replaceAll((key, label) -> shared(label));
        known = Map.copyOf(judged);
        ways.put(known, known);
        left -= (long) BYTES_OF_A_LABEL * judged.size();
      }
      return known;
    }

    private String shared(String text) {
      String known = texts.putIfAbsent(text, text);
      left -= known == null ? text.length() + BYTES_OF_A_LABEL : 0;
      return known == null ? text : known;
    }

    Metrics metrics() {
      return new Metrics(values, new ArrayList<>(counters));
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
