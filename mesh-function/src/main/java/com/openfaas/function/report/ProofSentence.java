package com.openfaas.function.report;

import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.State;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.verify.Edge;
import com.openfaas.function.verify.Edge.Mtls;
import com.openfaas.function.verify.Expectation;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How much of what should be on the mesh is proven to be, and what to do about the rest. */
final class ProofSentence {
  private ProofSentence() {}

  static String of(Outcome outcome, RunRecord record) {
    return outcome == Outcome.VERIFIED
        ? "Nothing to do: " + proven(record) + "."
        : ofUnproven(record);
  }

  private static String ofUnproven(RunRecord record) {
    if (record.dueEdges().isEmpty()) {
      return "Nothing was proven: what was asked for has no edge that should be on the mesh"
          + leftOut(record)
          + ".";
    }
    String hint =
        Stream.of(record.errors, record.warnings, record.latest().missing)
            .flatMap(List::stream)
            .findFirst()
            .map(problem -> problem.subject + ": " + problem.hint)
            .orElse("the others say why");
    return "Only " + proven(record) + "; " + hint + ".";
  }

  private static String proven(RunRecord record) {
    List<Edge> due = record.dueEdges();
    long proven = due.stream().filter(edge -> edge.mtls == Mtls.PROVEN).count();
    return proven + " of " + due.size() + " edges are proven" + leftOut(record);
  }

  /** What was not judged, and why: it may be what somebody looks for. */
  private static String leftOut(RunRecord record) {
    Scope scope = record.scope();
    List<Workload> workloads =
        record.latest().workloads.stream()
            .filter(w -> w.role.isFunction())
            .filter(w -> scope.covers(w))
            .filter(w -> !Expectation.isDue(record.latest(), w))
            .collect(Collectors.toList());
    Map<String, Integer> states =
        Count.by(workloads, w -> record.latest().standing(w).state.toString());
    String reasons =
        states.entrySet().stream()
            .map(state -> state.getValue() + " " + state.getKey())
            .collect(Collectors.joining(", "));
    boolean idle = states.containsKey(State.IDLE.toString());
    return reasons.isEmpty()
        ? ""
        : " (left out: " + reasons + (idle ? "; idle ones are not woken up)" : ")");
  }
}
