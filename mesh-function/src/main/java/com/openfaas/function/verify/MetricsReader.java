package com.openfaas.function.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Reads a proxy's metrics line by line, and keeps what {@link Metrics} needs. */
final class MetricsReader {
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
      Set.of(
          Metrics.REQUESTS,
          Metrics.RESPONSES,
          Metrics.LATENCY,
          Metrics.BYTES,
          Metrics.ALLOWED,
          Metrics.DENIED);

  private static final int BYTES_OF_A_COUNTER = 72;
  private static final int BYTES_OF_A_BUCKET = 16;
  private static final int BYTES_OF_A_LABEL = 48;

  private final Map<String, Double> values = new HashMap<>();
  private final List<Metrics.Counter> counters = new ArrayList<>();
  private final Map<String, String> texts = new HashMap<>();
  private final Map<Map<String, String>, Map<String, String>> labelSets = new HashMap<>();
  private final Predicate<Series> wanted;
  private long left;

  /**
   * @param most approximate number of bytes to keep
   * @param wanted which counters are kept
   */
  MetricsReader(long most, Predicate<Series> wanted) {
    this.left = most;
    this.wanted = wanted;
  }

  /** Whether the limit was exceeded; the rest is then dropped. */
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
    } else if (wanted.test(new Series(name, text.labels(), "", value, Histogram.EMPTY))) {
      if (name.equals(Metrics.LATENCY)) {
        bucket(text, value);
      } else {
        String series = text.series();
        counters.add(counter(Metrics.hash(series, series.length()), value, name, text));
      }
    }
  }

  /** A bucket belongs to the histogram of the line before, or begins one. */
  private void bucket(SeriesText text, double count) {
    Double bound = Histogram.bound(text.labels().getOrDefault("le", ""));
    if (bound == null) {
      return;
    }
    String series = text.series();
    long id = Metrics.hash(series, Math.max(series.lastIndexOf(",le="), series.indexOf('{')));
    int last = counters.size() - 1;
    if (last < 0 || counters.get(last).id != id) {
      counters.add(counter(id, 0, Metrics.LATENCY, text));
      last++;
    }
    counters.set(last, counters.get(last).with(bound, count));
    left -= BYTES_OF_A_BUCKET;
  }

  private Metrics.Counter counter(long id, double value, String name, SeriesText text) {
    String detail = text.labels().getOrDefault(Metrics.DETAIL.getOrDefault(name, ""), "");
    left -= BYTES_OF_A_COUNTER;
    return new Metrics.Counter(
        id, value, shared(name), sharedLabels(name, text.labels()), shared(detail));
  }

  private Map<String, String> sharedLabels(String name, Map<String, String> labels) {
    Map<String, String> judged = new HashMap<>(labels);
    boolean ofAuthorization = name.equals(Metrics.ALLOWED) || name.equals(Metrics.DENIED);
    judged.keySet().retainAll(ofAuthorization ? JUDGED_OF_AUTHORIZATION : JUDGED);
    Map<String, String> known = labelSets.get(judged);
    if (known == null) {
      judged.replaceAll((key, label) -> shared(label));
      known = Map.copyOf(judged);
      labelSets.put(known, known);
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
    return COUNTERS.contains(name) || Metrics.isGauge(name);
  }
}
