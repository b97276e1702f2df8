package com.openfaas.function.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Cases;
import com.openfaas.function.platform.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each folder of cases/metrics: what real proxies told, and the verdicts on it. */
class MetricsGoldenTest {
  static Stream<Named<Path>> cases() {
    return Cases.in("metrics").stream()
        .filter(Files::isDirectory)
        .map(folder -> Named.of(folder.getFileName().toString(), folder));
  }

  @ParameterizedTest
  @CsvSource({
    "five-health-requests-over-mtls,        proven,     5, noEvidence, 0",
    "three-invocations-over-mtls,           proven,     3, noEvidence, 0",
    "four-requests-to-an-unmeshed-function, noEvidence, 0, plaintext,  4",
    "nothing-called,                        noEvidence, 0, noEvidence, 0",
  })
  @DisplayName("what was true when the texts were taken")
  void isTheTruth(String folder, String nodeinfo, int toNodeinfo, String env, int toEnv) {
    Edge first = nodeinfo(Cases.file("metrics/" + folder));
    Edge second = env(Cases.file("metrics/" + folder));

    assertThat(first.mtls).hasToString(nodeinfo);
    assertThat(first.traffic.requests).isEqualTo(toNodeinfo);
    assertThat(second.mtls).hasToString(env);
    assertThat(second.traffic.requests).isEqualTo(toEnv);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void givesTheseVerdicts(Path folder) {
    String verdicts = told(nodeinfo(folder)) + told(env(folder));

    Cases.holdsGolden(folder.resolve("verdicts.txt"), verdicts);
  }

  private static Edge nodeinfo(Path folder) {
    return EdgeCase.to("nodeinfo")
        .gateway(read(folder, "gateway.before"), read(folder, "gateway.after"))
        .pod(
            "nodeinfo-5857dd6d4c-6j5vj",
            "10.0.13.2",
            read(folder, "nodeinfo.before"),
            read(folder, "nodeinfo.after"))
        .evaluate()
        .edge;
  }

  /** As if its pod had a proxy: the gateway's metrics alone must tell that it has none. */
  private static Edge env(Path folder) {
    return EdgeCase.to("env")
        .gateway(read(folder, "gateway.before"), read(folder, "gateway.after"))
        .pod("env-7d56cfcc8d-4zvm7", "10.0.27.22", EdgeCase.metrics(), EdgeCase.metrics())
        .evaluate()
        .edge;
  }

  private static String told(Edge edge) {
    return String.join(
            "\n",
            edge.from + " -> " + edge.to + ": " + edge.mtls,
            "  client    " + edge.clientId,
            "  server    " + edge.serverId,
            "  requests  " + edge.traffic.requests + ", success " + edge.traffic.successRate,
            "  latency   "
                + edge.traffic.p50Ms
                + ", "
                + edge.traffic.p95Ms
                + ", "
                + edge.traffic.p99Ms,
            "  " + edge.message)
        + "\n";
  }

  private static Reading<Metrics> read(Path folder, String name) {
    try (Stream<String> lines = Files.lines(folder.resolve(name + ".txt"))) {
      return Reading.of(Metrics.of(lines));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
