package com.openfaas.function.verify;

import com.openfaas.function.verify.Edge.Traffic;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Requests, success and latency out of the series of one edge. */
final class TrafficCount {
  private TrafficCount() {}

  static Traffic of(List<Series> series) {
    double requests = 0;
    double answered = 0;
    double succeeded = 0;
    NavigableMap<Double, Double> buckets = new TreeMap<>();
    for (Series one : series) {
      if (one.name.equals(Metrics.REQUESTS)) {
        requests += one.grown;
      } else if (one.name.equals(Metrics.RESPONSES)) {
        answered += one.grown;
        succeeded += one.label("classification").equals("success") ? one.grown : 0;
      } else if (one.name.equals(Metrics.LATENCY)) {
        add(one, buckets);
      }
    }
    return new Traffic(
        Math.round(requests),
        answered > 0 ? rounded(succeeded / answered) : null,
        quantile(0.5, buckets),
        quantile(0.95, buckets),
        quantile(0.99, buckets));
  }

  /**
   * Linear within the bucket that holds the quantile, as Prometheus' histogram_quantile: the lowest
   * bucket begins at 0, and beyond the highest bound that bound is all that is known. Null where
   * nothing was counted.
   *
   * @param buckets the cumulated count of each upper bound
   */
  static Double quantile(double share, NavigableMap<Double, Double> buckets) {
    Double all = buckets.get(Double.POSITIVE_INFINITY);
    Double highest = buckets.lowerKey(Double.POSITIVE_INFINITY);
    if (all == null || all <= 0 || highest == null) {
      return null;
    }
    double rank = share * all;
    double from = 0;
    double below = 0;
    for (Map.Entry<Double, Double> bucket : buckets.headMap(highest, true).entrySet()) {
      double count = Math.max(below, bucket.getValue());
      if (count >= rank && count > below) {
        double part = (rank - below) / (count - below);
        return rounded(from + (bucket.getKey() - from) * part);
      }
      from = bucket.getKey();
      below = count;
    }
    return highest;
  }

  private static void add(Series bucket, NavigableMap<Double, Double> buckets) {
    String le = bucket.label("le");
    if (le.equals("+Inf")) {
      buckets.merge(Double.POSITIVE_INFINITY, bucket.grown, Double::sum);
    } else if (le.matches("\\d{1,9}(\\.\\d{1,9})?")) {
      buckets.merge(Double.parseDouble(le), bucket.grown, Double::sum);
    }
  }

  /** Four digits behind the point are more than a histogram knows. */
  private static double rounded(double value) {
    return Math.round(value * 1e4) / 1e4;
  }
}
