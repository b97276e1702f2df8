package com.openfaas.function.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Prometheus' own tool, which the lab builds from its Go module when it is first asked for. */
final class Promtool {
  private final Path work;
  private final String promtool;

  Promtool(Path work) throws IOException, InterruptedException {
    this.work = work;
    this.promtool = run(List.of(Path.of("../build/lab/lab").toString(), "promtool"), null).trim();
  }

  /** What it prints; fails where it does not end well. */
  String run(Path input, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(promtool));
    command.addAll(List.of(arguments));
    return run(command, input);
  }

  private String run(List<String> command, Path input) throws IOException, InterruptedException {
    Path errors = work.resolve("errors");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    if (input != null) {
      builder.redirectInput(input.toFile());
    }
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor())
        .as("%s: %s%s", command, printed, Files.readString(errors))
        .isZero();
    return printed;
  }
}
