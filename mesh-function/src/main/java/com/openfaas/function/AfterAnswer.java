package com.openfaas.function;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.plan.Step;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes made when the answer is out: those that end the pod through which it goes. */
final class AfterAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(AfterAnswer.class);
  private static final int SECONDS = 2;

  private AfterAnswer() {}

  static void patch(List<Step> steps, Cluster cluster) {
    CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS)
        .execute(() -> steps.forEach(step -> patch(step, cluster)));
  }

  private static void patch(Step step, Cluster cluster) {
    try {
      cluster.patch(step.object, step.patch());
      LOG.info("{}: changed, after the answer", step.subject());
    } catch (ClusterException e) {
      LOG.error("{}; {}", e.problem, e.problem.hint);
    }
  }
}
