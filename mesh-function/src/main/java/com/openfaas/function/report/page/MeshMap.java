package com.openfaas.function.report.page;

import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.report.CallerEntry;
import com.openfaas.function.report.Change;
import com.openfaas.function.report.EdgeEntry;
import com.openfaas.function.report.Finding;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.Report.NamespaceEntry;
import com.openfaas.function.report.Report.WorkloadEntry;
import com.openfaas.function.report.RouteEntry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the map shows, before anything has its place: who calls the gateway, and whom it calls. */
final class MeshMap {
  /** Above so many functions the map has a box for each namespace and state. */
  static final int SINGLY = 60;

  private static final int MOST_BESIDE = 6;

  /** Ingress controllers, and what else is known to call the gateway. */
  final List<MapNode> callers;

  /** Null where no gateway was found. */
  final MapNode gateway;

  /** The functions by namespace. */
  final Map<String, List<MapNode>> functions = new TreeMap<>();

  /** What runs beside the gateway and is left alone; nothing is known of its ways. */
  final List<MapNode> beside;

  /** Whether its boxes stand for many functions. */
  final boolean grouped;

  private final Report report;
  private final String gatewayKey;

  MeshMap(Report report) {
    this.report = report;
    WorkloadEntry entry =
        report.workloads.stream().filter(w -> is(w, Role.GATEWAY)).findFirst().orElse(null);
    this.gatewayKey = entry == null ? "" : key(entry);
    this.gateway = entry == null ? null : node(entry, List.of());
    this.callers = callers();
    this.beside = beside();
    List<WorkloadEntry> called =
        report.workloads.stream()
            .filter(workload -> is(workload, Role.FUNCTION) || is(workload, Role.SELF))
            .collect(Collectors.toUnmodifiableList());
    this.grouped = called.stream().filter(workload -> is(workload, Role.FUNCTION)).count() > SINGLY;
    Map<String, List<WorkloadEntry>> byNamespace = new TreeMap<>();
    for (NamespaceEntry namespace : report.namespaces) {
      byNamespace.put(namespace.name, new ArrayList<>());
    }
    called.forEach(w -> byNamespace.computeIfAbsent(w.namespace, n -> new ArrayList<>()).add(w));
    byNamespace.forEach(
        (namespace, workloads) ->
            functions.put(namespace, grouped ? groups(workloads) : nodes(workloads)));
  }

  /** Whether there is a line of which nothing can be said. */
  boolean hasUnverifiedWay() {
    return Stream.concat(callers.stream(), functions.values().stream().flatMap(List::stream))
        .anyMatch(node -> node.way.mtls == null);
  }

  /** Whether somebody calls a function past the gateway. */
  boolean hasStrangers() {
    return functions.values().stream()
        .flatMap(List::stream)
        .anyMatch(node -> !node.callers.isEmpty());
  }

  private List<MapNode> callers() {
    List<MapNode> nodes = new ArrayList<>();
    Map<String, List<RouteEntry>> routes =
        report.routes.stream()
            .collect(Collectors.groupingBy(MeshMap::controller, TreeMap::new, Collectors.toList()));
    for (WorkloadEntry workload : report.workloads) {
      if (is(workload, Role.INGRESS) || is(workload, Role.CORE)) {
        List<RouteEntry> its = routes.remove(key(workload));
        nodes.add(node(workload, edges(key(workload), gatewayKey), its == null ? List.of() : its));
      }
    }
    routes.forEach((controller, its) -> nodes.add(unseen(controller, its)));
    return List.copyOf(nodes);
  }

  private List<MapNode> beside() {
    List<String> names =
        report.findings.stream()
            .filter(finding -> finding.code.endsWith(Finding.NOT_COVERED))
            .map(finding -> finding.subject.substring(finding.subject.indexOf('/') + 1))
            .collect(Collectors.toUnmodifiableList());
    int shown = names.size() > MOST_BESIDE ? MOST_BESIDE - 1 : names.size();
    List<MapNode> nodes = new ArrayList<>();
    names.stream().limit(shown).map(MeshMap::notCovered).forEach(nodes::add);
    if (shown < names.size()) {
      nodes.add(notCovered(names.size() - shown + " others"));
    }
    return List.copyOf(nodes);
  }

  private static MapNode notCovered(String title) {
    return new MapNode(title, "not covered", Look.UNKNOWN, Way.of(List.of()));
  }

  /** A controller known by its routes only. */
  private MapNode unseen(String controller, List<RouteEntry> routes) {
    String title = controller.substring(controller.indexOf('/') + 1);
    Way way = Way.of(edges(controller, gatewayKey));
    return new MapNode(title, "not checked" + routes(routes), Look.UNKNOWN, way);
  }

  private List<MapNode> nodes(List<WorkloadEntry> workloads) {
    return workloads.stream()
        .map(workload -> node(workload, edges(gatewayKey, key(workload))))
        .collect(Collectors.toUnmodifiableList());
  }

  private List<MapNode> groups(List<WorkloadEntry> workloads) {
    Map<State, List<WorkloadEntry>> byState =
        workloads.stream()
            .collect(
                Collectors.groupingBy(
                    w -> w.after, () -> new EnumMap<>(State.class), Collectors.toList()));
    List<MapNode> groups = new ArrayList<>();
    byState.forEach((state, those) -> groups.add(group(state, those)));
    return List.copyOf(groups);
  }

  private MapNode group(State state, List<WorkloadEntry> workloads) {
    Map<String, List<EdgeEntry>> edges =
        report.edges.stream()
            .filter(edge -> edge.from.equals(gatewayKey))
            .collect(Collectors.groupingBy(edge -> edge.to));
    List<EdgeEntry> theirs =
        workloads.stream()
            .flatMap(workload -> edges.getOrDefault(key(workload), List.of()).stream())
            .collect(Collectors.toUnmodifiableList());
    return new MapNode(
        workloads.size() + " " + state,
        workloads.size() == 1 ? "function" : "functions",
        Look.of(state),
        Way.of(theirs),
        workloads.stream()
            .flatMap(workload -> strangers(workload))
            .collect(Collectors.toUnmodifiableList()));
  }

  private MapNode node(WorkloadEntry workload, List<EdgeEntry> edges) {
    return node(workload, edges, List.of());
  }

  private Stream<CallerEntry> strangers(WorkloadEntry workload) {
    return report.callers.stream().filter(caller -> caller.function.equals(key(workload)));
  }

  private MapNode node(WorkloadEntry workload, List<EdgeEntry> edges, List<RouteEntry> routes) {
    String change = workload.change == Change.NONE ? "" : ", " + workload.change;
    return new MapNode(
        workload.name,
        workload.after + change + routes(routes),
        Look.of(workload.after),
        Way.of(edges),
        strangers(workload).collect(Collectors.toUnmodifiableList()));
  }

  private static String routes(List<RouteEntry> routes) {
    if (routes.isEmpty()) {
      return "";
    }
    long missing = routes.stream().filter(route -> "missing".equals(route.after)).count();
    return missing == 0
        ? ", " + Figures.count(routes.size(), "route", "routes")
        : ", " + (routes.size() - missing) + "/" + routes.size() + " routes set";
  }

  private List<EdgeEntry> edges(String from, String to) {
    return report.edges.stream()
        .filter(edge -> edge.from.equals(from) && edge.to.equals(to))
        .collect(Collectors.toUnmodifiableList());
  }

  /** The controller's workload as {@code namespace/name}, or its name where it was not found. */
  private static String controller(RouteEntry route) {
    return route.workload.isEmpty()
        ? route.controller
        : route.workload.substring(route.workload.indexOf(' ') + 1);
  }

  private static boolean is(WorkloadEntry workload, Role role) {
    return workload.role.equals(role.toString());
  }

  private static String key(WorkloadEntry workload) {
    return workload.namespace + "/" + workload.name;
  }
}
