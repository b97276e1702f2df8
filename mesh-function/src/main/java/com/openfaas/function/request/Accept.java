package com.openfaas.function.request;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An Accept header, as far as the three formats need it (RFC 9110, 12.5.1: the more specific range
 * wins, then the quality).
 */
final class Accept {
  private final Map<String, Double> qualities = new HashMap<>();

  Accept(String header) {
    for (String range : (header == null ? "" : header).split(",", -1)) {
      String[] parts = range.split(";", -1);
      String type = parts[0].trim().toLowerCase(Locale.ROOT);
      if (!type.isEmpty()) {
        qualities.put(type, quality(parts));
      }
    }
  }

  /** JSON unless the caller prefers HTML or plain text. */
  Format preferred() {
    double json = qualityOf("application", "json");
    double html = qualityOf("text", "html");
    double text = qualityOf("text", "plain");
    if (html > json && html >= text) {
      return Format.HTML;
    }
    return text > json ? Format.TEXT : Format.JSON;
  }

  /**
   * Plain text for a failure, unless the caller named JSON alone: the OpenFaaS UI names both and
   * shows a JSON failure as "[object Object]".
   */
  Format preferredForFailure() {
    boolean json = qualities.getOrDefault("application/json", 0.0) > 0;
    return json && !qualities.containsKey("text/plain") ? Format.JSON : Format.TEXT;
  }

  private double qualityOf(String type, String subtype) {
    Double exact = qualities.get(type + "/" + subtype);
    Double any = qualities.getOrDefault(type + "/*", qualities.getOrDefault("*/*", 0.0));
    return exact == null ? any : exact;
  }

  private static double quality(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].trim().toLowerCase(Locale.ROOT);
      if (parameter.matches("q=[01](\\.\\d{0,3})?")) {
        return Double.parseDouble(parameter.substring(2));
      }
    }
    return 1;
  }
}
