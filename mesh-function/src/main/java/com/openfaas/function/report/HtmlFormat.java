package com.openfaas.function.report;

/** The report for a browser: the text report on a page of its own. */
final class HtmlFormat {
  private HtmlFormat() {}

  static String of(Report report) {
    return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        + "<meta name=\"viewport\" content=\"width=device-width\"><title>mesh-setup: "
        + report.outcome
        + "</title></head><body><pre>"
        + escaped(TextFormat.of(report))
        + "</pre></body></html>\n";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
