package com.openfaas.function.policy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration as of-watchdog reads it: whole seconds ({@code 55}) or Go's form ({@code 1m5.5s}). */
final class GoDuration {
  private static final String ONE =
      "(\\d{1,9}(?:\\.\\d{0,9})?|\\.\\d{1,9})(ns|us|\u00b5s|\u03bcs|ms|s|m|h)";
  private static final Pattern PIECE = Pattern.compile(ONE);

  private GoDuration() {}

  /** The duration, to the millisecond, or null if the text is not one. */
  static Duration parse(String text) {
    if (text.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    if (!text.matches("(" + ONE + ")+")) {
      return null;
    }
    Duration sum = Duration.ZERO;
    Matcher piece = PIECE.matcher(text);
    while (piece.find()) {
      BigDecimal millis = new BigDecimal(piece.group(1)).multiply(millis(piece.group(2)));
      sum = sum.plus(Duration.ofMillis(millis.longValue()));
    }
    return sum;
  }

  private static BigDecimal millis(String unit) {
    switch (unit) {
      case "h":
        return BigDecimal.valueOf(3_600_000);
      case "m":
        return BigDecimal.valueOf(60_000);
      case "s":
        return BigDecimal.valueOf(1_000);
      case "ms":
        return BigDecimal.ONE;
      case "ns":
        return new BigDecimal("0.000001");
      default:
        return new BigDecimal("0.001");
    }
  }
}
