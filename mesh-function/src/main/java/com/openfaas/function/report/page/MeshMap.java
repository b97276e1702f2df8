package com.openfaas.function.report.page;

import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.report.Figures;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.Report.CallerEntry;
import com.openfaas.function.report.Report.EdgeEntry;
import com.openfaas.function.report.Report.NamespaceEntry;
import com.openfaas.function.report.RouteEntry;
import com.openfaas.function.report.WorkloadEntry;
import com.openfaas.function.report.WorkloadEntry.Change;
import com.openfaas.function.verify.Edge.Mtls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The content of the map: who calls the gateway, and what it calls. */
final class MeshMap {
  /** From this many functions on, equal ones share a box. */
  static final int SINGLY = 60;

  /** Up to this many of a state need no shared box, unless they are meshed and in order. */
  private static final int FEW = 12;

  private static final int MOST_BESIDE = 6;

  /** States whose reason is not simply that a run has yet to change them. */
  private static final Set<State> EXPLAINED =
      Set.of(State.PARTIAL, State.STALE, State.IDLE, State.OPTED_OUT, State.UNSUPPORTED);

  /** Ingress controllers, and other known callers of the gateway. */
  final List<Node> callers;

  /** Null if no gateway was found. */
  final Node gateway;

  /** The functions by namespace; those that share a box form one list. */
  final Map<String, List<List<Node>>> functions = new TreeMap<>();

  /** Neighbours of the gateway that are not changed; their traffic is unknown. */
  final List<Node> beside;

  private final Report report;
  private final String gatewayKey;
  private final Map<String, List<EdgeEntry>> edges;

  MeshMap(Report report) {
    this.report = report;
    this.edges = report.edges.stream().collect(Collectors.groupingBy(e -> e.from + " " + e.to));
    WorkloadEntry entry =
        report.workloads.stream().filter(w -> is(w, Role.GATEWAY)).findFirst().orElse(null);
    this.gatewayKey = entry == null ? "" : key(entry);
    this.gateway = entry == null ? null : node(entry, List.of(), List.of());
    this.callers = callers();
    this.beside = beside();
    List<WorkloadEntry> called =
        report.workloads.stream()
            .filter(workload -> is(workload, Role.FUNCTION) || is(workload, Role.SELF))
            .collect(Collectors.toUnmodifiableList());
    boolean grouped = called.stream().filter(w -> is(w, Role.FUNCTION)).count() >= SINGLY;
    Map<String, List<Node>> byNamespace = new TreeMap<>();
    for (NamespaceEntry namespace : report.namespaces) {
      byNamespace.put(namespace.name, new ArrayList<>());
    }
    for (WorkloadEntry one : called) {
      Node node = node(one, edges(gatewayKey, key(one)), List.of());
      byNamespace.computeIfAbsent(one.namespace, n -> new ArrayList<>()).add(node);
    }
    byNamespace.forEach(
        (namespace, nodes) -> functions.put(namespace, grouped ? groups(nodes) : singly(nodes)));
  }

  private static List<List<Node>> singly(List<Node> nodes) {
    return nodes.stream().map(List::of).collect(Collectors.toUnmodifiableList());
  }

  /** Worst first: single boxes for what is not in order, shared ones for equals. */
  private static List<List<Node>> groups(List<Node> nodes) {
    List<Node> wrong = new ArrayList<>();
    Map<State, List<Node>> byState = new TreeMap<>(Look.WORST_FIRST);
    for (Node node : nodes) {
      if (node.isWrongInMesh()) {
        wrong.add(node);
      } else {
        byState.computeIfAbsent(node.state, state -> new ArrayList<>()).add(node);
      }
    }
    List<List<Node>> groups = new ArrayList<>(wrong.size() > FEW ? List.of(wrong) : singly(wrong));
    byState.forEach(
        (state, those) ->
            groups.addAll(folds(state, those.size()) ? List.of(those) : singly(those)));
    return groups;
  }

  /** Whether this many of a state share one line on a large platform. */
  static boolean folds(State state, int size) {
    return size > FEW || state == State.MESHED;
  }

  private List<Node> callers() {
    List<Node> nodes = new ArrayList<>();
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

  private List<Node> beside() {
    List<String> names =
        report.findings.stream()
            .filter(finding -> finding.isNotCovered())
            .map(finding -> finding.subject.substring(finding.subject.indexOf('/') + 1))
            .collect(Collectors.toUnmodifiableList());
    int shown = names.size() > MOST_BESIDE ? MOST_BESIDE - 1 : names.size();
    List<Node> nodes = new ArrayList<>();
    names.stream().limit(shown).map(MeshMap::notCovered).forEach(nodes::add);
    if (shown < names.size()) {
      nodes.add(notCovered(names.size() - shown + " others"));
    }
    return List.copyOf(nodes);
  }

  private static Node notCovered(String title) {
    return new Node(title, "not covered", null, List.of(), List.of());
  }

  /** A controller known only by its routes. */
  private Node unseen(String controller, List<RouteEntry> routes) {
    String title = controller.substring(controller.indexOf('/') + 1);
    String detail = "not checked" + routes(routes);
    return new Node(title, detail, null, edges(controller, gatewayKey), List.of());
  }

  private Node node(WorkloadEntry workload, List<EdgeEntry> edges, List<RouteEntry> routes) {
    boolean stuck = Code.ROLLOUT_STUCK.is(workload.code);
    boolean failed = Code.FAILED_BEFORE.is(workload.code);
    boolean explained = stuck || failed || EXPLAINED.contains(workload.after);
    String why =
        explained && workload.change == Change.NONE && !workload.message.isEmpty()
            ? ": " + workload.message
            : "";
    String change = workload.change == Change.NONE ? "" : ", " + workload.change.words();
    return new Node(
        workload.name,
        workload.after.words() + why + change + routes(routes),
        workload.after,
        edges,
        report.callers.stream()
            .filter(caller -> caller.function.equals(key(workload)))
            .collect(Collectors.toUnmodifiableList()));
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
    return edges.getOrDefault(from + " " + to, List.of());
  }

  /** The controller's workload as {@code namespace/name}, or its name if it was not found. */
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

  /** A box of the map, and the line to or from it. */
  static final class Node {
    final String title;
    final String detail;

    /** Null if unknown. */
    final State state;

    final List<EdgeEntry> edges;

    /** Its callers past the gateway. */
    final List<CallerEntry> callers;

    Node(
        String title,
        String detail,
        State state,
        List<EdgeEntry> edges,
        List<CallerEntry> callers) {
      this.title = title;
      this.detail = detail;
      this.state = state;
      this.edges = List.copyOf(edges);
      this.callers = List.copyOf(callers);
    }

    Look look() {
      return state == null ? Look.UNKNOWN : Look.of(state);
    }

    private boolean isWrongInMesh() {
      boolean unproven = edges.stream().anyMatch(edge -> edge.mtls != Mtls.PROVEN);
      return state == State.MESHED && (unproven || !callers.isEmpty());
    }
  }
}
