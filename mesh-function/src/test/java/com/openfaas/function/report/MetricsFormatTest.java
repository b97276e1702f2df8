package com.openfaas.function.report;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openfaas.function.platform.Cases;
import com.openfaas.function.request.Answering.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsFormatTest {
  static final String EVIL = "a\"} 1\nmesh_setup_workloads{namespace=\"\\\\n\\";

  /** A label's value by the grammar of OpenMetrics 1.0. */
  private static final String VALUE = "\"(?:[^\"\\\\\n]|\\\\[\"\\\\n])*\"";

  private static final Pattern SAMPLE =
      Pattern.compile(
          "(mesh_setup_[a-z_]+)(\\{[a-z]+=" + VALUE + "(?:,[a-z]+=" + VALUE + ")*})? [0-9]+");

  @ParameterizedTest
  @ValueSource(strings = {"observed", "verified", "blocked-unreadable"})
  void areTheseOfThisRun(String name) {
    Path folder = Cases.file("report").resolve(name);
    String text = Formats.body(new ReportCase(folder).report(), Format.METRICS, 80);

    Cases.holdsGolden(folder.resolve("report.prom"), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"openfaas-fn", EVIL, "\\", "\"", "\n", "\\\"\n", "# EOF\n"})
  @DisplayName(
      "each line is one sample or a family's head, each series once, whatever a name holds")
  void areOpenMetrics(String namespace) {
    String text = report(namespace, true);

    assertThat(text).endsWith("\n# EOF\n");
    List<String> lines = List.of(text.split("\n", -1));
    Set<String> series = new HashSet<>();
    String family = "";
    for (String line : lines.subList(0, lines.size() - 2)) {
      Matcher head = Pattern.compile("# (HELP|TYPE) (mesh_setup_[a-z_]+) .+").matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (head.matches()) {
        family = head.group(2);
      } else {
        assertThat(sample.matches()).as(line).isTrue();
        assertThat(sample.group(1)).as("in the block of its family").isEqualTo(family);
        assertThat(series.add(line.substring(0, line.lastIndexOf(' ')))).as(line).isTrue();
      }
    }
    assertThat(text.lines().count()).isEqualTo(report("openfaas-fn", true).lines().count());
  }

  @Test
  void tellTheLastRunWhereItIsKnown() {
    assertThat(report("openfaas-fn", true))
        .contains(
            "mesh_setup_last_run_timestamp_seconds{action=\"apply\",outcome=\"changed\"}"
                + " 1788264000\n");
    assertThat(report("openfaas-fn", false)).doesNotContain("last_run");
  }

  @Test
  @DisplayName("docs, alert rules and dashboard name what there is, and the docs all of it")
  void areThoseThatAreTold() throws IOException {
    Set<String> there = names(report("openfaas-fn", true));

    Path observability = Path.of("deploy", "observability");
    assertThat(there).containsAll(names(Files.readString(observability.resolve("alerts.yml"))));
    String dashboard = Files.readString(observability.resolve("dashboard.json"));
    assertThat(new ObjectMapper().readTree(dashboard).path("panels")).isNotEmpty();
    assertThat(there).containsAll(names(dashboard));
    assertThat(names(Files.readString(Path.of("docs", "report.md")))).isEqualTo(there);
  }

  private static Set<String> names(String text) {
    Matcher matcher = Pattern.compile("mesh_setup_[a-z_]+").matcher(text);
    return Stream.generate(() -> matcher.find() ? matcher.group() : "")
        .takeWhile(name -> !name.isEmpty())
        .collect(toCollection(TreeSet::new));
  }

  /** A verify whose functions live in such a namespace. */
  static String report(String namespace, boolean ran) {
    ObjectNode given = (ObjectNode) Cases.yaml(Cases.file("report/verified/given.yaml"));
    ObjectNode namespaces = given.putObject("namespaces");
    namespaces.putObject(namespace).put("inject", "enabled");
    for (String serial : List.of("1A", "1B", "1B")) {
      given
          .withArray("certificates")
          .addObject()
          .put("use", "TRUST_ANCHOR")
          .put("serial", serial)
          .put("ends", "2027-09-01T12:00:00Z");
    }
    given.path("workloads").forEach(w -> move((ObjectNode) w, namespace));
    RunRecord record = new ReportCase(given).record();
    Report.Run run = new Report.Run("id", "verify", "1.0.0", "2026-09-01T12:00:00Z", 1, 50_000, 3);
    if (ran) {
      record.lastRun =
          new RunRecord.LastRun(changed(), record, Instant.parse("2026-09-01T12:00:00Z"));
    }
    return Formats.body(new Report(run, record), Format.METRICS, 80);
  }

  private static void move(ObjectNode workload, String namespace) {
    if (!workload.has("role") || workload.path("role").asText().equals("self")) {
      workload.put("in", namespace);
    }
  }

  private static Report changed() {
    return new ReportCase(Cases.file("report/changed")).report();
  }
}
