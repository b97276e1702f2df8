package com.openfaas.function.report.page;

import com.openfaas.function.report.EdgeEntry;
import com.openfaas.function.report.Plane;
import com.openfaas.function.report.Report;
import com.openfaas.function.verify.Edge.Mtls;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Each edge with its proof; where viz is installed, also with the command to watch it live. */
final class EdgeTable {
  private static final List<Mtls> ORDER = List.of(Mtls.PLAINTEXT, Mtls.NO_EVIDENCE, Mtls.PROVEN);

  private final boolean viz;

  /** What kind of object each workload is, by namespace/name. */
  private final Map<String, String> kinds = new HashMap<>();

  /** What ends every identity of this control plane. */
  private final String suffix;

  private EdgeTable(Report report) {
    Plane plane = report.controlPlane;
    this.viz = plane != null && Boolean.TRUE.equals(plane.viz);
    this.suffix =
        plane == null
            ? ""
            : ".serviceaccount.identity." + plane.namespace + "." + plane.trustDomain;
    report.workloads.forEach(w -> kinds.put(w.namespace + "/" + w.name, w.kind));
  }

  static List<Element> of(Report report) {
    if (report.edges.isEmpty()) {
      return List.of();
    }
    EdgeTable edges = new EdgeTable(report);
    return List.of(Section.of("edges", "Edges", edges.notes(), edges.table(report.edges)));
  }

  private Element notes() {
    List<Content> notes = new ArrayList<>();
    if (!suffix.isEmpty()) {
      notes.add(
          Element.of(
              "p",
              Content.words("Identities are shown without "),
              Element.of("code", suffix),
              Content.words(", if they end in it.")));
    }
    if (viz) {
      notes.add(
          Element.of(
              "p",
              Content.words("To watch all of it live: "),
              Element.of("code", "linkerd viz dashboard"),
              Content.words("; one edge: the tap command in its row.")));
    }
    return Element.of("div", notes).classed("notes");
  }

  private Element table(List<EdgeEntry> edges) {
    String count = Figures.count(edges.size(), "edge", "edges");
    Table table =
        new Table(
            Content.words(count + ", what is not proven first"),
            "From and to",
            "mTLS",
            "Requests",
            "Success",
            "p50",
            "p95",
            "p99",
            "Client and server",
            "Evidence");
    edges.stream()
        .sorted(Comparator.comparing(edge -> ORDER.indexOf(edge.mtls)))
        .forEach(edge -> row(table, edge));
    return table.element("edges");
  }

  private void row(Table table, EdgeEntry edge) {
    table.row(
        pair(edge.from, edge.to),
        verdict(edge),
        Content.words(edge.requests),
        Content.words(Figures.percent(edge.successRate)),
        Content.words(Figures.latency(edge.p50Ms)),
        Content.words(Figures.latency(edge.p95Ms)),
        Content.words(Figures.latency(edge.p99Ms)),
        edge.clientId.isEmpty() && edge.serverId.isEmpty()
            ? Content.words("")
            : pair(identity(edge.clientId), identity(edge.serverId)),
        evidence(edge));
  }

  private static Element verdict(EdgeEntry edge) {
    Element mtls = Look.of(edge.mtls).word(Way.words(edge.mtls));
    return Boolean.TRUE.equals(edge.isProtected)
        ? Element.of("span", mtls, Element.of("br"), Content.words("protected"))
        : mtls;
  }

  /** One over the other: both are long. */
  private static Element pair(String from, String to) {
    return Element.of("span", Content.words(from), Element.of("br"), Content.words("\u2192 " + to));
  }

  private String identity(String identity) {
    if (identity.isEmpty()) {
      return "not seen";
    }
    return identity.endsWith(suffix)
        ? identity.substring(0, identity.length() - suffix.length())
        : identity;
  }

  private Element evidence(EdgeEntry edge) {
    if (!viz) {
      return Element.of("span", edge.message);
    }
    Element command = Element.of("code", tap(edge));
    return Element.of(
        "div",
        Content.words(edge.message),
        Element.of("details", Element.of("summary", "tap"), command));
  }

  /** Flags as in linkerd2 viz/cmd/tap.go. */
  private String tap(EdgeEntry edge) {
    return "linkerd viz tap "
        + resource(edge.from)
        + " -n "
        + namespace(edge.from)
        + " --to "
        + resource(edge.to)
        + " --to-namespace "
        + namespace(edge.to);
  }

  private String resource(String workload) {
    String kind = kinds.getOrDefault(workload, "Deployment").toLowerCase(Locale.ROOT);
    return kind + workload.substring(Math.max(workload.indexOf('/'), 0));
  }

  private static String namespace(String workload) {
    return workload.substring(0, Math.max(workload.indexOf('/'), 0));
  }
}
