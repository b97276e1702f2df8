package com.openfaas.function.policy;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration as of-watchdog reads it: whole seconds ({@code 55}) or Go's form ({@code 1m5s}). */
final class GoDuration {
  private static final Pattern PIECE = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private GoDuration() {}

  /** The duration, or null where the text is none. */
  static Duration parse(String text) {
    if (text.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    if (!text.matches("((\\d{1,9})(ms|s|m|h))+")) {
      return null;
    }
    Duration sum = Duration.ZERO;
    Matcher piece = PIECE.matcher(text);
    while (piece.find()) {
      sum = sum.plus(Duration.ofMillis(Long.parseLong(piece.group(1)) * millis(piece.group(2))));
    }
    return sum;
  }

  private static long millis(String unit) {
    switch (unit) {
      case "h":
        return 3_600_000;
      case "m":
        return 60_000;
      case "s":
        return 1_000;
      default:
        return 1;
    }
  }
}
