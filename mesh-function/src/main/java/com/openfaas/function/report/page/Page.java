package com.openfaas.function.report.page;

import com.openfaas.function.report.Report;
import java.util.ArrayList;
import java.util.List;

/**
 * The report as one document: it loads nothing, nothing in it runs, and every word on it comes from
 * the report.
 */
public final class Page {
  /** The Content-Security-Policy under which the page is whole; it allows its own style alone. */
  public static final String POLICY = Style.POLICY;

  private Page() {}

  public static String of(Report report) {
    StringBuilder page = new StringBuilder("<!DOCTYPE html>\n");
    Element.of("html", head(report), body(report)).with("lang", "en").writeTo(page);
    return page.append('\n').toString();
  }

  private static Element head(Report report) {
    return Element.of(
        "head",
        Element.of("meta").with("charset", "utf-8"),
        Element.of("meta")
            .with("name", "viewport")
            .with("content", "width=device-width, initial-scale=1"),
        Element.of("meta").with("name", "color-scheme").with("content", "light dark"),
        Element.of("title", report.run.action + ": " + report.outcome + " - mesh-setup"),
        Style.element());
  }

  private static Element body(Report report) {
    List<Element> sections = new ArrayList<>(Headline.of(report));
    sections.addAll(Attention.of(report));
    sections.addAll(MapSection.of(report));
    sections.addAll(EdgeTable.of(report));
    sections.addAll(WorkloadTables.of(report));
    sections.addAll(OtherTables.routes(report));
    sections.addAll(OtherTables.namespaces(report));
    sections.addAll(OtherTables.checks(report));
    return Element.of(
        "body",
        Element.of("a", "Skip to the report").classed("skip").with("href", "#report"),
        Icon.definitions(),
        Navigation.of(report),
        Element.of("main", sections).with("id", "report").with("tabindex", -1));
  }
}
