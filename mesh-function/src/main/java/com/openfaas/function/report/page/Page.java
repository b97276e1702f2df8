package com.openfaas.function.report.page;

import com.openfaas.function.report.Headline;
import com.openfaas.function.report.Plane;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.Tone;
import com.openfaas.function.report.UnderWay;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

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
    List<Element> sections = new ArrayList<>(List.of(outcome(report)));
    if (report.underWay != null) {
      sections.add(underWay(report.underWay));
    }
    sections.add(facts(report));
    sections.addAll(Attention.of(report));
    sections.addAll(MapSection.of(report));
    sections.addAll(EdgeTable.of(report));
    sections.addAll(OtherTables.callers(report));
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

  private static Element outcome(Report report) {
    Headline headline = Headline.of(report);
    Tone tone = headline.tone;
    Icon icon = Look.of(tone);
    return Element.of(
            "div",
            Element.of("h1", icon.inline(), Content.words(headline.words)),
            Element.of("div", Attention.toDo("Next: ", report.next)).classed("next"),
            counts(report))
        .classed("outcome " + tone);
  }

  /** The page is loaded anew while a run is under way. */
  private static Element underWay(UnderWay run) {
    Element bar =
        Element.of("progress", run.place())
            .with("value", run.done)
            .with("max", Math.max(1, run.total))
            .with("aria-label", "Objects done");
    return Element.of("p", bar, Content.words(" " + run)).classed("underway");
  }

  private static Element counts(Report report) {
    List<Content> counts = new ArrayList<>();
    Map<String, Look> looks = new TreeMap<>();
    report.workloads.forEach(w -> looks.put(w.after.toString(), Look.of(w.after)));
    report.summary.states.forEach(
        (state, count) ->
            counts.add(
                Element.of("li", looks.get(state).word(state), Element.of("b", " " + count))));
    report.summary.changes.forEach(
        (change, count) -> {
          if (!change.equals("none")) {
            counts.add(
                Element.of("li", Content.words(change), Element.of("b", " " + count))
                    .classed("change"));
          }
        });
    return Element.of("ul", counts)
        .classed("counts")
        .with("aria-label", "Workloads by state and change");
  }

  private static Element facts(Report report) {
    List<Content> facts = new ArrayList<>();
    facts.add(fact("run", report.run.action + ": " + report.outcome));
    facts.add(fact("started", report.run.startedAt.replaceFirst("\\.\\d+", "")));
    facts.add(
        fact(
            "took",
            String.format(
                Locale.ROOT,
                "%s of %d s, %d API requests",
                Figures.seconds(report.run.durationMs / 1000.0),
                report.run.budgetMs / 1000,
                report.run.apiRequests)));
    facts.add(fact("Linkerd", linkerd(report.controlPlane)));
    facts.add(fact("mesh-setup", report.run.version));
    facts.add(fact("call", report.run.id));
    return Element.of("dl", facts).classed("facts");
  }

  private static String linkerd(Plane plane) {
    if (plane == null) {
      return "no control plane was found";
    }
    return (plane.version.isEmpty() ? "version not known" : plane.version)
        + " in "
        + plane.namespace
        + ", injector "
        + plane.injector
        + (Boolean.TRUE.equals(plane.viz) ? ", with viz" : "");
  }

  private static Element fact(String name, String value) {
    return Element.of("div", Element.of("dt", name), Element.of("dd", value));
  }
}
