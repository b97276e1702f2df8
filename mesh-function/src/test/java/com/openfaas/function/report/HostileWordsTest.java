package com.openfaas.function.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.openfaas.function.platform.Cases;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.preflight.Checks;
import com.openfaas.function.report.page.PageDocument;
import com.openfaas.function.request.Answering.Format;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words from the cluster or a caller that would like to be more than words. */
class HostileWordsTest {
  /** Wide enough that nothing of ours is broken. */
  private static final int WIDE = 1_000_000;

  private static final String NOT_PLAIN = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nmesh-setup: all is well",
        "a\r\nb",
        "\u001b[2J\u001b[31mred",
        "\u009b31m",
        "a\u0085b\u2028c\u2029d",
        "\u202egnorw",
        "zero\u200bwidth\u2060\ufeff",
        "tab\tnul\0bell\u0007",
        "%s %n %d",
        "<script>alert('x')</script>&amp;\"",
        "</pre></body>"
      })
  @DisplayName("no line breaks or controls in text, page or log; no markup in the page; JSON whole")
  void staysWords(String evil) {
    Report report = report(evil);
    String text = Formats.body(report, Format.TEXT, WIDE);
    assertThat(text.split("\n", -1)).hasSameSizeAs(textOf("plain").split("\n", -1));
    assertThat(text.replace("\n", "")).doesNotContainPattern(NOT_PLAIN);
    assertThat(Formats.logLine(report)).doesNotContainPattern(NOT_PLAIN);
    assertThat(new Problem("code", evil, evil, evil).toString()).doesNotContainPattern(NOT_PLAIN);
    String page = Formats.body(report, Format.HTML, 80);
    assertThat(page.replace("\n", "")).doesNotContainPattern(NOT_PLAIN);
    assertThat(new PageDocument(page).shape())
        .isEqualTo(new PageDocument(Formats.body(report("plain"), Format.HTML, 80)).shape());
    String json = Formats.body(report, Format.JSON, 80);
    ReportSchema.accepts(json);
    assertThat(message(json)).isEqualTo(evil);
    assertThat(json.replace("\n", ""))
        .doesNotContainPattern("[\\p{Cc}\\p{Zl}\\p{Zp}&&[^\\x7f-\\x9f]]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "\u001b[31m", "\u0085", "\u2028", "\u202e"})
  void aRefusalStaysALineForEachFault(String evil) {
    assertThat(Formats.refusal(400, List.of(evil, "b"), Format.TEXT).replaceAll("\n", ""))
        .doesNotContainPattern(NOT_PLAIN);
    assertThat(Formats.refusal(400, List.of(evil, "b"), Format.TEXT).split("\n")).hasSize(2);
    assertThat(Formats.refusal(400, List.of(evil), Format.HTML))
        .isEqualTo(Formats.refusal(400, List.of(evil), Format.TEXT));
  }

  @Test
  @DisplayName("a refusal as JSON: status, and every error whole")
  void aRefusalAsJson() {
    String json = Formats.refusal(400, List.of("a\n\"b\"", "<c>"), Format.JSON);
    assertThat(JsonParser.parseString(json))
        .isEqualTo(
            JsonParser.parseString("{\"errors\":[\"a\\n\\\"b\\\"\",\"<c>\"],\"status\":400}"));
  }

  @Test
  void aVeryLongMessageStaysOneLine() {
    String text = Formats.body(report("long ".repeat(20_000)), Format.TEXT, WIDE);
    assertThat(text.split("\n", -1)).hasSameSizeAs(textOf("plain").split("\n", -1));
    ReportSchema.accepts(Formats.body(report("x".repeat(100_000)), Format.JSON, 80));
  }

  private static String message(String json) {
    return JsonParser.parseString(json)
        .getAsJsonObject()
        .getAsJsonArray("findings")
        .get(0)
        .getAsJsonObject()
        .get("message")
        .getAsString();
  }

  private static String textOf(String words) {
    return Formats.body(report(words), Format.TEXT, WIDE);
  }

  /** A failed run with these words wherever words of others can come to stand. */
  private static Report report(String words) {
    RunRecord record = new ReportCase(Cases.file("report/planned")).record();
    record.checks.add(Checks.of("permissions", "fail", words, words));
    record.problem = new Problem("unexpected", words, words, words);
    Report.Run run = new Report.Run("id", "apply", "dev", "2026-09-01T12:00:00Z", 1234, 50_000, 3);
    return new Report(run, record);
  }
}
