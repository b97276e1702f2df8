package com.openfaas.function.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Figures and names for a reader: counts, parts of a whole, times, the first of many. */
public final class Figures {
  private static final int NAMED = 3;

  private Figures() {}

  static <T> Map<String, Integer> countBy(List<T> things, Function<T, String> word) {
    Map<String, Integer> counts = new TreeMap<>();
    things.forEach(thing -> counts.merge(word.apply(thing), 1, Integer::sum));
    return counts;
  }

  /**
   * In percent, with one decimal place; never rounded up, which would hide a failure.
   *
   * @param part from 0 to 1
   */
  static String percent(double part) {
    return BigDecimal.valueOf(part)
        .movePointRight(2)
        .setScale(1, RoundingMode.FLOOR)
        .toPlainString();
  }

  /** The first names, and how many more there are. */
  static String some(Collection<String> names) {
    List<String> first = names.stream().limit(NAMED).collect(Collectors.toList());
    if (names.size() > NAMED) {
      return String.join(", ", first) + " and " + (names.size() - NAMED) + " more";
    }
    int last = first.size() - 1;
    return last == 0
        ? first.get(0)
        : String.join(", ", first.subList(0, last)) + " and " + first.get(last);
  }

  /**
   * A latency with its unit; empty if unknown.
   *
   * @param milliseconds null if unknown
   */
  public static String latency(Double milliseconds) {
    if (milliseconds == null) {
      return "";
    }
    if (milliseconds >= 1000) {
      return seconds(milliseconds / 1000);
    }
    return String.format(Locale.ROOT, milliseconds < 10 ? "%.1f ms" : "%.0f ms", milliseconds);
  }

  public static String seconds(double seconds) {
    return String.format(Locale.ROOT, seconds < 10 ? "%.2f s" : "%.1f s", seconds);
  }

  /**
   * A success rate in percent; empty if unknown.
   *
   * @param part from 0 to 1, or null if unknown
   */
  public static String rate(Double part) {
    if (part == null) {
      return "";
    }
    return part == 1 ? "100 %" : percent(part) + " %";
  }

  public static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }
}
