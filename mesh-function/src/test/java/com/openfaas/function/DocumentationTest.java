package com.openfaas.function;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.policy.PolicyReader;
import com.openfaas.function.policy.PolicyReader.PolicyException;
import com.openfaas.function.report.Outcome;
import com.openfaas.function.report.WorkloadEntry.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The tables of docs/ name what the code knows, all of it and nothing else. */
class DocumentationTest {
  private static final Path DOCS = Path.of("docs");
  private static final Path REPOSITORY = Path.of("..");
  private static final Pattern WORD = Pattern.compile("`([A-Za-z_-]+)`");

  /** The first argument of what makes a problem or a status, or any word with an underscore. */
  private static final Pattern WRITTEN =
      Pattern.compile(
          "(?:new Problem\\(|new MeshStatus\\([^,]+,|[fF]inding\\()\\s*\"([a-z_]+)\""
              + "|\"([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\"");

  private static final Pattern CONTROLLER = Pattern.compile("(?m)^([a-z0-9-]+): ");

  private static final Pattern CHECK =
      Pattern.compile("(?:String (?:id|ID|[A-Z]+) =|Check\\.[a-z]+\\()\\s*\"([a-z-]+)\"");

  @Test
  @DisplayName("the table of codes is the code's: each once, with its meaning, and no other")
  void everyCodeHasItsRowAndEveryRowItsCode() {
    List<String> rows = new ArrayList<>();
    section(report(), "## Codes")
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split(" \\| ", 2))
        .forEach(
            row ->
                words(WORD, row[0])
                    .forEach(code -> rows.add(code + ": " + row[1].replaceAll(" \\|$", ""))));
    rows.removeIf(row -> row.startsWith("ingress_NAME: "));

    assertThat(rows)
        .containsExactlyElementsOf(
            Stream.of(Code.values()).map(code -> code + ": " + code.meaning).collect(toList()));
  }

  @Test
  @DisplayName("no code is written as a word beside the enum")
  void noCodeIsWrittenAsAWord() {
    Set<String> words = new TreeSet<>();
    for (Path source : files(Path.of("src/main/java"), ".java")) {
      words(WRITTEN, text(source)).forEach(words::add);
    }
    assertThat(words).isNotEmpty().doesNotContainAnyElementsOf(names(Code.values()));
  }

  @Test
  @DisplayName("the codes of the golden reports, and of the samples, have their rows")
  void everyCodeOfAReportHasItsRow() {
    Set<String> rows = firstColumn(section(report(), "## Codes"));
    Set<String> controllers =
        words(CONTROLLER, text(Path.of("src/test/resources/cases/ingress/table.txt")))
            .collect(toCollection(TreeSet::new));
    Pattern code = Pattern.compile("\"code\": \"([a-z0-9_]+)\"");
    for (Path written : files(Path.of("src/test/resources/cases/report"), ".json")) {
      words(code, text(written))
          .filter(
              word -> !controllers.contains(word.replaceFirst("ingress_", "").replace('_', '-')))
          .forEach(word -> assertThat(rows).as("%s in %s", word, written).contains(word));
    }
  }

  @Test
  void everyCheckHasItsRowAndEveryRowItsCheck() {
    Set<String> checks = new TreeSet<>();
    for (Path source : files(Path.of("src/main/java/com/openfaas/function/preflight"), ".java")) {
      words(CHECK, text(source)).forEach(checks::add);
    }
    List.of("function", "core", "ingress", "gateway", "self")
        .forEach(role -> checks.add("rehearsal-" + role));

    assertThat(firstColumn(section(report(), "## Checks"))).isEqualTo(checks);
    Matcher schema =
        Pattern.compile("\"enum\": \\[(\"platform-readable\"[^]]*)]")
            .matcher(text(DOCS.resolve("report.schema.json")));
    assertThat(schema.find()).isTrue();
    assertThat(words(Pattern.compile("\"([a-z-]+)\""), schema.group(1)))
        .containsExactlyInAnyOrderElementsOf(checks);
  }

  @Test
  void outcomesStatesAndChangesAreThoseOfTheReport() {
    assertThat(firstColumn(section(report(), "## Outcomes"))).isEqualTo(names(Outcome.values()));
    assertThat(firstColumn(section(report(), "## States"))).isEqualTo(names(State.values()));
    assertThat(firstColumn(section(report(), "## Changes"))).isEqualTo(names(Change.values()));
  }

  @Test
  @DisplayName("each outcome is answered with the HTTP status of its row; never 202")
  void everyOutcomeHasTheStatusOfItsRow() {
    Map<String, Set<String>> statuses = new TreeMap<>();
    for (Outcome outcome : Outcome.values()) {
      statuses
          .computeIfAbsent(outcome.toString(), word -> new TreeSet<>())
          .add(String.valueOf(outcome.status));
    }
    Map<String, Set<String>> rows = new TreeMap<>();
    for (String row : section(report(), "## Outcomes").split("\n", -1)) {
      if (row.startsWith("| `")) {
        String[] cells = row.split(" \\| ", -1);
        Set<String> status =
            words(Pattern.compile("(\\d{3})"), cells[2]).collect(toCollection(TreeSet::new));
        words(WORD, cells[0]).forEach(word -> rows.put(word, status));
      }
    }

    assertThat(rows).isEqualTo(statuses).doesNotContainValue(Set.of("202"));
  }

  @Test
  void everySettingHasItsRowAndEveryRowItsSetting() {
    PolicyException refused =
        catchThrowableOfType(
            PolicyException.class, () -> PolicyReader.read(Map.of("mesh_unheard_of", "x")));
    String known = refused.getMessage().replaceFirst(".*there are ", "");

    assertThat(firstColumn(text(DOCS.resolve("policy.md"))))
        .isEqualTo(new TreeSet<>(Arrays.asList(known.split(", ", -1))));
  }

  @Test
  void stackYmlShowsEverySetting() {
    Path stack = REPOSITORY.resolve("stack.yml");
    assumeTrue(Files.exists(stack), "not in a checkout");

    assertThat(words(Pattern.compile("(?m)^ +# ((?:mesh|gateway)_\\w+): "), text(stack)))
        .containsExactlyInAnyOrderElementsOf(firstColumn(text(DOCS.resolve("policy.md"))));
  }

  @Test
  @DisplayName("lab.md leads a reader to classes that are there")
  void everyClassThatTheLabNamesIsThere() {
    Set<String> classes = new TreeSet<>();
    files(Path.of("src"), ".java")
        .forEach(file -> classes.add(file.getFileName().toString().replace(".java", "")));

    assertThat(words(Pattern.compile("`([A-Z]\\w+)`"), text(DOCS.resolve("lab.md"))))
        .isNotEmpty()
        .allMatch(classes::contains);
  }

  @Test
  @DisplayName("every relative link leads to a file; an image build has not all of them")
  void everyLinkLeadsSomewhere() {
    assumeTrue(Files.exists(REPOSITORY.resolve("stack.yml")), "not in a checkout");
    List<Path> pages = new ArrayList<>(files(DOCS, ".md"));
    pages.addAll(files(REPOSITORY.resolve(".github"), ".md"));
    pages.add(REPOSITORY.resolve("README.md"));
    pages.add(REPOSITORY.resolve("template/java11/README.md"));
    Pattern link = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");
    for (Path page : pages) {
      words(link, text(page))
          .forEach(to -> assertThat(page.getParent().resolve(to)).as("%s", page).exists());
    }
  }

  private static String report() {
    return text(DOCS.resolve("report.md"));
  }

  /** From one heading to the next of its level. */
  private static String section(String text, String heading) {
    int begin = text.indexOf("\n" + heading);
    assertThat(begin).as(heading).isPositive();
    int end = text.indexOf("\n## ", begin + 1);
    return end < 0 ? text.substring(begin) : text.substring(begin, end);
  }

  private static Set<String> firstColumn(String text) {
    return text.lines()
        .filter(line -> line.startsWith("| `"))
        .flatMap(line -> words(WORD, line.split("\\|", 3)[1]))
        .collect(toCollection(TreeSet::new));
  }

  private static Set<String> names(Object[] values) {
    return Stream.of(values).map(Object::toString).collect(toCollection(TreeSet::new));
  }

  /** What the first group that has matched holds, for each match. */
  private static Stream<String> words(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    List<String> words = new ArrayList<>();
    while (matcher.find()) {
      for (int group = 1; group <= matcher.groupCount(); group++) {
        if (matcher.group(group) != null) {
          words.add(matcher.group(group));
        }
      }
    }
    return words.stream();
  }

  private static List<Path> files(Path folder, String end) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> found = new ArrayList<>();
      files.filter(file -> file.toString().endsWith(end)).forEach(found::add);
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
