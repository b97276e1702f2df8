package com.openfaas.function.report;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Counts things by a word for each. */
final class Count {
  private Count() {}

  static <T> Map<String, Integer> by(List<T> things, Function<T, String> word) {
    Map<String, Integer> counts = new TreeMap<>();
    things.forEach(thing -> counts.merge(word.apply(thing), 1, Integer::sum));
    return counts;
  }
}
