package com.openfaas.function.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.request.Answering.Format;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTest {
  @ParameterizedTest
  @ValueSource(ints = {80, 60})
  @DisplayName(
      "broken into lines, a command has the arguments it had; only blanks within JSON are more")
  void aBrokenCommandIsTheSame(int width) throws Exception {
    List<String> commands = commandsOfKubectl();
    Terminal broken = new Terminal(width);
    commands.forEach(command -> broken.command("", 2, command));
    assertThat(broken.toString().lines().count()).isGreaterThan(commands.size());
    assertThat(arguments(broken.toString()))
        .isEqualTo(arguments(String.join("\n", commands)))
        .contains("patch");
  }

  private static List<String> commandsOfKubectl() {
    return PastedHintsTest.folders().stream()
        .flatMap(folder -> new ReportCase(folder).report().findings.stream())
        .flatMap(finding -> HintLines.of(finding.hint).stream())
        .filter(part -> part.pasted && part.words.matches("kubectl [^|&;$<>\n]*"))
        .map(part -> part.words)
        .distinct()
        .collect(Collectors.toList());
  }

  /** What a shell hands over to kubectl, without its blanks. */
  private static String arguments(String commands) throws Exception {
    Path script = Files.createTempFile("commands", ".sh");
    try {
      Files.writeString(script, "kubectl() { printf '<%s>' \"$@\"; }\n" + commands);
      Process shell = new ProcessBuilder("bash", script.toString()).start();
      String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(shell.waitFor()).isZero();
      return said.replaceAll("\\s", "");
    } finally {
      Files.delete(script);
    }
  }

  @Test
  @DisplayName(
      "no line of a report is longer than the terminal is wide, and no name or word is cut")
  void noLineIsTooLong() {
    List<String> wide = new ArrayList<>();
    for (Path folder : PastedHintsTest.folders()) {
      Report report = new ReportCase(folder).report();
      String text = Formats.body(report, Format.TEXT, 80);
      text.lines()
          .filter(line -> line.length() > 80 && !line.startsWith("# "))
          .forEach(line -> wide.add(folder.getFileName() + ": " + line));
      report.workloads.forEach(w -> assertThat(text).contains(w.namespace + "/" + w.name));
    }
    assertThat(wide).isEmpty();
  }
}
