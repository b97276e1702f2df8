package com.openfaas.function.verify;

import com.openfaas.function.verify.Series.Histogram;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

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

  /**
   * One line of the Prometheus text format ({@code name{label="value",...} value [timestamp]}),
   * parsed by its grammar. Any other line is no sample; nothing here throws, as the text comes from
   * a pod.
   */
  static final class SeriesText {
    private static final Pattern NUMBER =
        Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d{1,3})?");

    private final String line;
    private final Map<String, String> labels = new LinkedHashMap<>();
    private int at;
    private int end;

    private SeriesText(String line) {
      this.line = line;
    }

    /** Parses the line; null if it is a comment, blank, or malformed. */
    static SeriesText read(String line) {
      SeriesText text = new SeriesText(line);
      return text.name() && text.labelled() ? text : null;
    }

    /** The metric's name at the start of a line; empty if there is none. */
    static String nameOf(String line) {
      SeriesText text = new SeriesText(line);
      return text.name() ? line.substring(0, text.at) : "";
    }

    /** Name and labels as written: they identify a series of one proxy. */
    String series() {
      return line.substring(0, end);
    }

    Map<String, String> labels() {
      return labels;
    }

    /** The value; null if missing or not finite. */
    Double value() {
      String[] rest = line.substring(end).trim().split("\\s+", -1);
      if (!NUMBER.matcher(rest[0]).matches()) {
        return null;
      }
      double value = Double.parseDouble(rest[0]);
      return Double.isFinite(value) ? value : null;
    }

    private boolean name() {
      int start = at;
      while (at < line.length() && isNameCharacter(line.charAt(at), at > start)) {
        at++;
      }
      end = at;
      return at > start;
    }

    private static boolean isNameCharacter(char c, boolean later) {
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
      return letter || (later && c >= '0' && c <= '9');
    }

    private boolean labelled() {
      if (!isNext('{')) {
        return true;
      }
      at++;
      while (!isNext('}')) {
        if (!label()) {
          return false;
        }
        if (isNext(',')) {
          at++;
        } else if (!isNext('}')) {
          return false;
        }
      }
      at++;
      end = at;
      return true;
    }

    private boolean label() {
      int start = at;
      if (!name()) {
        return false;
      }
      String key = line.substring(start, at);
      if (!isNext('=')) {
        return false;
      }
      at++;
      String value = quoted();
      return value != null && labels.put(key, value) == null;
    }

    /** A quoted value, with its three escapes; null if it is not terminated. */
    private String quoted() {
      if (!isNext('"')) {
        return null;
      }
      StringBuilder value = new StringBuilder();
      for (at++; at < line.length(); at++) {
        char c = line.charAt(at);
        if (c == '"') {
          at++;
          return value.toString();
        }
        if (c == '\\' && at + 1 < line.length()) {
          at++;
          c = line.charAt(at) == 'n' ? '\n' : line.charAt(at);
        }
        value.append(c);
      }
      return null;
    }

    private boolean isNext(char c) {
      return at < line.length() && line.charAt(at) == c;
    }
  }
}
