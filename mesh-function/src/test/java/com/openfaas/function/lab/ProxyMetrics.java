package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one Linkerd proxy has counted, and how it tells that: names, labels and their order are
 * those of linkerd2-proxy as of August 2026, of which src/test/resources/cases/metrics has
 * excerpts.
 */
final class ProxyMetrics {
  private static final int[] BOUNDS = {
    1, 2, 3, 4, 5, 10, 20, 30, 40, 50, 100, 200, 300, 400, 500, 1000, 2000, 3000, 4000, 5000, 10000,
    20000, 30000, 40000, 50000
  };
  private static final int BYTES = 120;

  /** Told beside {@code tcp_write_bytes_total}, by the same labels. */
  private static final List<String> OF_CONNECTIONS =
      List.of("tcp_read_bytes_total", "tcp_open_total", "tcp_open_connections");

  /** A real proxy tells 219 KB before it has served many ways, and some 17 KB of each of them. */
  private static final String OTHER_SERIES = otherSeries(200 * 1024);

  private final Map<String, Way> ways = new LinkedHashMap<>();
  private final Map<String, Long> judged = new LinkedHashMap<>();
  private long startedMillis;

  ProxyMetrics(long startedMillis) {
    this.startedMillis = startedMillis;
  }

  /** One request with its answer, over the way that these labels name. */
  synchronized void count(String labels, int status, double millis) {
    ways.computeIfAbsent(labels, key -> new Way()).count(status, millis);
  }

  /** One request that was let in, or refused: by whom and for whom the labels tell. */
  synchronized void judge(boolean admitted, String labels) {
    String name = "inbound_http_authz_" + (admitted ? "allow" : "deny") + "_total";
    judged.merge(name + "{" + labels + "}", 1L, Long::sum);
  }

  /** As if it had begun so much earlier. */
  synchronized void age(long millis) {
    startedMillis -= millis;
  }

  /** The text, as of now. */
  synchronized String text(long nowMillis) {
    StringBuilder text = new StringBuilder("# TYPE request_total counter\n");
    ways.forEach((labels, way) -> line(text, "request_total", labels, way.requests));
    text.append("# TYPE response_latency_ms histogram\n");
    ways.forEach((labels, way) -> way.latency(text, labels));
    text.append("# TYPE response_total counter\n");
    ways.forEach((labels, way) -> way.responses(text, labels));
    text.append("# TYPE tcp_write_bytes_total counter\n");
    ways.forEach((labels, way) -> way.bytes(text, "tcp_write_bytes_total", labels));
    for (String other : OF_CONNECTIONS) {
      text.append("# TYPE ").append(other).append(" counter\n");
      ways.forEach((labels, way) -> way.bytes(text, other, labels));
    }
    judged.forEach((series, value) -> text.append(series).append(' ').append(value).append('\n'));
    text.append(OTHER_SERIES);
    double now = nowMillis / 1000.0;
    double issued = startedMillis / 1000.0;
    text.append("control_identity_cert_expiration_timestamp_seconds ").append(issued + 86_400);
    text.append("\ncontrol_identity_cert_refresh_timestamp_seconds ").append(issued);
    text.append("\ncontrol_identity_cert_refreshes_total{result=\"ok\"} 1\n");
    text.append("control_identity_cert_refreshes_total{result=\"error\"} 0\n");
    text.append("process_start_time_seconds ").append(issued);
    return text.append("\nprocess_clock_time_seconds ").append(now).append("\n# EOF\n").toString();
  }

  /** So many bytes, of ever more callers. */
  static void tellOfCallers(Pod pod, int bytes, HttpExchange call) throws IOException {
    call.sendResponseHeaders(200, bytes);
    try (OutputStream body = call.getResponseBody()) {
      for (int left = bytes, i = 0; left > 0; i++) {
        String line =
            "request_total{" + ProxyLabels.inbound(pod, "caller-" + i, false) + "} " + i + "\n";
        int length = Math.min(left, line.length());
        body.write(line.getBytes(UTF_8), 0, length);
        left -= length;
      }
    }
  }

  private static String otherSeries(int length) {
    StringBuilder text = new StringBuilder("# TYPE control_response_latency_ms histogram\n");
    for (int i = 0; text.length() < length; i++) {
      text.append("control_response_latency_ms_bucket{direction=\"outbound\",addr=\"")
          .append("linkerd-policy.linkerd.svc.cluster.local:8090\",tls=\"true\",server_id=\"")
          .append("linkerd-destination.linkerd.serviceaccount.identity.linkerd.cluster.local\",")
          .append("status_code=\"200\",le=\"")
          .append(i)
          .append("\"} 0\n");
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String labels, long value) {
    text.append(name).append('{').append(labels).append("} ").append(value).append('\n');
  }

  /** The counters of one set of labels. */
  private static final class Way {
    private final Map<Integer, Long> byStatus = new TreeMap<>();
    private final Map<Integer, long[]> buckets = new TreeMap<>();
    private long requests;

    void count(int status, double millis) {
      requests++;
      byStatus.merge(status, 1L, Long::sum);
      long[] counts = buckets.computeIfAbsent(status, key -> new long[BOUNDS.length + 1]);
      for (int i = 0; i < BOUNDS.length; i++) {
        counts[i] += millis <= BOUNDS[i] ? 1 : 0;
      }
      counts[BOUNDS.length]++;
    }

    void responses(StringBuilder text, String labels) {
      byStatus.forEach(
          (status, count) ->
              line(
                  text,
                  "response_total",
                  labels
                      + String.format(
                          ",status_code=\"%d\",classification=\"%s\",grpc_status=\"\",error=\"\"",
                          status, status < 500 ? "success" : "failure"),
                  count));
    }

    void latency(StringBuilder text, String labels) {
      buckets.forEach(
          (status, counts) -> {
            for (int i = 0; i <= BOUNDS.length; i++) {
              String bound = i < BOUNDS.length ? String.valueOf(BOUNDS[i]) : "+Inf";
              String of = String.format(",status_code=\"%d\",le=\"%s\"", status, bound);
              line(text, "response_latency_ms_bucket", labels + of, counts[i]);
            }
            String of = String.format(",status_code=\"%d\"", status);
            line(text, "response_latency_ms_sum", labels + of, counts[BOUNDS.length]);
            line(text, "response_latency_ms_count", labels + of, counts[BOUNDS.length]);
          });
    }

    /** Towards the other pod, and beside it the proxy's hop to its own application. */
    void bytes(StringBuilder text, String name, String labels) {
      boolean outbound = labels.startsWith("direction=\"outbound\"");
      String[] parts = labels.split(",", 2);
      String peer = ",peer=\"" + (outbound ? "dst" : "src") + "\",";
      String remote = parts[0] + peer + parts[1].replaceAll(",route_group=.*", "");
      line(text, name, remote, requests * BYTES);
      if (outbound) {
        String target = parts[1].replaceAll(",tls=.*", "");
        String own = parts[0] + ",peer=\"src\"," + target + ",tls=\"no_identity\"";
        line(text, name, own + ",no_tls_reason=\"loopback\"", requests * BYTES);
      }
    }
  }
}
