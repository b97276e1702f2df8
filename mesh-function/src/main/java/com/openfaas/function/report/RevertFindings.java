package com.openfaas.function.report;

import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.request.Action;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a revert leaves on the mesh: what carries nothing of ours is not ours to restart. */
final class RevertFindings {
  private static final Set<State> PROXIED = Set.of(State.MESHED, State.STALE, State.PARTIAL);

  private RevertFindings() {}

  static List<Finding> of(RunRecord record) {
    List<Finding> findings = new ArrayList<>();
    byNamespace(record)
        .forEach((namespace, of) -> findings.add(new Finding(Severity.INFO, problem(record, of))));
    return findings;
  }

  private static Map<String, List<Workload>> byNamespace(RunRecord record) {
    if (record.invocation.action != Action.REVERT || record.latest() == null) {
      return Map.of();
    }
    Scope scope = record.scope();
    return record.latest().workloads.stream()
        .filter(w -> scope.covers(w) && PROXIED.contains(scope.platform.status(w).state))
        .filter(w -> !w.object.annotations.containsKey(Annotations.PREVIOUS))
        .collect(
            Collectors.groupingBy(
                w -> w.namespace + " " + why(record, w), TreeMap::new, Collectors.toList()));
  }

  private static String why(RunRecord record, Workload workload) {
    if (Annotations.asksForInjection(workload.template.inject())) {
      return "their own pod templates ask for injection, which mesh-setup did not set";
    }
    String inject = record.latest().namespaceOf(workload).inject();
    return Annotations.asksForInjection(inject)
        ? "their namespace still says linkerd.io/inject: " + inject
        : "they started while their namespace asked for injection, and they carry no annotation of"
            + " mesh-setup's to remove";
  }

  private static Problem problem(RunRecord record, List<Workload> kept) {
    Workload first = kept.get(0);
    String namespace = first.namespace;
    boolean own = Annotations.asksForInjection(first.template.inject());
    boolean asked = Annotations.asksForInjection(record.latest().namespaceOf(first).inject());
    String restart =
        "kubectl -n "
            + namespace
            + " rollout restart "
            + kept.stream()
                .map(w -> w.object.kind.word() + "/" + w.name)
                .collect(Collectors.joining(" "));
    String unasked =
        "kubectl annotate namespace " + namespace + " linkerd.io/inject- && " + restart;
    return new Problem(
        "proxy_kept",
        "namespace " + namespace,
        "these keep their proxies: "
            + kept.stream().map(w -> w.name).collect(Collectors.joining(", "))
            + "; "
            + why(record, first),
        own
            ? "to remove each from the mesh: "
                + first.object.templatePatch(
                    "annotations", Collections.singletonMap(Annotations.INJECT, null))
            : asked ? unasked : restart);
  }
}
