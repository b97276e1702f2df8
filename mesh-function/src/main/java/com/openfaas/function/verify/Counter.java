package com.openfaas.function.verify;

import java.util.Map;

/** One series at one moment. */
final class Counter {
  final long id;

  /** The same for all buckets of a histogram; of any other series its own. */
  final long histogram;

  final double value;
  private final String name;
  private final Map<String, String> labels;
  private final String detail;

  Counter(String text, double value, String name, Map<String, String> labels, String detail) {
    int bound = name.equals(Metrics.LATENCY) ? text.lastIndexOf(",le=") : -1;
    this.id = hash(text, text.length());
    this.histogram = bound < 0 ? id : hash(text, bound);
    this.value = value;
    this.name = name;
    this.labels = labels;
    this.detail = detail;
  }

  double since(Map<Long, Double> before) {
    double then = before.getOrDefault(id, 0.0);
    return value < then ? value : value - then;
  }

  Series series(double grown) {
    return new Series(name, labels, detail, grown);
  }

  /** FNV-1a with 64 bits: among 100,000 texts two are the same once in a billion times. */
  private static long hash(String text, int end) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < end; i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }
}
