package com.openfaas.function.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Counts things by a word for each, names the first of many, and says what part of all. */
public final class Count {
  private static final int NAMED = 3;

  private Count() {}

  static <T> Map<String, Integer> by(List<T> things, Function<T, String> word) {
    Map<String, Integer> counts = new TreeMap<>();
    things.forEach(thing -> counts.merge(word.apply(thing), 1, Integer::sum));
    return counts;
  }

  /**
   * In percent, with one decimal place; never rounded up, which would hide a failure.
   *
   * @param part from 0 to 1
   */
  public static String percent(double part) {
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
}
