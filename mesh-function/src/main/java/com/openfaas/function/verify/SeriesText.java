package com.openfaas.function.verify;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One line of the Prometheus text format ({@code name{label="value",...} value [timestamp]}),
 * parsed by its grammar. Any other line is no sample; nothing here throws, as the text comes from a
 * pod.
 */
final class SeriesText {
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d{1,3})?");

  private final String line;
  private final Map<String, String> labels = new LinkedHashMap<>();
  private int at;
  private int end;

  private SeriesText(String line) {
    this.line = line;
  }

  /** Parses the line; null if it is a comment, blank, or malformed. */
  static SeriesText read(String line) {
    SeriesText text = new SeriesText(line);
    return text.name() && text.labelled() ? text : null;
  }

  /** The metric's name at the start of a line; empty if there is none. */
  static String nameOf(String line) {
    SeriesText text = new SeriesText(line);
    return text.name() ? line.substring(0, text.at) : "";
  }

  /** Name and labels as written: they identify a series of one proxy. */
  String series() {
    return line.substring(0, end);
  }

  Map<String, String> labels() {
    return labels;
  }

  /** The value; null if missing or not finite. */
  Double value() {
    String[] rest = line.substring(end).trim().split("\\s+", -1);
    if (!NUMBER.matcher(rest[0]).matches()) {
      return null;
    }
    double value = Double.parseDouble(rest[0]);
    return Double.isFinite(value) ? value : null;
  }

  private boolean name() {
    int start = at;
    while (at < line.length() && isNameCharacter(line.charAt(at), at > start)) {
      at++;
    }
    end = at;
    return at > start;
  }

  private static boolean isNameCharacter(char c, boolean later) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
    return letter || (later && c >= '0' && c <= '9');
  }

  private boolean labelled() {
    if (!isNext('{')) {
      return true;
    }
    at++;
    while (!isNext('}')) {
      if (!label()) {
        return false;
      }
      if (isNext(',')) {
        at++;
      } else if (!isNext('}')) {
        return false;
      }
    }
    at++;
    end = at;
    return true;
  }

  private boolean label() {
    int start = at;
    if (!name()) {
      return false;
    }
    String key = line.substring(start, at);
    if (!isNext('=')) {
      return false;
    }
    at++;
    String value = quoted();
    return value != null && labels.put(key, value) == null;
  }

  /** A quoted value, with its three escapes; null if it is not terminated. */
  private String quoted() {
    if (!isNext('"')) {
      return null;
    }
    StringBuilder value = new StringBuilder();
    for (at++; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '"') {
        at++;
        return value.toString();
      }
      if (c == '\\' && at + 1 < line.length()) {
        at++;
        c = line.charAt(at) == 'n' ? '\n' : line.charAt(at);
      }
      value.append(c);
    }
    return null;
  }

  private boolean isNext(char c) {
    return at < line.length() && line.charAt(at) == c;
  }
}
