package com.openfaas.function.report.page;

import com.openfaas.function.report.Outcome;
import com.openfaas.function.report.Plane;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.UnderWay;
import com.openfaas.function.report.page.Look.Tone;
import com.openfaas.function.verify.Edge.Mtls;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What came of the run, what to do next, and the run in figures. */
final class Headline {
  private final Report report;

  private Headline(Report report) {
    this.report = report;
  }

  static List<Element> of(Report report) {
    Headline headline = new Headline(report);
    List<Element> elements = new ArrayList<>(List.of(headline.outcome()));
    if (report.underWay != null) {
      elements.add(headline.underWay(report.underWay));
    }
    elements.add(headline.facts());
    return elements;
  }

  private Element outcome() {
    Tone tone = tone();
    Icon icon = tone == Tone.GOOD ? Icon.TICK : tone == Tone.BAD ? Icon.CROSS : Icon.TRIANGLE;
    return Element.of(
            "div",
            Element.of(
                "h1",
                icon.inline(),
                Content.words(report.run.action + ": "),
                Element.of("strong", report.outcome.toString())),
            Element.of("p", Element.of("b", "Next: "), Content.words(report.next)).classed("next"),
            counts())
        .classed("outcome " + tone);
  }

  /** The page is loaded anew while a run is under way. */
  private Element underWay(UnderWay run) {
    Element bar =
        Element.of("progress", run.place())
            .with("value", run.done)
            .with("max", Math.max(1, run.total))
            .with("aria-label", "Objects done");
    return Element.of("p", bar, Content.words(" " + run)).classed("underway");
  }

  /** An edge in plaintext is bad whatever the outcome is called. */
  private Tone tone() {
    boolean failed = !report.outcome.isSuccess() && report.outcome != Outcome.BUSY;
    if (failed || has(Mtls.PLAINTEXT)) {
      return Tone.BAD;
    }
    boolean open = Set.of(Outcome.IN_PROGRESS, Outcome.BUSY, Outcome.HELD).contains(report.outcome);
    return open || has(Mtls.NO_EVIDENCE) ? Tone.WARN : Tone.GOOD;
  }

  private boolean has(Mtls mtls) {
    return report.edges.stream().anyMatch(edge -> edge.mtls == mtls);
  }

  private Element counts() {
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

  private Element facts() {
    List<Content> facts = new ArrayList<>();
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
