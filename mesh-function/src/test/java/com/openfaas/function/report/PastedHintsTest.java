package com.openfaas.function.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openfaas.function.platform.Cases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What to do can be pasted, from anywhere: no word is left to be filled in")
class PastedHintsTest {
  private static final Path MAIN = Path.of("src", "main");

  /** Words that stand for others, and files that only this repository has. */
  private static final Pattern TO_FILL_IN =
      Pattern.compile(
          "\\b(NAMESPACE|NAME|HOST|GATEWAY|FUNCTION|ACCOUNT|VALUE|USER|SCC|KEYFILE)\\b(?!_)"
              + "|<[a-z]+>|mesh-function/|\\brbac(-[a-z]+)?\\.yml|\\bYOUR?_");

  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");

  /** Words that tell to invoke, and are no command. */
  private static final Pattern PROSE =
      Pattern.compile(
          "\\b(?<!faas-cli )[Ii]nvok(?:e|es|ing) (?:it|again|mesh-setup|status|plan|verify|apply|refresh"
              + "|revert|\\{)\\b");

  /** Where the report writes a command for them, and where one follows. */
  private static final Pattern WRITTEN_OUT =
      Pattern.compile(
          "(?:^|(?<=[:;,] )|(?<= or )|(?<= then ))invoke"
              + " (?:again|status|plan|verify|apply|refresh|revert|\\{.*)(?=$|; )");

  /** What is no advice: names of a signed request's refusals, regular expressions, constants. */
  private static final Set<String> NO_ADVICE = Set.of("NAMESPACE", "is not NAME or NAME.NAMESPACE");

  @Test
  @DisplayName("in no word of the sources: of a Problem, a Check or a Finding, whenever it is met")
  void noneOfTheSourcesLeavesAWordOpen() throws IOException {
    List<String> open = new ArrayList<>();
    for (Path source : sources()) {
      Matcher literal = LITERAL.matcher(Files.readString(source));
      while (literal.find()) {
        String words = literal.group(1);
        if (words.contains(" ") && TO_FILL_IN.matcher(words).find() && !isNoAdvice(words)) {
          open.add(source.getFileName() + ": " + words);
        }
      }
    }
    assertThat(open).isEmpty();
    assertThat(
            Files.readString(
                MAIN.resolve("resources/com/openfaas/function/ingress/controllers.yaml")))
        .doesNotContainPattern("\\b(GATEWAY-NAMESPACE|HOST|GATEWAY)\\b");
  }

  @Test
  @DisplayName("who is to be invoked is told by a command: no source says so in other words")
  void noSourceInvokesInProse() throws IOException {
    List<String> prose = new ArrayList<>();
    for (Path source : sources()) {
      Matcher literal = LITERAL.matcher(Files.readString(source));
      while (literal.find()) {
        String words = literal.group(1).replace("\\\"", "\"");
        String left = WRITTEN_OUT.matcher(words).replaceAll("");
        if (PROSE.matcher(left).find() && !left.contains("(?<")) {
          prose.add(source.getFileName() + ": " + words);
        }
      }
    }
    assertThat(prose).isEmpty();
  }

  private static boolean isNoAdvice(String words) {
    return words.contains("(?<") || NO_ADVICE.stream().anyMatch(words.trim()::equals);
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(MAIN)) {
      return files.filter(file -> file.toString().endsWith(".java")).collect(Collectors.toList());
    }
  }

  @Test
  @DisplayName("a shell reads every command of every case, as it stands in the text")
  void aShellReadsEveryCommand() throws Exception {
    Set<String> commands = new LinkedHashSet<>();
    for (Path folder : folders()) {
      Report report = new ReportCase(folder).report();
      List<String> hints = new ArrayList<>(List.of(report.next));
      report.findings.forEach(finding -> hints.add(finding.hint));
      report.checks.forEach(check -> hints.add(check.hint));
      for (String hint : hints) {
        assertThat(hint).doesNotContainPattern(TO_FILL_IN);
        assertIsPasted(HintLines.of(hint));
        HintLines.of(hint).stream()
            .filter(part -> part.pasted && !part.words.startsWith("apiVersion"))
            .forEach(part -> commands.add(part.words));
      }
    }
    assertThat(commands).hasSizeGreaterThan(20);
    Terminal text = new Terminal(80);
    commands.forEach(command -> pasted(text, command));
    Path script = Files.createTempFile("commands", ".sh");
    try {
      Files.writeString(script, text.toString());
      Process shell = new ProcessBuilder("bash", "-n", script.toString()).start();
      String said = new String(shell.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(shell.waitFor()).as(said).isZero();
    } finally {
      Files.delete(script);
    }
  }

  /** Words tell to do nothing that a command does, and none stand behind a command. */
  private static void assertIsPasted(List<HintLines.Part> parts) {
    for (int i = 0; i < parts.size(); i++) {
      String words = parts.get(i).words;
      boolean followed = i + 1 < parts.size() && parts.get(i + 1).pasted;
      if (!parts.get(i).pasted && !followed) {
        assertThat(words)
            .doesNotContainPattern(PROSE)
            .doesNotContainPattern("signed (refresh|apply|revert)");
      } else if (parts.get(i).pasted && words.indexOf('\n') < 0) {
        assertThat(words).as("no words behind a command").doesNotContainPattern(", ");
      }
    }
  }

  private static void pasted(Terminal text, String command) {
    if (command.indexOf('\n') < 0) {
      text.command("", 2, command);
    } else {
      command.lines().forEach(text::line);
    }
  }

  static List<Path> folders() {
    return Stream.concat(Cases.in("report").stream(), Cases.in("glance").stream())
        .filter(Files::isDirectory)
        .collect(Collectors.toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      value = {
        "kubectl get pods => kubectl get pods",
        "is it there? kubectl get pods => is it there? kubectl get pods",
        "look: kubectl get pods; then wait => look:#kubectl get pods#then wait",
        "echo -n '{\"a\":\"; \"}' | faas-cli invoke x; or linkerd check => echo -n '{\"a\":\"; \"}' | faas-cli invoke x#or#linkerd check",
        "so: kubectl label ns a x=privileged, or use Linkerd's CNI plugin => so:#kubectl label ns a x=privileged#or use Linkerd's CNI plugin",
        "kubectl patch x -p '{\"a\": 1, \"b\": 2}', which restarts it => kubectl patch x -p '{\"a\": 1, \"b\": 2}'#which restarts it",
        "linkerd does not act, linkerd-init neither => linkerd does not act, linkerd-init neither"
      })
  @DisplayName("a command ends at a semicolon or comma that no quote holds, or with the hint")
  void partsAreToldApart(String hint, String parts) {
    assertThat(HintLines.of(hint).stream().map(part -> part.words).collect(Collectors.joining("#")))
        .isEqualTo(parts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      value = {
        "invoke apply => echo apply | faas-cli invoke mesh-setup -n team-a",
        "mesh them: invoke apply; or wait => mesh them: echo apply | faas-cli invoke mesh-setup -n team-a; or wait",
        "kubectl x; then invoke verify => kubectl x; then echo verify | faas-cli invoke mesh-setup -n team-a",
        "or go on: invoke again => or go on: echo status | faas-cli invoke mesh-setup -n team-a",
        "alone: invoke {\"action\":\"verify\",\"functions\":[\"a\"]}; or not => alone: echo '{\"action\":\"verify\",\"functions\":[\"a\"]}' | faas-cli invoke mesh-setup -n team-a; or not",
        "restart them: invoke refresh => restart them: echo -n '{\"action\":\"refresh\",\"at\":\"'$(date -u +%FT%TZ)'\"}' | faas-cli invoke mesh-setup -n team-a --sign X-Mesh-Signature --key \"$(cat key.txt)\"",
        "see faas-cli logs mesh-setup; please report it => see faas-cli logs mesh-setup -n team-a; please report it",
        "whoever may invoke apply may => whoever may invoke apply may",
        "invoke {\"a\":\"'; rm x\"} => invoke {\"a\":\"'; rm x\"}"
      })
  @DisplayName("what stands for a command is written out once, with this platform's names")
  void commandsAreWrittenOut(String hint, String pasted) {
    ObjectNode given = (ObjectNode) Cases.yaml(Cases.file("report/observed/given.yaml"));
    given.withObject("namespaces").putObject("team-a");
    given
        .withArray("workloads")
        .removeAll()
        .addObject()
        .put("role", "self")
        .put("name", "mesh-setup")
        .put("in", "team-a")
        .putObject("pods")
        .put("unmeshed", 1);
    RunRecord record = new ReportCase(given).record();
    assertThat(HintLines.written(record, hint)).isEqualTo(pasted);
    assertThat(HintLines.written(record, pasted)).isEqualTo(pasted);
  }
}
