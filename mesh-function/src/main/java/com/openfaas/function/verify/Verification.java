package com.openfaas.function.verify;

import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.rollout.Limits;
import com.openfaas.function.verify.EdgeEndpoint.MetricsDelta;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Checks whether the gateway reaches its functions over mTLS: reads the proxies' metrics, calls
 * each function's health through the gateway, and reads the metrics again. Writes nothing, and
 * starts no function without replicas. Each of the three stages takes at most its share of the time
 * left.
 */
public final class Verification {
  /** More pods need more requests, so that each pod is likely to get one. */
  private static final int REQUESTS_PER_POD = 3;

  private static final int MOST_REQUESTS = 12;

  /** Requests at a time: each costs a thread. */
  private static final int MOST_AT_ONCE = 16;

  private final Platform platform;
  private final Scope scope;
  private final Limits limits;
  private final ProofClient client;
  private final List<Workload> functions;

  public Verification(Scope scope, Limits limits, ProofClient client) {
    this.platform = scope.platform;
    this.scope = scope;
    this.limits = limits;
    this.client = client;
    this.functions =
        platform.workloads.stream()
            .filter(w -> w.role.isFunction() && scope.covers(w))
            .collect(Collectors.toUnmodifiableList());
  }

  /**
   * Nothing is proven if the gateway was not found.
   *
   * @param gatewayUrl the gateway's base URL
   * @param now for proxies that do not report their own time
   */
  public Proof prove(URI gatewayUrl, Instant now) throws InterruptedException {
    if (!platform.gateway.isKnown()) {
      return Proof.NOTHING;
    }
    List<Workload> called = new ArrayList<>(functions);
    called.removeIf(function -> function.rollout.wanted == 0);
    List<ScrapeTarget> targets = ScrapeTarget.of(called, ScrapeTarget.Room.OF_FUNCTION, 2);
    targets.addAll(
        ScrapeTarget.of(List.of(platform.gateway.value), ScrapeTarget.Room.OF_GATEWAY, 2));
    ExecutorService workers = workers();
    try {
      List<Reading<Metrics>> before = read(workers, targets, 3);
      Map<String, Problem> unanswered = call(workers, called, gatewayUrl, 2);
      List<Reading<Metrics>> after = read(workers, targets, 1);
      Map<String, List<MetricsDelta>> deltas = deltas(targets, before, after);
      return new Assessment(platform, deltas, unanswered)
          .proof(called, this::isAskedFor, now, watched(deltas));
    } finally {
      workers.shutdownNow();
    }
  }

  /**
   * Who has called the functions, by one read of their proxies; calls no function, and takes at
   * most half of the time left.
   */
  public Watched watch() throws InterruptedException {
    if (!platform.gateway.isKnown()) {
      return Watched.NOTHING;
    }
    List<ScrapeTarget> targets = ScrapeTarget.of(functions, ScrapeTarget.Room.OF_CALLERS, 1);
    ExecutorService workers = workers();
    try {
      List<Reading<Metrics>> read = read(workers, targets, 2);
      return watched(deltas(targets, read, read));
    } finally {
      workers.shutdownNow();
    }
  }

  private Watched watched(Map<String, List<MetricsDelta>> deltas) {
    return new FunctionCallers(scope, deltas).of(functions);
  }

  private ExecutorService workers() {
    return Executors.newFixedThreadPool(Math.min(limits.parallel, MOST_AT_ONCE));
  }

  private Map<String, List<MetricsDelta>> deltas(
      List<ScrapeTarget> targets, List<Reading<Metrics>> before, List<Reading<Metrics>> after) {
    Map<String, List<MetricsDelta>> deltas = new TreeMap<>();
    for (int i = 0; i < targets.size(); i++) {
      ScrapeTarget target = targets.get(i);
      deltas
          .computeIfAbsent(target.workload.key(), key -> new ArrayList<>())
          .add(target.delta(platform.controlPlane, before.get(i), after.get(i)));
    }
    return deltas;
  }

  private boolean isAskedFor(Workload caller) {
    return caller == null ? !scope.invocation.isNarrowed() : scope.covers(caller);
  }

  private List<Reading<Metrics>> read(
      ExecutorService workers, List<ScrapeTarget> targets, int share) throws InterruptedException {
    List<Callable<Reading<Metrics>>> reads = new ArrayList<>();
    for (ScrapeTarget target : targets) {
      Reading<Metrics> late = Reading.failed(late(target.workload));
      reads.add(
          () -> {
            if (!target.pod.isMeshed()) {
              return Reading.of(Metrics.NOTHING);
            }
            return isOver() ? late : client.metrics(target, platform.workloads);
          });
    }
    List<Reading<Metrics>> answers = all(workers, reads, share);
    for (int i = 0; i < targets.size(); i++) {
      if (answers.get(i) == null) {
        answers.set(i, Reading.failed(late(targets.get(i).workload)));
      }
    }
    return answers;
  }

  /** The first failed request of each function. */
  private Map<String, Problem> call(
      ExecutorService workers, List<Workload> functions, URI gatewayUrl, int share)
      throws InterruptedException {
    List<Workload> called = new ArrayList<>();
    for (Workload function : functions) {
      long pods = function.pods.stream().filter(PodView::isServing).count();
      long requests = pods == 1 ? 1 : Math.min(MOST_REQUESTS, pods * REQUESTS_PER_POD);
      called.addAll(Collections.nCopies((int) requests, function));
    }
    List<Callable<Problem>> calls = new ArrayList<>();
    for (Workload function : called) {
      calls.add(() -> isOver() ? late(function) : client.health(gatewayUrl, function));
    }
    List<Problem> problems = all(workers, calls, share);
    Map<String, Problem> first = new TreeMap<>();
    for (int i = 0; i < called.size(); i++) {
      if (problems.get(i) != null) {
        first.putIfAbsent(called.get(i).key(), problems.get(i));
      }
    }
    return first;
  }

  /** The results in order; null for a task that did not end in time. */
  private <T> List<T> all(ExecutorService workers, List<Callable<T>> tasks, int share)
      throws InterruptedException {
    Duration time = limits.budget.remaining().dividedBy(share);
    List<T> results = new ArrayList<>();
    for (Future<T> future : workers.invokeAll(tasks, time.toMillis(), TimeUnit.MILLISECONDS)) {
      results.add(future.isCancelled() ? null : result(future));
    }
    return results;
  }

  private static <T> T result(Future<T> done) throws InterruptedException {
    try {
      return done.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a request of verify", e.getCause());
    }
  }

  private boolean isOver() {
    return limits.budget.isOver();
  }

  private static Problem late(Workload workload) {
    return new Problem(
        Code.TIME_OVER,
        workload.subject(),
        "the time of this run was over before it was called",
        "verify it alone: invoke {\"action\":\"verify\",\"functions\":[\""
            + workload.name
            + "\"]}; or raise mesh_budget in stack.yml");
  }
}
