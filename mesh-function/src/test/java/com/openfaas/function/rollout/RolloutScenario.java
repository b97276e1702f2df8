package com.openfaas.function.rollout;

import com.openfaas.function.cluster.RolloutApi;
import com.openfaas.function.observe.Observation;
import com.openfaas.function.observe.Observer;
import com.openfaas.function.observe.Observer.Self;
import com.openfaas.function.plan.Given;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Planner;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.policy.Policy;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Invocation.Part;
import com.openfaas.function.rollout.Limits.Budget;
import com.openfaas.function.rollout.StepResult.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * A platform whose API is on this machine, and a run of it. The run's time goes on as the test lets
 * it, so that nothing depends on how fast the machine is.
 */
final class RolloutScenario implements AutoCloseable {
  static final String FN = "openfaas-fn";
  static final Duration PATIENCE = Duration.ofSeconds(40);

  final RolloutApi api = new RolloutApi();
  final AtomicLong nanos = new AtomicLong();
  final Budget budget = new Budget(Duration.ofHours(23), nanos::get);
  Consumer<StepResult> told = result -> {};
  private final Map<String, String> settings = new HashMap<>();
  private Policy policy;
  private Observation seen;
  private Plan plan;
  private CarryOut carryOut;

  /** Functions of one replica each, beside gateway, queue-worker and mesh-setup. */
  RolloutScenario(String... functions) throws IOException {
    api.namespace("openfaas");
    api.namespace(FN);
    api.deploy("openfaas", "gateway", 1);
    api.deploy("openfaas", "queue-worker", 1);
    api.deploy(FN, "mesh-setup", 1);
    List.of(functions).forEach(name -> api.deploy(FN, name, 1));
    set("mesh_patience", PATIENCE.toSeconds() + "s");
    set("mesh_parallel", "1");
  }

  void set(String setting, String value) {
    settings.put(setting, value);
  }

  /** What the next run would change, in order. */
  List<String> planned() throws Exception {
    observe();
    return plan.steps.stream().map(step -> step.object.name).collect(Collectors.toList());
  }

  private void observe() throws Exception {
    policy = Given.policy(settings);
    Self self = new Self(FN, Map.of());
    seen = new Observer(api.cluster(), policy, self, false).observe();
    Invocation apply = new Invocation(Action.APPLY, Set.of(Part.values()), List.of(), 50, null);
    plan = new Planner(new Scope(seen.platform, policy, apply), api.cluster().now()).plan();
  }

  /** Goes through with what is waited for, while time goes on. */
  void run() throws Exception {
    goOn(start());
  }

  CompletableFuture<Void> start() throws Exception {
    observe();
    Limits limits = new Limits(budget, policy, Duration.ZERO);
    carryOut = new CarryOut(api.cluster(), seen, plan, limits, result -> told.accept(result));
    return CompletableFuture.runAsync(
        () -> {
          try {
            carryOut.awaited();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        work -> new Thread(work, "run").start());
  }

  /** Lets time go on, five seconds at a time, each with a word of every watch, until it is done. */
  void goOn(CompletableFuture<Void> run) throws InterruptedException, ExecutionException {
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(10, TimeUnit.MILLISECONDS)
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              pass(Duration.ofSeconds(5));
              return run.isDone();
            });
    run.get();
  }

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    api.stir();
  }

  /** How often that was asked: a method, and how the path ends. */
  int asked(String method, String path) {
    return (int) api.asked().stream().filter(r -> r.startsWith(method) && r.endsWith(path)).count();
  }

  /** Time passes in such steps until the API server was asked so often. */
  void passUntilAsked(Duration step, String method, String path, int times) {
    passUntil(step, () -> asked(method, path) >= times);
  }

  void passUntil(Duration step, Callable<Boolean> isSo) {
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(10, TimeUnit.MILLISECONDS)
        .until(
            () -> {
              pass(step);
              return isSo.call();
            });
  }

  void awaitPatched(String name, int times) {
    Awaitility.await(name)
        .until(() -> api.patched().stream().filter(name::equals).count() >= times);
  }

  /** What came of each object, in order. */
  Map<String, Phase> results() {
    return kinds(carryOut.results());
  }

  /** What is left for the time after the answer. */
  Map<String, Phase> rest() {
    return kinds(carryOut.rest());
  }

  private static Map<String, Phase> kinds(List<StepResult> results) {
    Map<String, Phase> kinds = new LinkedHashMap<>();
    results.forEach(result -> kinds.put(result.step.object.name, result.phase));
    return kinds;
  }

  StepResult of(String name) {
    return carryOut.results().stream()
        .filter(result -> result.step.object.name.equals(name))
        .collect(Collectors.toList())
        .get(0);
  }

  @Override
  public void close() {
    budget.end();
    // They are sent through the client that is closed next.
    Events.await();
    api.close();
  }
}
