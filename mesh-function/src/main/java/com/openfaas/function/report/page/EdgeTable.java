package com.openfaas.function.report.page;

import com.openfaas.function.report.Figures;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.Report.EdgeEntry;
import com.openfaas.function.report.Report.Plane;
import com.openfaas.function.report.page.Html.Table;
import com.openfaas.function.verify.Edge.Mtls;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Each edge with its proof and, if viz is installed, the command to watch it live. */
final class EdgeTable {
  private static final List<Mtls> ORDER = List.of(Mtls.PLAINTEXT, Mtls.NO_EVIDENCE, Mtls.PROVEN);

  private final boolean viz;

  /** The kind of each workload, by namespace/name. */
  private final Map<String, String> kinds = new HashMap<>();

  /** The suffix of every identity of this control plane. */
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

  static List<Html> of(Report report) {
    if (report.edges.isEmpty()) {
      return List.of();
    }
    EdgeTable edges = new EdgeTable(report);
    return List.of(Html.section("edges", "Edges", edges.parts(report.edges)));
  }

  private Html notes() {
    List<Html> notes = new ArrayList<>();
    if (!suffix.isEmpty()) {
      notes.add(
          Html.of(
              "p",
              Html.words("Identities are shown without "),
              Html.of("code", suffix),
              Html.words(", if they end in it.")));
    }
    if (viz) {
      notes.add(
          Html.of(
              "p",
              Html.words("To watch all of it live: "),
              Html.of("code", "linkerd viz dashboard"),
              Html.words("; one edge: the tap command in its row.")));
    }
    return Html.of("div", notes).classed("notes");
  }

  /** On a large platform the proven edges are folded. */
  private List<Html> parts(List<EdgeEntry> edges) {
    List<Html> parts = new ArrayList<>(List.of(notes()));
    List<EdgeEntry> open =
        edges.stream()
            .filter(edge -> edges.size() < MeshMap.SINGLY || edge.mtls != Mtls.PROVEN)
            .sorted(Comparator.comparing(edge -> ORDER.indexOf(edge.mtls)))
            .collect(Collectors.toUnmodifiableList());
    if (!open.isEmpty()) {
      String count = Figures.count(open.size(), "edge", "edges");
      String order = open.size() == edges.size() ? ", what is not proven first" : ", not proven";
      parts.add(table(count + order, open));
    }
    if (open.size() < edges.size()) {
      String caption = edges.size() - open.size() + " edges, " + Look.words(Mtls.PROVEN);
      List<EdgeEntry> proven =
          edges.stream()
              .filter(edge -> edge.mtls == Mtls.PROVEN)
              .collect(Collectors.toUnmodifiableList());
      parts.add(Html.folded(Look.of(Mtls.PROVEN).word(caption), table(caption, proven)));
    }
    return parts;
  }

  private Html table(String caption, List<EdgeEntry> edges) {
    Table table =
        new Table(
            Html.words(caption),
            "From and to",
            "mTLS",
            "Requests",
            "Success",
            "p50",
            "p95",
            "p99",
            "Client and server",
            "Evidence");
    edges.forEach(edge -> row(table, edge));
    return table.element("edges");
  }

  private void row(Table table, EdgeEntry edge) {
    table.row(
        pair(edge.from, edge.to),
        verdict(edge),
        Html.words(edge.requests),
        Html.words(Figures.rate(edge.successRate)),
        Html.words(Figures.latency(edge.p50Ms)),
        Html.words(Figures.latency(edge.p95Ms)),
        Html.words(Figures.latency(edge.p99Ms)),
        edge.clientId.isEmpty() && edge.serverId.isEmpty()
            ? Html.words("")
            : pair(identity(edge.clientId), identity(edge.serverId)),
        evidence(edge));
  }

  private static Html verdict(EdgeEntry edge) {
    Html mtls = Look.of(edge.mtls).word(Look.words(edge.mtls));
    return Boolean.TRUE.equals(edge.isProtected)
        ? Html.of("span", mtls, Html.of("br"), Html.words("protected"))
        : mtls;
  }

  /** One above the other: both are long. */
  private static Html pair(String from, String to) {
    return Html.of("span", Html.words(from), Html.of("br"), Html.words("\u2192 " + to));
  }

  private String identity(String identity) {
    if (identity.isEmpty()) {
      return "not seen";
    }
    return identity.endsWith(suffix)
        ? identity.substring(0, identity.length() - suffix.length())
        : identity;
  }

  private Html evidence(EdgeEntry edge) {
    if (!viz) {
      return Html.of("span", edge.message);
    }
    Html command = Html.of("code", tap(edge));
    return Html.of(
        "div", Html.words(edge.message), Html.of("details", Html.of("summary", "tap"), command));
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
