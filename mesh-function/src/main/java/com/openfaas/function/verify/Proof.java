package com.openfaas.function.verify;

import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What verify found: the edges with their verdicts, and what is to be done. */
public final class Proof {
  /** Nothing was read. */
  static final Proof NOTHING =
      new Proof(List.of(), List.of(), List.of(), List.of(), Watched.NOTHING);

  private static final Set<State> OFF_THE_MESH =
      Set.of(State.IDLE, State.OPTED_OUT, State.UNSUPPORTED);

  /** By caller, then callee. */
  public final List<Edge> edges;

  /** What is wrong. */
  public final List<Problem> errors;

  /** What could not be proven, or will go wrong. */
  public final List<Problem> warnings;

  /** What is worth knowing. */
  public final List<Problem> notes;

  /** Who has called the functions. */
  public final Watched watched;

  Proof(
      List<Edge> edges,
      List<Problem> errors,
      List<Problem> warnings,
      List<Problem> notes,
      Watched watched) {
    this.edges =
        edges.stream()
            .sorted(Comparator.comparing((Edge edge) -> edge.from).thenComparing(edge -> edge.to))
            .collect(Collectors.toUnmodifiableList());
    this.errors = distinct(errors);
    this.warnings = distinct(warnings);
    this.notes = distinct(notes);
    this.watched = Objects.requireNonNull(watched);
  }

  /** One cause can affect many edges, and is reported once. */
  private static List<Problem> distinct(List<Problem> problems) {
    Map<String, Problem> byCause = new LinkedHashMap<>();
    problems.forEach(problem -> byCause.putIfAbsent(problem.code + problem.subject, problem));
    return List.copyOf(new ArrayList<>(byCause.values()));
  }

  /**
   * Whether the edge decides if a run is verified: those from the gateway to functions that should
   * be meshed do. A function that has opted out, or that cannot be meshed, stays in plaintext; it
   * is reported, and must not make every run fail. If the gateway is not meshed, nothing is proven
   * of any function: that is a failure. A gateway without a pod calls nobody.
   */
  public static boolean isDue(Platform platform, Edge edge) {
    return platform.gateway.isKnown()
        && edge.from.equals(platform.gateway.value.key())
        && platform.status(platform.gateway.value).state != State.IDLE
        && platform.workloads.stream()
            .filter(workload -> workload.key().equals(edge.to))
            .allMatch(workload -> isDue(platform, workload));
  }

  /** Whether edges of the workload are to be proven. */
  public static boolean isDue(Platform platform, Workload workload) {
    return !OFF_THE_MESH.contains(platform.status(workload).state);
  }
}
