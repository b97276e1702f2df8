package com.openfaas.function.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Cases;
import com.openfaas.function.platform.ControlPlane.Certificate;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.report.Headline.Tone;
import com.openfaas.function.report.page.PageDocument;
import com.openfaas.function.request.Answering.Format;
import com.openfaas.function.verify.Edge.Mtls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HeadlineTest {
  private static final Set<State> AS_IT_SHOULD_BE =
      Set.of(State.MESHED, State.IDLE, State.OPTED_OUT, State.UNSUPPORTED);

  static Stream<Path> cases() {
    return Stream.concat(Cases.in("report").stream(), Cases.in("glance").stream())
        .filter(Files::isDirectory);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "fresh | bad | Not on the mesh: 10 of 10",
        "half | bad | On the mesh: 4 of 10 (6 unmeshed)",
        "whole | good | On the mesh: 8 of 8 that can be (1 opted out, 1 unsupported, 1 idle)",
        "blocked | bad | Blocked: no available pod of linkerd-proxy-injector",
        "crash-loop | bad | Rollout stuck: openfaas-fn/figlet: pod figlet-7d4: container figlet CrashLoopBackOff; on the mesh: 3 of 4 (1 rolling)",
        "stale | warn | On the mesh: 5 of 5 (3 stale)",
        "degraded | bad | Failed on the mesh, rolled back at 2026-09-01T06:00:00Z:"
            + " openfaas-fn/figlet: pod figlet-2: container figlet CrashLoopBackOff; on the mesh: 4 of 5 (1 unmeshed)",
        "held | warn | Held: a signed revert holds the platform since 2026-09-01T11:00:00Z; not on"
            + " the mesh: 3 of 3",
        "under-way | warn | Under way: wave 2 of 5 (functions), 34 of 100 objects done; failed:"
            + " deployment openfaas-fn/figlet; on the mesh: 34 of 103 (69 unmeshed)",
        "500-functions | bad | Rollout stuck: openfaas-fn/figlet: pod figlet-7d4: container figlet CrashLoopBackOff; on the mesh: 501 of 503 (1"
            + " unmeshed, 1 rolling)",
        "failed-run | bad | Not settled: run b0430e4a: the last apply ended rolledBack at 2026-09-01T11:40:00Z: Rolled back: openfaas-fn/env; not on the mesh: 4 of 4",
        "expired | bad | Expiring: the issuer expired at 2026-08-31T12:00:00Z; on the mesh: 4 of 4",
        "expiring | warn | Expiring: the issuer expires in 30 days, at 2026-10-01T12:00:00Z; on the"
            + " mesh: 4 of 4"
      })
  @DisplayName("the worst first, then how much of what can be on the mesh is")
  void says(String name, String tone, String words) {
    Report report = new ReportCase(Cases.file("glance/" + name)).report();
    assertThat(report.summary.headline).isEqualTo(words);
    assertThat(Headline.of(report).tone).hasToString(tone);
  }

  static Stream<Path> situations() {
    return Cases.in("glance").stream().filter(Files::isDirectory);
  }

  @ParameterizedTest
  @MethodSource("situations")
  @DisplayName("each folder of cases/glance: exactly this is read at a glance, and below it")
  void isThisText(Path folder) {
    String text = Formats.body(new ReportCase(folder).report(), Format.TEXT, 80);
    Cases.holdsGolden(folder.resolve("report.txt"), text);
  }

  @Test
  @DisplayName("of every case and every run, and of no report with something wrong is it green")
  void isNeverGreenBesideAFault() {
    List<RunRecord> records = new ArrayList<>();
    cases().forEach(folder -> records.add(new ReportCase(folder).record()));
    EveryRun.each(records::add);
    int certified = 0;
    int green = 0;
    for (RunRecord record : records) {
      Report report = ReportCase.report(record, 1234);
      boolean isGreen = Headline.of(report).tone == Tone.GOOD;
      List<Certificate> ending = ending(record);
      certified += ending.isEmpty() ? 0 : 1;
      green += isGreen ? 1 : 0;
      if (isGreen) {
        assertThat(faults(report)).as(report.summary.headline).isEmpty();
        assertThat(ending).as(report.summary.headline).isEmpty();
      }
    }
    assertThat(green).isPositive();
    assertThat(certified).isGreaterThan(100);
  }

  /** Those of the control plane that end within 60 days, whatever the report makes of them. */
  private static List<Certificate> ending(RunRecord record) {
    Platform platform = record.latest();
    if (platform == null || !platform.controlPlane.isKnown()) {
      return List.of();
    }
    Instant soon = Instant.parse("2026-10-31T12:00:00Z");
    return platform.controlPlane.value.certificates.stream()
        .filter(certificate -> certificate.ends.isBefore(soon))
        .collect(Collectors.toList());
  }

  private static List<String> faults(Report report) {
    List<String> faults = new ArrayList<>();
    report.workloads.stream()
        .filter(workload -> !AS_IT_SHOULD_BE.contains(workload.after))
        .forEach(workload -> faults.add(workload.name));
    report.checks.stream().filter(Check::failed).forEach(check -> faults.add(check.id));
    report.edges.stream()
        .filter(edge -> edge.mtls != Mtls.PROVEN && !isOut(report, edge.to))
        .forEach(edge -> faults.add(edge.to));
    report.findings.stream()
        .filter(
            f ->
                f.severity == Finding.Severity.ERROR
                    || f.code.endsWith("_expires")
                    || f.code.startsWith("certificate_"))
        .forEach(finding -> faults.add(finding.code));
    return faults;
  }

  private static boolean isOut(Report report, String key) {
    return report.workloads.stream()
        .filter(w -> (w.namespace + "/" + w.name).equals(key))
        .anyMatch(w -> w.after == State.OPTED_OUT || w.after == State.UNSUPPORTED);
  }

  @Test
  @DisplayName("a failed run is told, and on the page those before it, until a run has gone well")
  void aFailedRunIsTold() {
    RunRecord record = new ReportCase(Cases.file("glance/failed-run")).record();
    Report report = ReportCase.report(record, 1234);
    assertThat(report.findings.stream().map(finding -> finding.code)).contains("last_run_failed");
    assertThat(new PageDocument(Formats.body(report, Format.HTML, 80)).rows("runs"))
        .containsExactly(
            List.of(
                "2026-09-01T11:40:00Z",
                "apply",
                "rolledBack",
                "Rolled back: openfaas-fn/env; not on the mesh: 4 of 4",
                "b0430e4a"),
            List.of(
                "2026-09-01T11:20:00Z",
                "revert",
                "reverted",
                "Reverted; not on the mesh: 4 of 4",
                "11aa22bb"));

    Report well = new ReportCase(Cases.file("report/changed")).report();
    record.lastRun = new RunRecord.LastRun(well, record, Instant.parse("2026-09-01T11:50:00Z"));
    assertThat(ReportCase.report(record, 1234).findings.stream().map(finding -> finding.code))
        .doesNotContain("last_run_failed");
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("it is the first line of the text, the heading of the page and a key of the JSON")
  void isTheSameInEachFormat(Path folder) {
    Report report = new ReportCase(folder).report();
    String headline = Terminal.plain(report.summary.headline);
    assertThat(Formats.body(report, Format.TEXT, 1000)).startsWith(headline + "\nnext: ");
    assertThat(new PageDocument(Formats.body(report, Format.HTML, 80)).texts("//h1"))
        .containsExactly(headline);
  }
}
