package com.openfaas.function.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Cases;
import com.openfaas.function.request.Answering.Format;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each folder of cases/report: of a run, exactly this report as JSON and as text. */
class ReportGoldenTest {
  static Stream<Named<Path>> cases() {
    return Cases.in("report").stream()
        .filter(Files::isDirectory)
        .map(folder -> Named.of(folder.getFileName().toString(), folder));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void isThisJson(Path folder) {
    String json = Formats.body(new ReportCase(folder).report(), Format.JSON, 80);
    Cases.holdsGolden(folder.resolve("report.json"), json);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void isThisText(Path folder) {
    String text = Formats.body(new ReportCase(folder).report(), Format.TEXT, 80);
    Cases.holdsGolden(folder.resolve("report.txt"), text);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void isValidAgainstTheSchema(Path folder) {
    ReportSchema.accepts(Formats.body(new ReportCase(folder).report(), Format.JSON, 80));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  @DisplayName("the same input gives the same bytes")
  void isTheSameEachTime(Path folder) {
    for (Format format : Format.values()) {
      assertThat(Formats.body(new ReportCase(folder).report(), format, 80))
          .isEqualTo(Formats.body(new ReportCase(folder).report(), format, 80));
    }
  }

  @Test
  void everyOutcomeHasACase() {
    Set<Outcome> outcomes =
        cases()
            .map(folder -> new ReportCase(folder.getPayload()).report().outcome)
            .collect(Collectors.toSet());
    assertThat(outcomes).containsExactlyInAnyOrder(Outcome.values());
  }
}
