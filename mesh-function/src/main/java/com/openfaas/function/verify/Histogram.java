package com.openfaas.function.verify;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.regex.Pattern;

/**
 * The buckets of one histogram, in the order in which the proxy tells them: some thirty of each way
 * of a gateway, and so the most of what is kept of its metrics.
 */
final class Histogram {
  static final Histogram EMPTY = new Histogram(new double[0], new double[0]);

  private static final int MOST = 128;
  private static final Pattern BOUND = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

  private final double[] bounds;
  private final double[] counts;

  private Histogram(double[] bounds, double[] counts) {
    this.bounds = bounds;
    this.counts = counts;
  }

  /** The upper bound that the label {@code le} names; null if it is none. */
  static Double bound(String le) {
    if (le.equals("+Inf")) {
      return Double.POSITIVE_INFINITY;
    }
    return BOUND.matcher(le).matches() ? Double.valueOf(le) : null;
  }

  /** With one more bucket, the last; more than a proxy ever has are left out. */
  Histogram with(double bound, double count) {
    if (bounds.length == MOST) {
      return this;
    }
    return new Histogram(appended(bounds, bound), appended(counts, count));
  }

  /** What it has grown by: from zero if it fell in a bucket, or has other bounds. */
  Histogram since(Histogram before) {
    if (!Arrays.equals(bounds, before.bounds)) {
      return this;
    }
    double[] grown = counts.clone();
    for (int i = 0; i < grown.length; i++) {
      grown[i] -= grown[i] < before.counts[i] ? 0 : before.counts[i];
    }
    return new Histogram(bounds, grown);
  }

  /** The largest count: all that was counted, as buckets cumulate. */
  double most() {
    return Arrays.stream(counts).max().orElse(0);
  }

  /** Adds each count to the sum for its bound. */
  void addTo(NavigableMap<Double, Double> sums) {
    for (int i = 0; i < bounds.length; i++) {
      sums.merge(bounds[i], counts[i], Double::sum);
    }
  }

  private static double[] appended(double[] values, double last) {
    double[] more = Arrays.copyOf(values, values.length + 1);
    more[values.length] = last;
    return more;
  }
}
