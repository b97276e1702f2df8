package com.openfaas.function.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a story leaves to be read: a table of its steps, and a folder to attach to an issue. */
final class Bundle {
  /** How a step ended. */
  enum Result {
    OK,
    FAILED,
    SKIPPED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Path folder;
  private final List<String> secrets;
  private final List<String[]> rows = new ArrayList<>();
  private boolean failed;
  private int answers;

  /**
   * A new one.
   *
   * @param secrets what may stand in no file of it, whoever has told it
   */
  Bundle(Path folder, List<String> secrets) {
    this.folder = folder;
    this.secrets =
        secrets.stream().map(String::trim).filter(s -> s.length() > 3).collect(Collectors.toList());
  }

  Path folder() {
    return folder;
  }

  boolean hasFailed() {
    return failed;
  }

  void row(String step, Result result, double seconds, String seen) {
    failed |= result == Result.FAILED;
    String took = result == Result.SKIPPED ? "" : String.format(Locale.ROOT, "%.1f s", seconds);
    rows.add(new String[] {step, result.toString(), took, clean(seen).replaceAll("\\s+", " ")});
    System.err.println("e2e: " + String.join(" | ", rows.get(rows.size() - 1)));
  }

  void answer(String step, Answer answer) {
    answers++;
    write(String.format("%02d-%s.json", answers, step.replaceAll("\\W+", "-")), answer.body);
  }

  void write(String name, String text) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(name), clean(text).stripTrailing() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As Markdown, which is read as it is, too. */
  String table() {
    int step = rows.stream().mapToInt(row -> row[0].length()).max().orElse(4);
    StringBuilder table = new StringBuilder();
    String line = "| %-" + step + "s | %-7s | %8s | %s |%n";
    table.append(String.format(line, "step", "result", "took", "seen"));
    table.append(String.format("|%s|---------|---------:|---|%n", "-".repeat(step + 2)));
    for (String[] row : rows) {
      table.append(String.format(line, row[0], row[1], row[2], row[3].replace("|", "\\|")));
    }
    return table.toString();
  }

  private String clean(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, "(a secret)");
    }
    return clean;
  }
}
