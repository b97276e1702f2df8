package com.openfaas.function.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Cases;
import com.openfaas.function.verify.Edge.Traffic;
import com.openfaas.function.verify.ScrapeTarget.Room;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Of a proxy's metrics is kept what judging needs, and no more than was said")
class MetricsReaderTest {
  /** That of jvm.options, in bytes. */
  private static final long HEAP = 32L * 1024 * 1024;

  private static final String WAY =
      "{direction=\"%s\",target_port=\"8080\",tls=\"%s\",client_id=\"gateway-%d\",srv_kind=\"x\"}"
          + " 1";

  @Test
  @DisplayName("a line is given up after 64 KiB, whatever the whole answer may have")
  void aLineWithoutEndIsNotKept() {
    BoundedLines lines = new BoundedLines(Long.MAX_VALUE, line -> {});

    lines.onNext(List.of(ByteBuffer.allocate(64 * 1024)));
    assertThat(lines.getBody().toCompletableFuture()).isNotDone();
    lines.onNext(List.of(ByteBuffer.allocate(1)));
    assertThat(lines.getBody().toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void aProxyThatTellsOfEverMoreCallersIsNotKept() {
    MetricsReader reader = new MetricsReader(16 * 1024, Series::tellsOfCallers);
    IntStream.range(0, 1000).forEach(i -> reader.line(request("inbound", "true", i)));
    assertThat(reader.isFull()).isTrue();
    assertThat(reader.metrics().sinceStart()).hasSizeLessThan(200);
  }

  @Test
  void whatNobodyLooksAtCostsNothing() {
    MetricsReader reader = new MetricsReader(16 * 1024, Series::tellsOfCallers);
    for (int i = 0; i < 10_000; i++) {
      reader.line(request("outbound", "true", i));
      reader.line(request("inbound", "no_identity", i));
      reader.line("response_latency_ms_bucket" + String.format(WAY, "inbound", "true", i));
      reader.line("other_total" + String.format(WAY, "inbound", "true", i));
    }
    reader.line(request("inbound", "true", 1));
    assertThat(reader.isFull()).isFalse();
    assertThat(reader.metrics().sinceStart())
        .singleElement()
        .satisfies(series -> assertThat(series.label("client_id")).isEqualTo("gateway-1"));
  }

  @ParameterizedTest
  @CsvSource({"1200, 1", "600, 2"})
  @DisplayName("a gateway of 1200 functions, or two of 600, with 26 buckets of each")
  void theGatewaysOfManyFunctionsAreKept(int functions, int gateways) {
    Room room = Room.OF_GATEWAY;
    MetricsReader reader = new MetricsReader(room.kept(HEAP, 2L * gateways), room.wanted);
    for (int i = 0; i < functions; i++) {
      String way = way(i);
      reader.line("request_total{" + way + "} 1");
      reader.line("response_total{" + way + ",classification=\"success\"} 1");
      reader.line("tcp_write_bytes_total{" + way + ",peer=\"dst\"} 1");
      reader.line("tcp_write_bytes_total{" + way + ",peer=\"src\"} 1");
      for (int bound = 1; bound <= 26; bound++) {
        String le = bound == 26 ? "+Inf" : String.valueOf(bound);
        int count = bound < 10 ? 0 : 1;
        reader.line("response_latency_ms_bucket{" + way + ",le=\"" + le + "\"} " + count);
      }
    }
    assertThat(reader.isFull()).isFalse();
    List<Series> kept = reader.metrics().sinceStart();
    assertThat(kept).hasSize(4 * functions).noneMatch(series -> series.label("peer").equals("src"));
    assertThat(Traffic.of(kept).p50Ms).as("of all histograms").isEqualTo(9.5);
  }

  @Test
  @DisplayName("each of two readings of 1000 functions' proxies is kept, under a policy, too")
  void aFunctionUnderAPolicyIsKept() throws IOException {
    Room room = Room.OF_FUNCTION;
    MetricsReader reader = new MetricsReader(room.kept(HEAP, 2000), room.wanted);
    String real = Files.readString(Cases.file("callers/in-audit").resolve("env.after.txt"));
    real.lines().forEach(reader::line);
    for (String route : new String[] {"default", "probe"}) {
      String way =
          String.format(WAY, "inbound", "true", 1).replace("}", ",route_name=\"" + route + "\"}");
      for (String name : new String[] {"request_total", "response_total"}) {
        reader.line(name + way);
      }
      reader.line("tcp_write_bytes_total" + String.format(WAY, "inbound", "true", 1));
    }

    assertThat(reader.isFull()).isFalse();
    assertThat(reader.metrics().sinceStart()).hasSize(13);
  }

  @Test
  @DisplayName("status reads each of 1000 functions' proxies once: their callers are kept")
  void theCallersOfAThousandFunctionsAreKept() throws IOException {
    String real = Files.readString(Cases.file("callers/in-audit").resolve("env.after.txt"));
    Room room = Room.OF_CALLERS;

    MetricsReader once = new MetricsReader(room.kept(HEAP, 1000), room.wanted);
    real.lines().forEach(once::line);
    assertThat(once.isFull()).isFalse();
    assertThat(once.metrics().sinceStart()).isNotEmpty();

    MetricsReader twice = new MetricsReader(room.kept(HEAP, 2000), room.wanted);
    real.lines().forEach(twice::line);
    assertThat(twice.isFull()).as("with room for a second reading of each").isTrue();
  }

  @Test
  @DisplayName("a histogram of ever more buckets takes no more memory than one of 128")
  void aHistogramWithoutEndIsNotKept() {
    MetricsReader reader = new MetricsReader(Long.MAX_VALUE, series -> true);
    for (int bound = 1; bound <= 1000; bound++) {
      reader.line("response_latency_ms_bucket{" + way(1) + ",le=\"" + bound + "\"} " + bound);
    }

    TreeMap<Double, Double> kept = new TreeMap<>();
    reader.metrics().sinceStart().forEach(series -> series.buckets.addTo(kept));
    assertThat(kept).hasSize(128).containsEntry(128.0, 128.0);
  }

  private static String way(int i) {
    return String.format(
        "direction=\"outbound\",target_addr=\"127.64.%d.%d:8080\",target_ip=\"127.64.%d.%d\","
            + "target_port=\"8080\",tls=\"true\",server_id=\"default.openfaas-fn.serviceaccount."
            + "identity.linkerd.cluster.local\",dst_deployment=\"fn-%d\","
            + "dst_namespace=\"openfaas-fn\",dst_pod=\"fn-%d-5d4f8c7b9-abcde\"",
        i / 250, i % 250, i / 250, i % 250, i, i);
  }

  private static String request(String direction, String tls, int client) {
    return "request_total" + String.format(WAY, direction, tls, client);
  }
}
