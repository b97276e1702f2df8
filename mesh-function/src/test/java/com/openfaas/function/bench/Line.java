package com.openfaas.function.bench;

import java.util.Map;

/** A straight line through measured points, by least squares: what one more function costs. */
final class Line {
  final double slope;
  final double start;

  private Line(double slope, double start) {
    this.slope = slope;
    this.start = start;
  }

  /**
   * @param points at least two, of different sizes
   */
  static Line through(Map<Integer, Double> points) {
    double n = points.size();
    double meanX = points.keySet().stream().mapToInt(x -> x).sum() / n;
    double meanY = points.values().stream().mapToDouble(y -> y).sum() / n;
    double products = 0;
    double squares = 0;
    for (Map.Entry<Integer, Double> point : points.entrySet()) {
      double x = point.getKey() - meanX;
      products += x * (point.getValue() - meanY);
      squares += x * x;
    }
    double slope = products / squares;
    return new Line(slope, meanY - slope * meanX);
  }
}
