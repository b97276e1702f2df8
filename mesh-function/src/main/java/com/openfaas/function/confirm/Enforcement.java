package com.openfaas.function.confirm;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.LiveView;
import com.openfaas.function.plan.Protection;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.InboundRules.PolicyObject;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.rollout.Annotator;
import com.openfaas.function.rollout.Events;
import com.openfaas.function.rollout.Limits;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Phase;
import com.openfaas.function.verify.Watched;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a Server refuse everybody but the gateway, and keeps that only if it is proven both ways: a
 * call through the gateway is admitted by our AuthorizationPolicy, as the functions' proxies count
 * it, and a call past the gateway, from this pod, gets a 403. Otherwise all callers are allowed
 * again at once.
 */
public final class Enforcement {
  private static final Logger LOG = LoggerFactory.getLogger(Enforcement.class);
  private static final Duration BETWEEN = Duration.ofSeconds(1);
  private static final String REFUSED = "status 403";
  private static final String UNCOUNTED =
      ", and no proxy counts it as admitted by authorizationpolicy mesh-setup";

  /** How many functions of a namespace are called: one that is down is not the policy's fault. */
  private static final int ASKED = 3;

  private final Cluster cluster;
  private final Limits limits;
  private final GatewayProbe probe;
  private final Counters counters;
  private final Events events;
  private final Annotator annotator;

  /** The counters of the functions' proxies. */
  public interface Counters {
    Watched observe(List<Workload> functions) throws InterruptedException;
  }

  public Enforcement(Cluster cluster, Limits limits, GatewayProbe probe, Counters counters) {
    this.cluster = cluster;
    this.limits = limits;
    this.probe = probe;
    this.counters = counters;
    this.events = new Events(cluster);
    this.annotator = new Annotator(cluster, events);
  }

  /** Makes the change, or takes over one that another run made and did not prove. */
  public StepResult make(Step step, Protection protection)
      throws ClusterException, InterruptedException {
    List<Workload> asked = protection.provable().stream().limit(ASKED).collect(Collectors.toList());
    if (asked.isEmpty()) {
      return takeBack(step, Duration.ZERO, "there is no function to prove it with");
    }
    Duration begun = limits.budget.spent();
    try (LiveView view = LiveView.of(cluster, limits.budget::spent, asked.get(0))) {
      limits.budget.whenEnded(view::wake);
      String lacking = protection.unproven ? "" : awaitProof(asked, view, false);
      if (!lacking.isEmpty()) {
        return StepResult.rolledBack(
            step, problem(step, lacking, "nobody is refused, because"), took(begun));
      }
      String failed = refuse(step, asked, view);
      return failed.isEmpty() ? proven(step, begun) : takeBack(step, took(begun), failed);
    }
  }

  /** What failed; empty if proven. A request without an answer may have been written. */
  private String refuse(Step step, List<Workload> asked, LiveView view)
      throws InterruptedException {
    try {
      String since = cluster.now().toString();
      cluster.apply(step.object, step.saying(Annotations.UNPROVEN, since).patch());
      String failed = awaitProof(asked, view, true);
      if (failed.isEmpty()) {
        cluster.apply(step.object, step.patch());
      }
      return failed;
    } catch (ClusterException e) {
      return e.problem.message;
    }
  }

  /**
   * Calls each through the gateway; returns the last answer, or the first refusal. A 403 to a call
   * that the proxies count as admitted is the function's own.
   */
  private String throughGateway(List<Workload> asked, Watched before) throws InterruptedException {
    String last = "";
    for (Workload function : asked) {
      String answer = probe.judged(function);
      last = "a call of " + function.subject() + " through the gateway: " + answer;
      if (answer.equals(REFUSED)) {
        List<Workload> it = List.of(function);
        if (admitted(counters.observe(it), function) <= admitted(before, function)) {
          return last;
        }
        last += " by the function itself";
      }
    }
    return last;
  }

  /**
   * What failed; empty if proven.
   *
   * @param denies whether the Server refuses already: then both ways are tried, and a refusal
   *     through the gateway ends the wait at once
   */
  private String awaitProof(List<Workload> asked, LiveView view, boolean denies)
      throws InterruptedException {
    Duration begun = limits.budget.spent();
    String last;
    do {
      Watched before = counters.observe(asked);
      last = throughGateway(asked, before);
      if (denies && last.endsWith(REFUSED)) {
        return last;
      }
      String past = denies ? admittedPast(called(asked, view), before) : "";
      Watched after = counters.observe(asked);
      boolean admitted = asked.stream().anyMatch(f -> admitted(after, f) > admitted(before, f));
      last = admitted ? past : last + UNCOUNTED;
      if (!last.isEmpty()) {
        view.awaitChange(BETWEEN, asked);
      }
    } while (!last.isEmpty() && goesOn(begun));
    return last;
  }

  private static long admitted(Watched seen, Workload function) {
    return seen.admitted(function.key(), PolicyObject.NAME);
  }

  /**
   * The one called past the gateway, as it is now; null if none has a pod for it. Only one: a call
   * not yet refused counts as another caller's in its proxies.
   */
  private static Workload called(List<Workload> asked, LiveView view) {
    return asked.stream()
        .map(view::now)
        .filter(function -> function != null && !pods(function).isEmpty())
        .findFirst()
        .orElse(null);
  }

  private static List<PodView> pods(Workload function) {
    return function.pods.stream().filter(Enforcement::isCalled).collect(Collectors.toList());
  }

  /**
   * The call past the gateway that was not refused; empty if each was. A 403 may be the function's
   * own, so its proxies' counters decide.
   */
  private String admittedPast(Workload called, Watched before) throws InterruptedException {
    if (called == null) {
      return "there is no pod to call past the gateway";
    }
    for (PodView pod : pods(called)) {
      String answer = probe.judged(pod);
      if (!answer.equals(REFUSED)) {
        return "a call past the gateway, to pod " + pod.name + ", is not refused: " + answer;
      }
    }
    // Not for each proxy: a new pod's is not read.
    Watched after = counters.observe(List.of(called));
    return after.refused(called.key()) > before.refused(called.key())
        ? ""
        : "calls past the gateway got a 403, and its proxies do not count them as refused";
  }

  private static boolean isCalled(PodView pod) {
    return pod.isServing() && pod.isMeshed() && !pod.ip.isEmpty();
  }

  private boolean goesOn(Duration begun) {
    Duration most = limits.confirmation.multipliedBy(2);
    return !limits.budget.isOver() && took(begun).compareTo(most) < 0;
  }

  private Duration took(Duration begun) {
    return limits.budget.spent().minus(begun);
  }

  private StepResult proven(Step step, Duration begun) {
    events.enforced(step);
    LOG.info("{}: only the gateway may call functions, proven both ways", step.subject());
    return StepResult.of(step, Phase.DONE, took(begun));
  }

  private StepResult takeBack(Step step, Duration took, String why) {
    Problem problem = problem(step, why, "all callers are allowed again, because");
    try {
      annotator.letIn(step);
      LOG.warn("{}; {}", problem, problem.hint);
      events.takenBack(step, problem);
      return StepResult.rolledBack(step, problem, took);
    } catch (ClusterException e) {
      Problem both =
          new Problem(
              problem.code,
              problem.subject,
              problem(step, why, "callers past the gateway are refused, and").message
                  + "; and it could not be rolled back: "
                  + e.problem.message,
              "kubectl -n "
                  + step.namespace
                  + " patch servers.policy.linkerd.io "
                  + step.object.name
                  + " --type merge -p '{\"spec\":{\"accessPolicy\":\"audit\"}}'");
      return StepResult.failed(step, both, took);
    }
  }

  private static Problem problem(Step step, String why, String what) {
    return new Problem(
        Code.NOT_PROVEN,
        step.subject(),
        what + " it is not proven that only the gateway may call functions: " + why,
        "linkerd check --proxy -n "
            + step.namespace
            + "; it is tried again after an hour. A test call that was not refused counts as"
            + " another caller's until its function is restarted");
  }
}
