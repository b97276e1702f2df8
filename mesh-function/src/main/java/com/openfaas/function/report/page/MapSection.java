package com.openfaas.function.report.page;

import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.Tone;
import com.openfaas.function.verify.Edge.Mtls;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The map, in words for those who do not see it, and with a key for those who do. */
final class MapSection {
  private static final int MOST = 20;

  private MapSection() {}

  static List<Element> of(Report report) {
    if (report.workloads.isEmpty()) {
      return List.of();
    }
    MeshMap map = new MeshMap(report);
    Element drawing =
        new MapDrawing(map, !report.edges.isEmpty()).element(description(map, report));
    return List.of(
        Section.of("map", "Map", Section.scrolling("Map of the mesh", drawing), key(map, report)));
  }

  private static String description(MeshMap map, Report report) {
    String states =
        report.summary.states.entrySet().stream()
            .map(state -> state.getValue() + " " + state.getKey())
            .collect(Collectors.joining(", "));
    String callers = map.callers.stream().map(node -> node.title).collect(Collectors.joining(", "));
    String beside = map.beside.stream().map(node -> node.title).collect(Collectors.joining(", "));
    return (callers.isEmpty() ? "" : callers + " to ")
        + (map.gateway == null ? "no gateway was found" : map.gateway.title)
        + " to the functions in "
        + String.join(", ", map.functions.keySet())
        + (beside.isEmpty() ? "" : "; next to it and not covered: " + beside)
        + strangers(report)
        + "; workloads: "
        + states
        + ". The tables below list the same in words.";
  }

  private static String strangers(Report report) {
    String callers =
        report.callers.stream()
            .limit(MOST)
            .map(caller -> caller.name() + " to " + caller.function)
            .collect(Collectors.joining(", "));
    int more = report.callers.size() - MOST;
    return callers.isEmpty()
        ? ""
        : "; past the gateway: " + callers + (more > 0 ? " and " + more + " more" : "");
  }

  private static Element key(MeshMap map, Report report) {
    List<Content> entries = new ArrayList<>();
    for (State state : new TreeSet<>(states(report))) {
      entries.add(Element.of("li", Look.of(state).word(state)));
    }
    if (map.hasUnverifiedWay()) {
      entries.add(Element.of("li", line("unverified"), Content.words("not verified by this run")));
    }
    if (map.hasStrangers()) {
      entries.add(Element.of("li", line("foreign"), Content.words("called past the gateway")));
    }
    for (Mtls mtls : Mtls.values()) {
      if (report.edges.stream().anyMatch(edge -> edge.mtls == mtls)) {
        Tone tone = Look.of(mtls).tone;
        Element entry = Element.of("li", line(mtls.toString()), Content.words(Way.words(mtls)));
        entries.add(entry.classed(tone.toString()));
      }
    }
    return Element.of("ul", entries).classed("key").with("aria-label", "Key of the map");
  }

  private static List<State> states(Report report) {
    return report.workloads.stream().map(w -> w.after).collect(Collectors.toUnmodifiableList());
  }

  private static Element line(String style) {
    Element path = Element.of("path").classed("way " + style).with("d", "M0 5H36");
    return Element.of("svg", path)
        .classed("line")
        .with("viewBox", "0 0 36 10")
        .with("aria-hidden", "true");
  }
}
