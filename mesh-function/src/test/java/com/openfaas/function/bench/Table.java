package com.openfaas.function.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table in Markdown. */
final class Table {
  private final List<String> lines = new ArrayList<>();

  Table(String... headers) {
    row((Object[]) headers);
    lines.add("|---" + "|---".repeat(headers.length - 1) + "|");
  }

  Table row(Object... cells) {
    StringBuilder line = new StringBuilder("|");
    for (Object cell : cells) {
      line.append(' ').append(cell).append(" |");
    }
    lines.add(line.toString());
    return this;
  }

  @Override
  public String toString() {
    return String.join("\n", lines) + "\n";
  }

  /** The middle one; of an even number the lower of the two in the middle. */
  static double median(List<Double> values) {
    return ranked(values, 0.5);
  }

  /** The value that so large a share of all does not exceed. */
  static double ranked(List<Double> values, double share) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(Math.max(0, (int) Math.ceil(sorted.size() * share) - 1));
  }
}
