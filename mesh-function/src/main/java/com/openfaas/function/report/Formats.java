package com.openfaas.function.report;

import com.openfaas.function.report.page.Page;
import com.openfaas.function.request.Format;
import java.util.List;

/** The table of forms an answer can take. */
public final class Formats {
  private Formats() {}

  public static String body(Report report, Format format) {
    switch (format) {
      case HTML:
        return Page.of(report);
      case TEXT:
        return TextFormat.of(report);
      case METRICS:
        return MetricsFormat.of(report);
      default:
        return JsonFormat.of(report);
    }
  }

  /** What a browser may load on account of an answer: nothing, but for the page's own style. */
  public static String contentSecurityPolicy(Format format) {
    return format == Format.HTML ? Page.POLICY : "default-src 'none'";
  }

  /** A request that was not carried out, with every reason. */
  public static String refusal(int status, List<String> faults, Format format) {
    return format == Format.JSON
        ? JsonFormat.ofRefusal(status, faults)
        : TextFormat.ofRefusal(faults);
  }

  /** The whole run in one line, for the function's log. */
  public static String logLine(Report report) {
    return TextFormat.oneLine(TextFormat.headline(report) + " next: " + report.next);
  }
}
