package com.openfaas.function.bench;

import java.util.Locale;

/** What the figures should be, beside what they are. */
final class Goals {
  private final Table table = new Table("goal", "figure", "met");
  private boolean any;

  /** A figure that should be at most so large. */
  void atMost(double most, double figure, String unit, String what) {
    any = true;
    table.row(
        String.format(Locale.ROOT, "%s: at most %s %s", what, plain(most), unit),
        String.format(Locale.ROOT, "%.2f %s", figure, unit),
        figure <= most ? "yes" : "**no**");
  }

  boolean any() {
    return any;
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
  }

  @Override
  public String toString() {
    return table.toString();
  }
}
