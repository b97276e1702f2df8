package com.openfaas.function.report.page;

import com.openfaas.function.report.Count;
import java.util.Locale;

/** Numbers formatted for a reader; empty if unknown. */
final class Figures {
  private Figures() {}

  /**
   * @param milliseconds null if unknown
   */
  static String latency(Double milliseconds) {
    if (milliseconds == null) {
      return "";
    }
    if (milliseconds >= 1000) {
      return seconds(milliseconds / 1000);
    }
    return String.format(Locale.ROOT, milliseconds < 10 ? "%.1f ms" : "%.0f ms", milliseconds);
  }

  static String seconds(double seconds) {
    return String.format(Locale.ROOT, seconds < 10 ? "%.2f s" : "%.1f s", seconds);
  }

  /**
   * @param part from 0 to 1, or null if unknown
   */
  static String percent(Double part) {
    if (part == null) {
      return "";
    }
    return part == 1 ? "100 %" : Count.percent(part) + " %";
  }

  static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }
}
