package com.openfaas.function.rollout;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.InboundRules.PolicyObject;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.rollout.StepResult.Phase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes changes without waiting for a rollout: done, or started, once the API server accepts. */
public final class Annotator {
  private static final Logger LOG = LoggerFactory.getLogger(Annotator.class);

  private final Cluster cluster;
  private final Events events;
  private final FailureMessages failureMessages;

  /** For policy objects, which carry no mark: a refused one does not exist. */
  public Annotator(Cluster cluster, Events events) {
    this(cluster, events, null);
  }

  Annotator(Cluster cluster, Events events, FailureMessages failureMessages) {
    this.cluster = cluster;
    this.events = events;
    this.failureMessages = failureMessages;
  }

  public StepResult set(Step step) {
    try {
      write(step);
      events.done(step);
      return StepResult.of(step, Phase.DONE, Duration.ZERO);
    } catch (ClusterException e) {
      StepResult refused = StepResult.refused(step, e.problem);
      return failureMessages == null ? refused : failureMessages.refused(refused);
    }
  }

  /** Changes a workload without waiting for its rollout. */
  StepResult begin(Step step) {
    try {
      cluster.patch(step.object, step.patch());
      events.done(step);
      return StepResult.of(step, Phase.ROLLING, Duration.ZERO);
    } catch (ClusterException e) {
      return StepResult.failed(step, e.problem, Duration.ZERO);
    }
  }

  private void write(Step step) throws ClusterException {
    if (!step.object.kind.isMade()) {
      cluster.patch(step.object, step.patch());
    } else if (step.annotations.get(PolicyObject.SPEC) == null) {
      cluster.delete(step.object);
    } else if (step.wave == Wave.UNPROTECT) {
      letIn(step);
    } else {
      cluster.apply(step.object, step.patch());
    }
  }

  /**
   * Lets a Server admit everybody. If it cannot be written it is deleted: Linkerd's validating
   * webhook covers only creations and updates, so one that is down does not block a deletion.
   */
  public void letIn(Step step) throws ClusterException {
    try {
      cluster.apply(step.object, step.watching().patch());
    } catch (ClusterException e) {
      LOG.warn("{}: it cannot let everybody in, and so is deleted: {}", step.subject(), e.problem);
      cluster.delete(step.object);
    }
  }

  /**
   * Rolls back a step that was done before.
   *
   * @param why the failure elsewhere that causes it
   */
  StepResult rollBack(Step step, Problem why) {
    try {
      cluster.patch(step.object, step.undo().patch());
      events.rolledBack(step, why);
      return StepResult.rolledBack(step, why, Duration.ZERO);
    } catch (ClusterException e) {
      return StepResult.failed(
          step, FailureMessages.notRolledBack(step, why, e.problem.message), Duration.ZERO);
    }
  }
}
