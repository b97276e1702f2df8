package com.openfaas.function.confirm;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.LiveView;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Unconfirmed;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.rollout.CarryOut;
import com.openfaas.function.rollout.Events;
import com.openfaas.function.rollout.Limits;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Phase;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the gateway, and keeps the change only if calls through it work afterwards as before: for
 * 30 s without a break. If that is not reached within a minute and calls fail, it is rolled back.
 */
public final class Confirmation {
  private static final Logger LOG = LoggerFactory.getLogger(Confirmation.class);
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private final Cluster cluster;
  private final Limits limits;
  private final CarryOut carryOut;
  private final GatewayProbe probe;
  private final Events events;
  private Problem toFunctions;
  private Problem toSelf;

  public Confirmation(Cluster cluster, Limits limits, CarryOut carryOut, GatewayProbe probe) {
    this.cluster = cluster;
    this.limits = limits;
    this.carryOut = carryOut;
    this.probe = probe;
    this.events = new Events(cluster);
  }

  /**
   * Calls functions through the gateway before the change.
   *
   * @return why this cannot be tested; null if a function or mesh-setup answers
   */
  public Problem probeBefore(Step step) {
    toFunctions = probe.toFunctions();
    toSelf = probe.toSelf();
    return toFunctions == null || toSelf == null
        ? null
        : new Problem(
            Code.GATEWAY_UNTESTED,
            step.subject(),
            "calls through the gateway cannot be tested, so its rollout alone decides: "
                + toFunctions.message,
            "set gateway_url in stack.yml to the gateway's Service: kubectl get services -A -l"
                + " app=gateway");
  }

  /** Makes the change; {@link #probeBefore} has to come first. */
  public StepResult make(Step step) throws ClusterException, InterruptedException {
    if (!step.wantsProxy()) {
      return carryOut.roll(step);
    }
    return confirm(step.toBeConfirmed(cluster.now(), toFunctions == null, toSelf == null));
  }

  /** Takes over a change that another run made, unless somebody has replaced it since. */
  public StepResult takeOver(Step made) throws ClusterException, InterruptedException {
    LOG.info("{}: its change is unconfirmed, taking it over", made.subject());
    return made.isIn(made.workload.template.annotations) ? confirm(made) : superseded(made);
  }

  /** The patch is sent even if the change is already made: it is then a no-op. */
  private StepResult confirm(Step step) throws ClusterException, InterruptedException {
    StepResult rolled = carryOut.roll(step);
    if (rolled.phase == Phase.SUPERSEDED) {
      return superseded(step);
    }
    if (rolled.phase != Phase.DONE) {
      return rolled;
    }
    if (!step.unconfirmed().wasReached()) {
      cluster.patch(step.object, Unconfirmed.CONFIRMED);
      return rolled;
    }
    return watch(step, rolled);
  }

  private StepResult watch(Step step, StepResult rolled)
      throws ClusterException, InterruptedException {
    Duration begun = limits.budget.spent();
    Duration since = begun;
    boolean worked = true;
    try (LiveView view = LiveView.of(cluster, limits.budget::spent, step.workload)) {
      limits.budget.whenEnded(view::wake);
      while (!limits.budget.isOver()) {
        Workload now = view.now(step.workload);
        if (now == null || !step.isIn(now.template.annotations)) {
          return superseded(step);
        }
        Duration tried = limits.budget.spent();
        Problem lost = lost(step, now);
        Duration at = limits.budget.spent();
        if (worked != (lost == null)) {
          worked = lost == null;
          since = tried;
        }
        if (at.minus(since).compareTo(limits.confirmation) >= 0) {
          return worked ? confirmed(step, rolled) : takeBack(step, "failed for ", lost);
        }
        if (!worked && at.minus(begun).compareTo(limits.confirmation.multipliedBy(2)) >= 0) {
          return takeBack(step, "did not work without a break for ", lost);
        }
        view.awaitChange(BETWEEN, List.of(step.workload));
      }
    }
    return StepResult.of(step, Phase.ROLLING, rolled.took);
  }

  private Problem lost(Step step, Workload now) {
    // A gateway without pods serves no call, so nothing can confirm it.
    return now.rollout.isDone() && now.rollout.wanted > 0
        ? probe.lost(step.unconfirmed(), 2 * now.rollout.wanted)
        : new Problem(
            Code.NOT_SERVING,
            step.subject(),
            now.rollout.available + " of " + now.rollout.wanted + " pods are available",
            "");
  }

  private StepResult confirmed(Step step, StepResult rolled) throws ClusterException {
    cluster.patch(step.object, Unconfirmed.CONFIRMED);
    events.confirmed(step);
    LOG.info("{}: confirmed, calls through it work as before", step.subject());
    return rolled;
  }

  private StepResult takeBack(Step step, String how, Problem lost)
      throws ClusterException, InterruptedException {
    Problem why =
        new Problem(
            Code.TAKEN_BACK,
            step.subject(),
            "calls through it worked before its change, and "
                + how
                + limits.confirmation.toSeconds()
                + " s: "
                + lost.message,
            "check what affects only a meshed gateway (a NetworkPolicy without port 4143, an"
                + " AuthorizationPolicy, certificates): linkerd check --proxy; then invoke"
                + " refresh");
    LOG.warn("{}; {}", why, why.hint);
    StepResult back = carryOut.undo(step, why);
    Problem still = probe.lost(step.unconfirmed(), 1);
    events.takenBack(step, still == null ? why : still);
    LOG.warn(
        "{}: rolled back, {}",
        step.subject(),
        still == null ? "and calls through it work again" : "but: " + still.message);
    return back;
  }

  private StepResult superseded(Step step) throws ClusterException {
    LOG.info("{}: somebody else has changed it, left as it is", step.subject());
    try {
      cluster.patch(step.object, Unconfirmed.CONFIRMED);
    } catch (ClusterException e) {
      if (!e.problem.is(Code.NOT_FOUND)) {
        throw e;
      }
    }
    return StepResult.superseded(
        step,
        new Problem(
            Code.SUPERSEDED,
            step.subject(),
            "somebody else changed it before it was confirmed",
            "nothing to do"),
        Duration.ZERO);
  }
}
