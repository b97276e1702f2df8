package com.openfaas.function.report;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Cases;
import com.openfaas.function.request.Answering.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Prometheus reads the metrics and the alert rules as they are meant")
class PrometheusIT {
  private static final Path ALERTS = Path.of("deploy", "observability", "alerts.yml");

  @TempDir private static Path work;
  private static Promtool promtool;

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    promtool = new Promtool(work);
  }

  @Test
  void itsLinterHasNothingToSay() throws Exception {
    for (String name : new String[] {"verified", "observed", "blocked-unreadable"}) {
      Path file = Files.writeString(work.resolve(name), metrics(name));
      assertThat(promtool.run(file, "check", "metrics")).as(name).isEmpty();
    }
  }

  @Test
  @DisplayName(
      "its OpenMetrics parser reads every figure, and a tenant's words as one label's value")
  void readsBackWhatWasWritten() throws Exception {
    String text = MetricsFormatTest.report(MetricsFormatTest.EVIL, true);
    // It reads a history only, in which each sample has its time.
    String history =
        text.lines()
            .map(line -> line.startsWith("#") ? line : line + " 1700000000")
            .collect(joining("\n", "", "\n"));
    Path file = Files.writeString(work.resolve("history"), history);
    Path blocks = work.resolve("blocks");
    promtool.run(
        null, "tsdb", "create-blocks-from", "openmetrics", file.toString(), blocks.toString());

    Files.createDirectory(blocks.resolve("wal"));
    String read = promtool.run(null, "tsdb", "dump-openmetrics", blocks.toString());

    assertThat(read.lines().filter(line -> !line.startsWith("#")).map(PrometheusIT::normal))
        .containsExactlyInAnyOrderElementsOf(
            () ->
                history
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(PrometheusIT::normal)
                    .iterator());
  }

  /** The value as a number: 8 and 8.0 and 8e+00 are one. */
  private static String normal(String line) {
    int time = line.lastIndexOf(' ');
    int value = line.lastIndexOf(' ', time - 1);
    return line.substring(0, value).replaceFirst("\\{}$", "")
        + " "
        + Double.parseDouble(line.substring(value + 1, time));
  }

  @Test
  void theAlertRulesAreValid() throws Exception {
    assertThat(promtool.run(null, "check", "rules", ALERTS.toString())).contains("SUCCESS");
  }

  @Test
  void eachAlertFiresOnWhatItIsAboutAndOnNothingElse() throws Exception {
    String tests = Files.readString(Cases.file("alerts-test.yml"));
    Path file = work.resolve("alerts-test.yml");
    Files.writeString(file, tests.replace("ALERTS]", ALERTS.toAbsolutePath() + "]"));

    assertThat(promtool.run(null, "test", "rules", file.toString())).contains("SUCCESS");
  }

  private static String metrics(String name) {
    return Formats.body(new ReportCase(Cases.file("report/" + name)).report(), Format.METRICS, 80);
  }
}
