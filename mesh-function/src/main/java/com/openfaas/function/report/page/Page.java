package com.openfaas.function.report.page;

import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.report.Figures;
import com.openfaas.function.report.Headline;
import com.openfaas.function.report.Headline.Tone;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.Report.Plane;
import com.openfaas.function.report.UnderWay;
import com.openfaas.function.report.WorkloadEntry.Change;
import com.openfaas.function.request.Action;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The report as one document: it loads nothing, runs no script, and every word on it comes from the
 * report.
 */
public final class Page {
  private static final String STYLE = css();

  /** The page's Content-Security-Policy: a browser applies its style, and loads nothing at all. */
  public static final String POLICY =
      "default-src 'none'; style-src 'sha256-"
          + hash(STYLE)
          + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private Page() {}

  public static String of(Report report) {
    StringBuilder page = new StringBuilder("<!DOCTYPE html>\n");
    Html.of("html", head(report), body(report)).with("lang", "en").writeTo(page);
    return page.append('\n').toString();
  }

  private static Html head(Report report) {
    return Html.of(
        "head",
        Html.of("meta").with("charset", "utf-8"),
        Html.of("meta")
            .with("name", "viewport")
            .with("content", "width=device-width, initial-scale=1"),
        Html.of("meta").with("name", "color-scheme").with("content", "light dark"),
        Html.of("title", report.run.action + ": " + report.outcome + " - mesh-setup"),
        style());
  }

  private static Html body(Report report) {
    List<Html> sections = new ArrayList<>(List.of(outcome(report), facts(report)));
    sections.addAll(Tables.attention(report));
    sections.addAll(MapSection.of(report));
    sections.addAll(EdgeTable.of(report));
    sections.addAll(Tables.callers(report));
    sections.addAll(Tables.workloads(report));
    sections.addAll(Tables.runs(report));
    sections.addAll(Tables.routes(report));
    sections.addAll(Tables.namespaces(report));
    sections.addAll(Tables.checks(report));
    return Html.of(
        "body",
        Html.of("a", "Skip to the report").classed("skip").with("href", "#report"),
        Look.Icon.definitions(),
        navigation(report),
        Html.of("main", sections).with("id", "report").with("tabindex", -1));
  }

  /** Links to what a browser may request by GET, and to this report in other formats. */
  private static Html navigation(Report report) {
    List<Html> links = new ArrayList<>();
    String again = Action.STATUS.toString();
    for (Action action : Action.values()) {
      if (!action.writes()) {
        Html link = link("?action=" + action, action.toString());
        boolean here = report.run.action.equals(action.toString());
        again = here ? action.toString() : again;
        links.add(Html.of("li", here ? link.with("aria-current", "page") : link));
      }
    }
    for (String format : List.of("json", "text")) {
      links.add(Html.of("li", link("?action=" + again + "&format=" + format, format)));
    }
    return Html.of(
        "header",
        Html.of("p", "mesh-setup").classed("brand"),
        Html.of("nav", Html.of("ul", links)).with("aria-label", "Reports"));
  }

  private static Html link(String href, String words) {
    return Html.of("a", words).with("href", href);
  }

  private static Html outcome(Report report) {
    Headline headline = Headline.of(report);
    Tone tone = headline.tone;
    Look.Icon icon = Look.of(tone);
    List<Html> parts = new ArrayList<>();
    parts.add(Html.of("h1", icon.inline(), Html.words(headline.words)));
    if (report.underWay != null) {
      parts.add(underWay(report.underWay));
    }
    parts.add(Html.of("div", Tables.toDo("Next: ", report.next)).classed("next"));
    parts.add(counts(report));
    return Html.of("div", parts).classed("outcome " + tone);
  }

  /** The page reloads while a run is in progress. */
  private static Html underWay(UnderWay run) {
    Html bar =
        Html.of("progress", run.place())
            .with("value", run.done)
            .with("max", Math.max(1, run.total))
            .with("aria-label", "Objects done");
    return Html.of("p", bar, Html.words("run " + run.id + ", since " + run.since))
        .classed("underway");
  }

  private static Html counts(Report report) {
    List<Html> counts = new ArrayList<>();
    Map<State, Integer> states = new TreeMap<>(Look.WORST_FIRST);
    report.workloads.forEach(w -> states.merge(w.after, 1, Integer::sum));
    states.forEach(
        (state, count) ->
            counts.add(
                Html.of("li", Look.of(state).word(state.words()), Html.of("b", " " + count))));
    Map<Change, Integer> changes = new TreeMap<>();
    report.workloads.stream()
        .filter(w -> w.change != Change.NONE)
        .forEach(w -> changes.merge(w.change, 1, Integer::sum));
    changes.forEach(
        (change, count) ->
            counts.add(
                Html.of("li", Html.words(change.words()), Html.of("b", " " + count))
                    .classed("change")));
    return Html.of("ul", counts)
        .classed("counts")
        .with("aria-label", "Workloads by state and change");
  }

  private static Html facts(Report report) {
    List<Html> facts = new ArrayList<>();
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
    return Html.of("dl", facts).classed("facts");
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

  private static Html fact(String name, String value) {
    return Html.of("div", Html.of("dt", name), Html.of("dd", value));
  }

  /** Unescaped: a style element has no escapes, and the policy's hash covers these bytes. */
  static Html style() {
    return Html.of("style", Html.raw(STYLE));
  }

  private static String css() {
    try (InputStream css = Page.class.getResourceAsStream("page.css")) {
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("page.css belongs to the jar", e);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
