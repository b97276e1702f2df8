package com.openfaas.function.plan;

import com.google.gson.Gson;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.FailedMark;
import com.openfaas.function.platform.Platform;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rollback of a workload that did not come up on the mesh, such that it lasts: its next pod
 * must come up as before, and the next run must not try the same again.
 */
public final class Rollback {
  private static final Gson JSON = new Gson();

  private final Platform platform;

  /** The namespaces that the same run annotates. */
  private final Set<String> annotated;

  public Rollback(Platform platform, Plan plan) {
    this.platform = platform;
    this.annotated =
        plan.of(Wave.NAMESPACES).stream()
            .filter(step -> Annotations.asksForInjection(step.annotations.get(Annotations.INJECT)))
            .map(step -> step.namespace)
            .collect(Collectors.toSet());
  }

  /** Rolls the step back, and marks its workload with the reason. */
  public Step of(Step step, String reason, Instant now) {
    return marked(back(step), reason, now);
  }

  /** The same for another run's rollout, with the step that rolls it back. */
  Step ofStuck(Step back, String reason, Instant now) {
    return marked(comesUpInjected(back) && !back.wasMeshed() ? back.keptOff() : back, reason, now);
  }

  /**
   * The patch that sets only the mark.
   *
   * @param holds false if it only reports: a retry is due
   */
  public String mark(Step step, String reason, Instant now, boolean holds) {
    FailedMark mark =
        step.workload == null
            ? FailedMark.of(step.annotations, now, reason)
            : mark(back(step), reason, now);
    String written = (holds ? mark : mark.released()).toJson();
    return JSON.toJson(
        Map.of("metadata", Map.of("annotations", Map.of(Annotations.FAILED, written))));
  }

  /** What ran on the mesh before stays as it was, whatever its next pod does. */
  private Step back(Step step) {
    Step back = step.undo();
    return comesUpInjected(back) && !step.wasMeshed() ? back.keptOff() : back;
  }

  private boolean comesUpInjected(Step back) {
    String own = back.after().get(Annotations.INJECT);
    String ofNamespace = platform.namespaceOf(back.workload).inject();
    return Annotations.asksForInjection(own)
        || (own == null
            && (Annotations.asksForInjection(ofNamespace) || annotated.contains(back.namespace)));
  }

  private Step marked(Step back, String reason, Instant now) {
    return back.failed(mark(back, reason, now));
  }

  private FailedMark mark(Step back, String reason, Instant now) {
    String proxy = platform.proxyVersion(back.workload);
    return FailedMark.of(back.workload, back.annotations, proxy, now, reason);
  }
}
