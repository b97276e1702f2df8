package com.openfaas.function.report;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.report.WorkloadEntry.Change;
import com.openfaas.function.request.Action;
import com.openfaas.function.rollout.StepResult.Phase;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a revert has yet to do, and what still has a proxy after it, and why. */
final class RevertSentence {
  private static final Set<Phase> UNTOUCHED =
      Set.of(Phase.ROLLED_BACK, Phase.WITHHELD, Phase.NOT_STARTED);
  private static final Set<Phase> CHANGED = Set.of(Phase.DONE, Phase.ROLLING, Phase.DEFERRED);

  private final RunRecord record;
  private final List<WorkloadEntry> workloads;

  private RevertSentence(RunRecord record, List<WorkloadEntry> workloads) {
    this.record = record;
    this.workloads = workloads;
  }

  /** Empty if everything is as it was, with no rollout in progress. */
  static String of(RunRecord record, List<WorkloadEntry> workloads) {
    return new RevertSentence(record, workloads).sentence();
  }

  static String held(RunRecord record) {
    return "The platform is held; " + release(record);
  }

  /** How to release a held platform. */
  static String release(RunRecord record) {
    return "sign an apply to mesh it again: " + record.signed(Action.APPLY);
  }

  /** What failed and was rolled back, and what else stays changed. */
  static String putBack(RunRecord record, Set<String> back) {
    long changed = record.results.stream().filter(r -> CHANGED.contains(r.phase)).count();
    boolean untouched = record.results.stream().allMatch(r -> UNTOUCHED.contains(r.phase));
    String others =
        changed == 1 ? "; 1 object stays changed" : "; " + changed + " objects stay changed";
    return Figures.some(back)
        + (back.size() == 1 ? " is as it was before" : " are as they were before")
        + (untouched ? "; nothing else was changed" : changed == 0 ? "" : others);
  }

  private String sentence() {
    List<String> parts = new ArrayList<>();
    if (record.results.isEmpty()) {
      parts.add("Nothing of mesh-setup's was left to revert");
    }
    add(parts, w -> w.patchedLast && !staysMeshed(w), " rolls back last", " roll back last");
    add(
        parts,
        this::staysMeshed,
        " stays meshed through its namespace",
        " stay meshed through their namespace");
    add(
        parts,
        this::keepsProxy,
        " keeps its proxy until rolled out again",
        " keep their proxies until rolled out again");
    if (workloads.stream().anyMatch(workload -> workload.patchedLast)) {
      parts.add("Check again in a minute: " + record.command(Action.STATUS));
    }
    if (record.heldSince != null) {
      parts.add("The platform is held; " + release(record));
    }
    return parts.isEmpty() ? "" : HintLines.sentence(parts);
  }

  private void add(List<String> parts, Predicate<WorkloadEntry> rule, String one, String several) {
    Set<String> names =
        workloads.stream()
            .filter(rule)
            .map(reported -> reported.workload.key())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    if (!names.isEmpty()) {
      parts.add(Figures.some(names) + (names.size() == 1 ? one : several));
    }
  }

  /** Its own annotation is removed, but its namespace, which is not ours, asks for injection. */
  private boolean staysMeshed(WorkloadEntry reported) {
    boolean restored = reported.patchedLast || reported.change == Change.REVERTED;
    return restored
        && reported.step.annotations.containsKey(Annotations.INJECT)
        && reported.step.annotations.get(Annotations.INJECT) == null
        && isAskedByNamespace(reported.workload);
  }

  /** Its pods were created while the namespace asked for injection, which it no longer does. */
  private boolean keepsProxy(WorkloadEntry reported) {
    boolean hasProxy = reported.after.isMeshed() || reported.after == State.PARTIAL;
    return hasProxy
        && !reported.patchedLast
        && record.scope().covers(reported.workload)
        && !Annotations.asksForInjection(reported.workload.template.inject())
        && !isAskedByNamespace(reported.workload);
  }

  private boolean isAskedByNamespace(Workload workload) {
    return Annotations.asksForInjection(record.latest().namespaceOf(workload).inject());
  }
}
