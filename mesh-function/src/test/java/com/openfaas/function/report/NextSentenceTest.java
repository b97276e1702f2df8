package com.openfaas.function.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Cases;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Every sentence of {@code next} says only what is so: it is read word by word as claims, and each
 * is held against the record. A sentence with words that are no claim of {@link Claims} fails:
 * whoever lets the report say something new adds there what must hold.
 */
class NextSentenceTest {
  @Test
  @DisplayName("of the cases of cases/report")
  void isTrueOfEveryCase() {
    List<RunRecord> records =
        Cases.in("report").stream()
            .filter(Files::isDirectory)
            .map(folder -> new ReportCase(folder).record())
            .collect(Collectors.toList());
    assertThat(falseClaims(records)).isEmpty();
  }

  @Test
  @DisplayName("of every action, on every kind of platform, with every outcome of each step")
  void isTrueOfEveryRun() {
    List<RunRecord> records = new ArrayList<>();
    EveryRun.each(records::add);
    assertThat(records).hasSizeGreaterThan(1000);
    assertThat(records.stream().map(record -> report(record).outcome).distinct())
        .contains(
            Outcome.OBSERVED,
            Outcome.PLANNED,
            Outcome.MESHED,
            Outcome.CHANGED,
            Outcome.IN_PROGRESS,
            Outcome.DEGRADED,
            Outcome.DEGRADED_NOW,
            Outcome.ROLLED_BACK,
            Outcome.FAILED,
            Outcome.REVERTED,
            Outcome.UNPROVEN);
    assertThat(falseClaims(records)).isEmpty();
  }

  /** What is wrong, each with the first run that shows it. */
  private static Map<String, String> falseClaims(List<RunRecord> records) {
    Map<String, String> wrong = new LinkedHashMap<>();
    for (RunRecord record : records) {
      Report report = report(record);
      new Claims(record, report)
          .falseOnes()
          .forEach(claim -> wrong.putIfAbsent(claim, told(report)));
    }
    return wrong;
  }

  private static Report report(RunRecord record) {
    String action = record.invocation.action.toString();
    return Reporter.report(
        new Report.Run("8f2c", action, "1.0.0", "2026-09-01T12:00:00Z", 1, 50_000, 1), record);
  }

  private static String told(Report report) {
    String workloads =
        report.workloads.stream()
            .map(w -> w.name + " " + w.before + " -> " + w.after + " " + w.change)
            .collect(Collectors.joining(", "));
    return report.run.action + " " + report.outcome + " \"" + report.next + "\" of " + workloads;
  }
}
