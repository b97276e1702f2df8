package com.openfaas.function.report;

import java.util.regex.Pattern;

/**
 * Text of a given width. A message from the cluster, whatever it contains, cannot break a line or
 * move the cursor. Only what cannot be broken is longer.
 */
final class Terminal {
  /** A blank outside quotes. */
  private static final Pattern BETWEEN_WORDS =
      Pattern.compile(" (?=(?:[^'\"]|'[^']*'|\"[^\"]*\")*$)");

  private final StringBuilder text = new StringBuilder();
  private final int width;

  Terminal(int width) {
    this.width = width;
  }

  void line(String line) {
    text.append(plain(line).stripTrailing()).append('\n');
  }

  /** Words; from the second line on, indented. */
  void wrapped(String start, int indent, String words) {
    broken(start, indent, plain(words).split(" ", -1), "");
  }

  /** A command: each broken line ends so that the shell reads on. */
  void command(String start, int indent, String command) {
    broken(start, indent, BETWEEN_WORDS.split(plain(command), -1), " \\");
  }

  /** The cells of a table row, and words in the last one, or below the others if too long. */
  void row(String cells, String words) {
    String row = cells + plain(words);
    if (words.isEmpty() || row.stripTrailing().length() <= width) {
      line(row);
    } else {
      line(cells);
      wrapped("    ", 4, words);
    }
  }

  private void broken(String start, int indent, String[] words, String end) {
    StringBuilder line = new StringBuilder(start);
    boolean empty = true;
    for (int i = 0; i < words.length; i++) {
      int room = width - (i < words.length - 1 ? end.length() : 0);
      if (!empty && line.length() + 1 + words[i].length() > room) {
        line(line + end);
        line = new StringBuilder(" ".repeat(indent));
        empty = true;
      }
      line.append(empty ? "" : " ").append(words[i]);
      empty = false;
    }
    line(line.toString());
  }

  static String plain(String words) {
    return words.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
