package com.openfaas.function.verify;

import com.openfaas.function.platform.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What verify found: the edges with their verdicts, and what is to be done. */
public final class Proof {
  /** By caller, then callee. */
  public final List<Edge> edges;

  /** What is wrong. */
  public final List<Problem> errors;

  /** What could not be proven, or will go wrong. */
  public final List<Problem> warnings;

  /** What is worth a word. */
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

  /** One cause can be behind many edges, and is told once. */
  private static List<Problem> distinct(List<Problem> problems) {
    Map<String, Problem> byCause = new LinkedHashMap<>();
    problems.forEach(problem -> byCause.putIfAbsent(problem.code + problem.subject, problem));
    return List.copyOf(new ArrayList<>(byCause.values()));
  }
}
