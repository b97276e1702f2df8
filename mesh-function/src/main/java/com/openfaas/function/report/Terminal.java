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
    String[] words = BETWEEN_WORDS.split(plain(command), -1);
    for (int i = 0; i < words.length; i++) {
      boolean object = words[i].startsWith("'{") && words[i].endsWith("}'");
      words[i] = object ? object(words[i], width - indent - 2) : words[i];
    }
    broken(start, indent, words, " \\");
  }

  /** An object of JSON within quotes, in lines where it is too long: between its words is room. */
  private static String object(String json, int room) {
    StringBuilder lines = new StringBuilder();
    int start = 0;
    int end = 0;
    boolean quoted = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (i - start >= room && end > start) {
        lines.append(json, start, end).append('\n');
        start = end;
      }
      quoted ^= c == '"' && json.charAt(i - 1) != '\\';
      end = !quoted && (c == '{' || c == ',' || c == ':') ? i + 1 : end;
    }
    return lines.append(json, start, json.length()).toString();
  }

  /**
   * Words are wrapped; a command stands alone, so that it can be pasted.
   *
   * @param said where what is to be pasted may stand already
   */
  void hint(String start, int indent, String hint, String said) {
    String before = start;
    for (HintLines.Part part : HintLines.of(hint)) {
      if (!part.pasted || said.contains(part.words)) {
        wrapped(before, indent, part.pasted ? "see next" : part.words);
      } else if (part.words.indexOf('\n') < 0) {
        command(before, indent + 2, part.words);
      } else {
        part.words.lines().forEach(this::line);
      }
      before = " ".repeat(indent);
    }
  }

  /** The cells of a table row, and words in the last one, or below the others if too long. */
  void row(String cells, String words) {
    String row = cells + plain(words);
    if (row.stripTrailing().length() <= width) {
      line(row);
      return;
    }
    boolean fits = cells.stripTrailing().length() <= width;
    wrapped("", 4, fits ? cells.stripTrailing() : "  " + cells.strip().replaceAll(" +", " "));
    if (!words.isBlank()) {
      wrapped("    ", 4, words.strip());
    }
  }

  private void broken(String start, int indent, String[] words, String end) {
    StringBuilder line = new StringBuilder(start);
    boolean empty = true;
    for (int i = 0; i < words.length; i++) {
      int room = width - (i < words.length - 1 ? end.length() : 0);
      String[] lines = words[i].split("\n", -1);
      if (!empty && line.length() + 1 + lines[0].length() > room) {
        line(line + end);
        line = new StringBuilder(" ".repeat(indent));
        empty = true;
      }
      line.append(empty ? "" : " ").append(lines[0]);
      empty = false;
      for (int next = 1; next < lines.length; next++) {
        line(line.toString());
        line = new StringBuilder(" ".repeat(indent)).append(lines[next]);
      }
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
