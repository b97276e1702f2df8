package com.openfaas.function.report;

import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.verify.Edge;
import com.openfaas.function.verify.Edge.Mtls;
import com.openfaas.function.verify.Proof;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How much of what should be meshed is proven, and what to do about the rest. */
final class ProofSentence {
  private ProofSentence() {}

  static String of(Outcome outcome, RunRecord record, List<Finding> findings) {
    if (record.dueEdges().isEmpty()) {
      return "Nothing was proven: what was asked for has no edge that should be meshed"
          + leftOut(record)
          + ".";
    }
    boolean all = record.dueEdges().stream().allMatch(edge -> edge.mtls == Mtls.PROVEN);
    String hint = hint(outcome, record);
    if (hint.isEmpty()) {
      List<String> grave = HintLines.advice(findings);
      return grave.isEmpty()
          ? "Nothing to do: " + proven(record) + "."
          : HintLines.sentence(List.of(proven(record) + "; " + NextSentence.first(grave.stream())));
    }
    return HintLines.sentence(List.of((all ? "" : "Only ") + proven(record) + "; " + hint));
  }

  /** What prevents the proof, or is wrong besides; empty if nothing. */
  private static String hint(Outcome outcome, RunRecord record) {
    Stream<Problem> obstacles =
        outcome == Outcome.VERIFIED
            ? record.errors.stream()
            : Stream.of(record.errors, record.warnings, record.latest().missing)
                .flatMap(List::stream);
    return obstacles
        .findFirst()
        .map(problem -> HintLines.advice(problem))
        .orElse(
            outcome == Outcome.VERIFIED ? "" : "each edge has the reason" + unexplained(record));
  }

  /** For an edge whose pods nothing else explains. */
  private static String unexplained(RunRecord record) {
    return record.dueEdges().stream()
        .filter(edge -> edge.mtls != Mtls.PROVEN)
        .map(edge -> edge.to.split("/", 2))
        .findFirst()
        .map(to -> "; linkerd check --proxy -n " + to[0])
        .orElse("");
  }

  private static String proven(RunRecord record) {
    List<Edge> due = record.dueEdges();
    long proven = due.stream().filter(edge -> edge.mtls == Mtls.PROVEN).count();
    return proven + " of " + due.size() + " edges are proven" + leftOut(record);
  }

  /** What was not judged, and why, as a reader may look for it. */
  private static String leftOut(RunRecord record) {
    Scope scope = record.scope();
    List<Workload> workloads =
        record.latest().workloads.stream()
            .filter(w -> w.role.isFunction())
            .filter(w -> scope.covers(w))
            .filter(w -> !Proof.isDue(record.latest(), w))
            .collect(Collectors.toList());
    Map<String, Integer> states =
        Figures.countBy(workloads, w -> record.latest().status(w).state.words());
    String reasons =
        states.entrySet().stream()
            .map(state -> state.getValue() + " " + state.getKey())
            .collect(Collectors.joining(", "));
    boolean idle = states.containsKey(State.IDLE.words());
    return reasons.isEmpty()
        ? ""
        : " (not called: " + reasons + (idle ? "; idle functions are not scaled up)" : ")");
  }
}
