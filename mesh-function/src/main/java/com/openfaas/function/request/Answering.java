package com.openfaas.function.request;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The answer's formats and width; derived from any request, however malformed. */
public final class Answering {
  public final Format success;
  public final Format failure;

  /** Width of a text answer, in columns. */
  public final int width;

  private Answering(Format success, Format failure, int width) {
    this.success = success;
    this.failure = failure;
    this.width = width;
  }

  /** {@code format} in the body or the query wins over the Accept header. */
  public static Answering of(Asked asked) {
    Accept accept = new Accept(asked.header("Accept"));
    Integer columns = RequestReader.columns(asked.byName.get("width"));
    int width = columns == null ? RequestReader.COLUMNS : columns;
    Format format = formatAsked(asked.byName.get("format"));
    if (format == null) {
      return new Answering(accept.preferred(), accept.preferredForFailure(), width);
    }
    // A failure has neither figures nor a patch.
    boolean shows = format == Format.JSON || format == Format.HTML;
    return new Answering(format, shows ? format : Format.TEXT, width);
  }

  private static Format formatAsked(Asked.Option format) {
    String name = format == null ? null : format.asText();
    for (Format known : Format.values()) {
      if (name != null && known.toString().equals(name.toLowerCase(Locale.ROOT))) {
        return known;
      }
    }
    return null;
  }

  /**
   * An Accept header, as far as the three formats need it (RFC 9110, 12.5.1: the more specific
   * range wins, then the quality).
   */
  static final class Accept {
    private final Map<String, Double> qualities = new HashMap<>();

    Accept(String header) {
      for (String range : (header == null ? "" : header).split(",", -1)) {
        String[] parts = range.split(";", -1);
        String type = parts[0].trim().toLowerCase(Locale.ROOT);
        if (type.matches("[^/ ]+/[^/ ]+")) {
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
     * As on success, but plain text for who sends no header (faas-cli and the cron-connector show
     * it to people), and for who names JSON beside plain text: the OpenFaaS UI does, and shows a
     * JSON failure as "[object Object]".
     */
    Format preferredForFailure() {
      boolean json = qualities.getOrDefault("application/json", 0.0) > 0;
      boolean both = json && qualities.containsKey("text/plain");
      return qualities.isEmpty() || both ? Format.TEXT : preferred();
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

  /** The format of an answer. */
  public enum Format {
    JSON("application/json"),
    TEXT("text/plain; charset=utf-8"),
    HTML("text/html; charset=utf-8"),
    /** For Prometheus. */
    METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8"),
    /** For Git: RFC 9512. */
    PATCH("application/yaml; charset=utf-8");

    /** The answer's Content-Type. */
    public final String contentType;

    Format(String contentType) {
      this.contentType = contentType;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
