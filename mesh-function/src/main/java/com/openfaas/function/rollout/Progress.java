package com.openfaas.function.rollout;

import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Workload;
import java.util.List;
import java.util.stream.Collectors;

/** How far a step has come, by the present state of its object. Pure. */
enum Progress {
  /** Rolled out, and every serving pod has its proxy. */
  DONE,
  UNDER_WAY,
  /** A pod created by this step serves without a proxy: the injector did not act. */
  NOT_INJECTED,
  /** Somebody has replaced what the step wrote; the next observation decides what to do. */
  SUPERSEDED,
  /** The object was deleted. */
  GONE;

  /**
   * @param now the workload after the step's patch; null if it was deleted
   */
  static Progress of(Step step, Workload now) {
    if (now == null) {
      return GONE;
    }
    List<PodView> serving =
        now.pods.stream().filter(PodView::isServing).collect(Collectors.toList());
    boolean complete = now.rollout.isDone() && serving.size() >= now.rollout.wanted;
    if (complete && (!step.wantsProxy() || serving.stream().allMatch(PodView::isMeshed))) {
      return DONE;
    }
    if (!step.isIn(now.template.annotations)) {
      return SUPERSEDED;
    }
    boolean bare =
        serving.stream()
            .filter(pod -> step.isIn(pod.annotations))
            .anyMatch(pod -> pod.proxy == Proxy.NONE);
    return step.wantsProxy() && bare ? NOT_INJECTED : UNDER_WAY;
  }
}
