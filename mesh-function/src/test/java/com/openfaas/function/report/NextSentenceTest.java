package com.openfaas.function.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Cases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Every sentence of {@code next} says only what is so: it is read word by word as claims, and each
 * is held against the record. A sentence with words that are no claim of {@link Claims} fails:
 * whoever lets the report say something new adds there what must hold, and to the runs one that
 * says it.
 */
class NextSentenceTest {
  /** Where the words of sentences are written: a whole class, or one method of it. */
  private static final List<String> MAKERS =
      List.of("NextSentence", "RevertSentence", "UnderWay.goesOn", "Findings.postponed");

  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern WORDS = Pattern.compile(".*[a-z]{2,}.* .*|.* .*[a-z]{2,}.*");

  @Test
  @DisplayName("of the cases of cases/report and cases/glance")
  void isTrueOfEveryCase() {
    assertThat(falseClaims(cases())).isEmpty();
  }

  @Test
  @DisplayName("whatever words are written for a sentence are heard, and so judged, in a run above")
  void isHeard() throws IOException {
    Set<String> sentences = new HashSet<>();
    cases().forEach(record -> sentences.add(report(record).next));
    EveryRun.each(record -> sentences.add(report(record).next));
    // Where a run has failed without a word why; none does that we know of.
    sentences.add(NextSentence.first(Stream.empty()));
    List<String> written = new ArrayList<>();
    for (String maker : MAKERS) {
      written.addAll(literals(maker));
    }
    assertThat(written).hasSizeGreaterThan(40);
    assertThat(written)
        .filteredOn(words -> sentences.stream().noneMatch(next -> says(next, words)))
        .as("said by no run that is judged")
        .isEmpty();
  }

  /** What is no longer its beginning begins small. */
  private static boolean says(String sentence, String words) {
    String later = words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
    return sentence.contains(words) || sentence.contains(later);
  }

  private static List<RunRecord> cases() {
    return Stream.of("report", "glance")
        .flatMap(folder -> Cases.in(folder).stream())
        .filter(Files::isDirectory)
        .map(folder -> new ReportCase(folder).record())
        .collect(Collectors.toList());
  }

  /** What has words in it, and is more than the name of a code. */
  private static List<String> literals(String maker) throws IOException {
    String[] named = maker.split("\\.", -1);
    Path source = Path.of("src/main/java/com/openfaas/function/report/" + named[0] + ".java");
    String code = Files.readString(source).replaceAll("(?m)^\\s*(/\\*\\*|\\*|//|import ).*$", "");
    if (named.length > 1) {
      int start = code.indexOf(" " + named[1] + "(");
      code = code.substring(start, code.indexOf("\n  }\n", start));
    }
    return LITERAL
        .matcher(code)
        .results()
        .map(literal -> literal.group(1))
        .filter(words -> WORDS.matcher(words).matches())
        .collect(Collectors.toList());
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
    return new Report(
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
