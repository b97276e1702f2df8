package com.openfaas.function.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.openfaas.function.report.page.Page;
import com.openfaas.function.request.Answering.Format;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The table of answer formats. */
public final class Formats {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  private Formats() {}

  /**
   * The report in one of its formats.
   *
   * @param width the columns of a text
   */
  public static String body(Report report, Format format, int width) {
    switch (format) {
      case HTML:
        return Page.of(report);
      case TEXT:
        return TextFormat.of(report, width);
      case METRICS:
        return MetricsFormat.of(report);
      case PATCH:
        return PatchFormat.of(report);
      default:
        return json(report);
    }
  }

  /** What a browser may load for an answer: nothing but the page's own style. */
  public static String contentSecurityPolicy(Format format) {
    return format == Format.HTML ? Page.POLICY : "default-src 'none'";
  }

  /** A request that was not carried out, with all reasons. */
  public static String refusal(int status, List<String> faults, Format format) {
    return format == Format.JSON ? json(status, faults) : lines(faults);
  }

  /** The whole run in one line, for the function's log. */
  public static String logLine(Report report) {
    return Terminal.plain(
        runLine(report) + " " + report.summary.headline + "; next: " + report.next);
  }

  /** The run's figures, also used in the log line. */
  static String runLine(Report report) {
    Map<String, Integer> edges = Figures.countBy(report.edges, edge -> edge.mtls.toString());
    return String.format(
        Locale.ROOT,
        "%s: %s (%s; changes: %s; %s%.1f s, %d API requests, call %s)",
        report.run.action,
        report.outcome,
        counts(report.summary.states),
        counts(report.summary.changes),
        edges.isEmpty() ? "" : "edges: " + counts(edges) + "; ",
        report.run.durationMs / 1000.0,
        report.run.apiRequests,
        report.run.id);
  }

  private static String lines(List<String> faults) {
    return faults.stream()
        .map(fault -> Terminal.plain("mesh-setup: " + fault) + "\n")
        .collect(Collectors.joining());
  }

  private static String counts(Map<String, Integer> counts) {
    return counts.isEmpty()
        ? "none"
        : counts.entrySet().stream()
            .map(count -> count.getValue() + " " + count.getKey())
            .collect(Collectors.joining(", "));
  }

  private static String json(Report report) {
    StringBuilder json = new StringBuilder();
    GSON.toJson(report, json);
    return json.append('\n').toString();
  }

  private static String json(int status, List<String> faults) {
    Map<String, Object> refusal = new TreeMap<>();
    if (status >= 500) {
      refusal.put("outcome", Outcome.FAILED.toString());
    }
    refusal.put("status", status);
    refusal.put("errors", faults);
    return GSON.toJson(refusal) + "\n";
  }
}
