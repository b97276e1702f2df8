package com.openfaas.function.rollout;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.LiveView;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Step.Reason;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.preflight.Rehearsal;
import com.openfaas.function.rollout.Limits.Budget;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The injector caches namespaces with a delay: a function restored before the cache is current
 * would come up meshed again. So a dry run asks it until it is. Meshing needs no such wait, because
 * there the functions ask for injection themselves.
 */
final class InjectorCache {
  private static final Logger LOG = LoggerFactory.getLogger(InjectorCache.class);
  private static final int MOST_TRIES = 25;
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

  private final Rehearsal rehearsal;
  private final Plan plan;

  InjectorCache(Cluster cluster, Platform platform, Plan plan) {
    this.rehearsal = new Rehearsal(cluster, platform);
    this.plan = plan;
  }

  /** Waits until the injector knows the restored namespaces. */
  void await(List<StepResult> results, LiveView view, Budget budget) throws InterruptedException {
    Step probe =
        plan.of(Wave.FUNCTIONS).stream()
            .filter(step -> step.reason == Reason.REVERT && isRestored(step.namespace, results))
            .filter(step -> step.annotations.containsKey(Annotations.INJECT))
            .filter(step -> step.annotations.get(Annotations.INJECT) == null)
            .findFirst()
            .orElse(null);
    try {
      for (int tries = 0; probe != null && tries < MOST_TRIES && !budget.isOver(); tries++) {
        if (!rehearsal.wouldInject(probe)) {
          return;
        }
        view.awaitChange(BETWEEN_TRIES, List.of());
      }
    } catch (ClusterException e) {
      LOG.warn("whether the injector has seen the namespace cannot be checked: {}", e.problem);
    }
  }

  private static boolean isRestored(String namespace, List<StepResult> results) {
    return results.stream()
        .filter(result -> result.phase == StepResult.Phase.DONE)
        .anyMatch(r -> r.step.wave == Wave.NAMESPACES && r.step.namespace.equals(namespace));
  }
}
