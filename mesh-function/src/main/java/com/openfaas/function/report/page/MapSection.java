package com.openfaas.function.report.page;

import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.report.Figures;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.Report.CallerEntry;
import com.openfaas.function.report.Report.EdgeEntry;
import com.openfaas.function.report.page.MeshMap.Node;
import com.openfaas.function.verify.Edge.Mtls;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The map: callers, the gateway, and a frame for each namespace of functions, from left to right,
 * or on a phone from top to bottom. It consists of lists, so that it can be read aloud, searched
 * and wrapped like any text; the stylesheet draws the lines.
 */
final class MapSection {
  private final MeshMap map;
  private final Report report;

  private MapSection(Report report) {
    this.report = report;
    this.map = new MeshMap(report);
  }

  static List<Html> of(Report report) {
    if (report.workloads.isEmpty()) {
      return List.of();
    }
    MapSection section = new MapSection(report);
    return List.of(Html.section("map", "Map", List.of(section.map(), section.key())));
  }

  private Html map() {
    List<Html> parts = new ArrayList<>();
    if (!map.callers.isEmpty()) {
      parts.add(list("from", "What calls the gateway", map.callers));
    }
    List<Html> centre = new ArrayList<>();
    if (map.gateway != null) {
      centre.add(Html.of("div", box(map.gateway)).classed("gateway"));
    }
    if (!map.beside.isEmpty()) {
      centre.add(list("beside", "Next to the gateway, and not covered", map.beside));
    }
    parts.add(Html.of("div", centre).classed("via"));
    List<Html> frames = new ArrayList<>();
    map.functions.forEach((namespace, groups) -> frames.add(frame(namespace, groups)));
    parts.add(Html.of("div", frames).classed("to"));
    return Html.of("div", parts)
        .classed("map")
        .with("role", "group")
        .with("aria-label", "Map of the mesh");
  }

  private static Html list(String classes, String label, List<Node> nodes) {
    List<Html> items = nodes.stream().map(MapSection::item).collect(Collectors.toList());
    return Html.of("ul", items).classed(classes).with("aria-label", label);
  }

  private static Html item(Node node) {
    return Html.of("li", box(node)).classed("way " + Way.of(node.edges).style());
  }

  private static Html frame(String namespace, List<List<Node>> groups) {
    List<Html> items = new ArrayList<>();
    for (List<Node> nodes : groups) {
      items.add(nodes.size() == 1 ? item(nodes.get(0)) : group(nodes));
    }
    Html title = Html.of("h3", "namespace " + namespace);
    Html content =
        items.isEmpty() ? Html.of("p", "no functions") : Html.of("ul", items).classed("cells");
    return Html.of("div", title, content).classed("frame");
  }

  /** Many equal functions folded under one line, each still found by a search. */
  private static Html group(List<Node> nodes) {
    Node first = nodes.get(0);
    List<EdgeEntry> edges =
        nodes.stream().flatMap(node -> node.edges.stream()).collect(Collectors.toList());
    Way way = Way.of(edges);
    List<CallerEntry> callers =
        nodes.stream().flatMap(node -> node.callers.stream()).collect(Collectors.toList());
    Html words = words(nodes.size() + " " + first.state.words(), "functions", way, callers);
    Html summary = Html.of("summary", first.look().icon.inline(), words);
    List<Html> names =
        nodes.stream().map(node -> Html.of("li", node.title)).collect(Collectors.toList());
    Html box =
        Html.of("details", summary, Html.of("ul", names).classed("names"))
            .classed("box " + first.look().tone);
    return Html.of("li", box).classed("group way " + way.style());
  }

  private static Html box(Node node) {
    Html words = words(node.title, node.detail, Way.of(node.edges), node.callers);
    return Html.of("div", node.look().icon.inline(), words).classed("box " + node.look().tone);
  }

  /** Its name, the verdict on its edge, and its callers past the gateway. */
  private static Html words(String name, String detail, Way way, List<CallerEntry> callers) {
    List<Html> words = new ArrayList<>();
    words.add(Html.of("b", name).classed("name"));
    words.add(Html.of("span", detail).classed("detail"));
    if (way.mtls != null) {
      Look look = Look.of(way.mtls);
      Html edge = Html.of("span", look.icon.inline(), Html.words(way.words));
      words.add(edge.classed("edge " + look.tone));
    }
    if (!callers.isEmpty()) {
      Html past = Html.of("span", Look.Icon.DOOR.inline(), Html.words(past(callers)));
      words.add(past.classed("edge warn"));
    }
    return Html.of("span", words).classed("words");
  }

  private static String past(List<CallerEntry> callers) {
    List<String> names =
        callers.stream().map(CallerEntry::name).distinct().collect(Collectors.toList());
    long calls = callers.stream().mapToLong(caller -> caller.requests).sum();
    long refused = callers.stream().mapToLong(caller -> caller.refused).sum();
    return "past the gateway: "
        + (names.size() == 1 ? names.get(0) : names.size() + " callers")
        + ", "
        + Figures.count(calls, "call", "calls")
        + (refused == 0 ? "" : ", " + refused + " refused");
  }

  /** What the words and the lines mean. */
  private Html key() {
    List<Html> entries = new ArrayList<>();
    TreeSet<State> states = new TreeSet<>(Look.WORST_FIRST);
    report.workloads.forEach(workload -> states.add(workload.after));
    for (State state : states) {
      entries.add(
          Html.of("li", Look.of(state).word(state.words()), Html.words(": " + meaning(state))));
    }
    if (nodes().anyMatch(node -> node.edges.isEmpty())) {
      entries.add(line("unverified", report.edges.isEmpty() ? verify() : "not verified"));
    }
    for (Mtls mtls : Mtls.values()) {
      if (report.edges.stream().anyMatch(edge -> edge.mtls == mtls)) {
        entries.add(line(mtls.toString(), Look.words(mtls)));
      }
    }
    return Html.of("ul", entries).classed("key").with("aria-label", "Key of the map");
  }

  private static String verify() {
    return "not verified by this run: verify proves each";
  }

  private Stream<Node> nodes() {
    return Stream.concat(
        map.callers.stream(),
        map.functions.values().stream().flatMap(List::stream).flatMap(List::stream));
  }

  private static Html line(String style, String words) {
    return Html.of("li", Html.of("span", "").classed("line way " + style), Html.words(words));
  }

  private static String meaning(State state) {
    switch (state) {
      case MESHED:
        return "every ready pod has a Linkerd proxy";
      case UNMESHED:
        return "no ready pod has a proxy";
      case PARTIAL:
        return "some pods have a proxy, some have not";
      case ROLLING:
        return "its pods are being replaced";
      case STALE:
        return "its proxy is not of the control plane's version or trust bundle";
      case IDLE:
        return "no replicas: its namespace meshes it at the next start";
      case OPTED_OUT:
        return "it says linkerd.io/inject: disabled, which is respected";
      default:
        return "Linkerd cannot mesh it as it is";
    }
  }

  /** A line of the map: the verdict on its edges, and their traffic. */
  private static final class Way {
    /** The worst of its edges; null if none was verified. */
    final Mtls mtls;

    /** Verdict and traffic in words; empty if none was verified. */
    final String words;

    private Way(Mtls mtls, String words) {
      this.mtls = mtls;
      this.words = words;
    }

    static Way of(List<EdgeEntry> edges) {
      if (edges.isEmpty()) {
        return new Way(null, "");
      }
      Mtls worst = worst(edges);
      String verdict = edges.size() == 1 ? Look.words(worst) : counts(edges);
      boolean guarded = edges.stream().allMatch(edge -> Boolean.TRUE.equals(edge.isProtected));
      return new Way(worst, verdict + (guarded ? ", protected" : "") + traffic(edges));
    }

    /** The name of its line in the stylesheet. */
    String style() {
      return mtls == null ? "unverified" : mtls.toString();
    }

    private static Mtls worst(List<EdgeEntry> edges) {
      for (Mtls mtls : List.of(Mtls.PLAINTEXT, Mtls.NO_EVIDENCE)) {
        if (count(edges, mtls) > 0) {
          return mtls;
        }
      }
      return Mtls.PROVEN;
    }

    private static String counts(List<EdgeEntry> edges) {
      List<String> counts = new ArrayList<>();
      for (Mtls mtls : List.of(Mtls.PLAINTEXT, Mtls.NO_EVIDENCE, Mtls.PROVEN)) {
        long count = count(edges, mtls);
        if (count > 0) {
          counts.add(count + " " + Look.words(mtls));
        }
      }
      return String.join(", ", counts);
    }

    private static long count(List<EdgeEntry> edges, Mtls mtls) {
      return edges.stream().filter(edge -> edge.mtls == mtls).count();
    }

    /** All requests, the success rate, and the p95 latency of the slowest edge. */
    private static String traffic(List<EdgeEntry> edges) {
      long requests = edges.stream().mapToLong(edge -> edge.requests).sum();
      List<EdgeEntry> rated =
          edges.stream()
              .filter(edge -> edge.successRate != null && edge.requests > 0)
              .collect(Collectors.toList());
      double good = rated.stream().mapToDouble(edge -> edge.successRate * edge.requests).sum();
      long of = rated.stream().mapToLong(edge -> edge.requests).sum();
      String success = of == 0 ? "" : ", " + Figures.rate(good / of);
      String p95 =
          edges.stream()
              .map(edge -> edge.p95Ms)
              .filter(Objects::nonNull)
              .max(Comparator.naturalOrder())
              .map(slowest -> ", p95 " + Figures.latency(slowest))
              .orElse("");
      return "; " + Figures.count(requests, "request", "requests") + success + p95;
    }
  }
}
