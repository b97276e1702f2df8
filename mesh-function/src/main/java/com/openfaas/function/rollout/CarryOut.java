package com.openfaas.function.rollout;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.LiveView;
import com.openfaas.function.observe.Observation;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.rollout.StepResult.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Carries out a plan: first what the caller waits for, then, step by step, the gateway that carries
 * the call and mesh-setup itself.
 */
public final class CarryOut {
  private static final Set<Wave> ENTRY = EnumSet.of(Wave.OVERRIDES, Wave.INGRESS, Wave.ROUTES);

  private final Cluster cluster;
  private final Observation seen;
  private final Plan plan;
  private final Limits limits;
  private final Annotator annotator;
  private final FailureMessages failureMessages;
  private final List<StepResult> results = new ArrayList<>();
  private final Consumer<StepResult> told;
  private boolean meshAtFault;
  private Duration longest = Duration.ZERO;

  public CarryOut(
      Cluster cluster, Observation seen, Plan plan, Limits limits, Consumer<StepResult> told) {
    this.told = told;
    this.cluster = cluster;
    this.seen = seen;
    this.plan = plan;
    this.limits = limits;
    this.failureMessages = new FailureMessages(cluster, seen.platform, plan);
    this.annotator = new Annotator(cluster, new Events(cluster), failureMessages);
  }

  /** The results so far, in the order of the waves. */
  public List<StepResult> results() {
    return List.copyOf(results);
  }

  /** Every awaited wave; after an incomplete one no other follows. */
  public void awaited() throws ClusterException, InterruptedException {
    try (LiveView view =
        wakened(LiveView.of(cluster, limits.budget::spent, seen, plan.awaited()))) {
      for (Wave wave : Wave.values()) {
        if (wave.awaited) {
          carryOut(wave, view);
        }
      }
      failureMessages.release(meshAtFault ? results : List.of());
    }
  }

  private void carryOut(Wave wave, LiveView view) throws InterruptedException {
    switch (wave) {
      case CANARY:
        rollCanary(view);
        break;
      case NAMESPACES:
        annotate(wave);
        new InjectorCache(cluster, seen.platform, plan).await(results, view, limits.budget);
        break;
      case UNPROTECT:
      case SERVICES:
      case OVERRIDES:
        annotate(wave);
        break;
      case ROUTES:
        annotate(wave);
        rollBackUnlessWhole(view);
        break;
      default:
        roll(unlessEntryFailed(wave, untried(plan.togetherWith(wave))), view);
    }
  }

  /** What is left for the end: the gateway, then mesh-setup itself. */
  public List<StepResult> rest() {
    boolean goesOn = mayGoOn();
    return plan.steps.stream()
        .filter(step -> !step.wave.awaited)
        .map(s -> goesOn ? StepResult.of(s, Phase.DEFERRED, Duration.ZERO) : notStarted(s))
        .collect(Collectors.toUnmodifiableList());
  }

  /** Changes mesh-setup itself, whose rollout ends this process. */
  public StepResult patch(Step step) {
    return mayGoOn() ? annotator.begin(step) : notStarted(step);
  }

  /** One function; if it fails or is superseded, the next one is tried. */
  private void rollCanary(LiveView view) throws InterruptedException {
    List<Step> candidates = new ArrayList<>(plan.of(Wave.CANARY));
    if (!candidates.isEmpty()) {
      candidates.addAll(plan.of(Wave.FUNCTIONS));
    }
    int inARow = 0;
    for (Step candidate : candidates) {
      roll(List.of(candidate), view);
      StepResult last = results.get(results.size() - 1);
      inARow += last.isFailure() ? 1 : 0;
      meshAtFault = inARow == WaveRunner.MOST_IN_A_ROW;
      if (meshAtFault || (last.phase != Phase.SUPERSEDED && !last.isFailure())) {
        return;
      }
    }
  }

  private List<Step> untried(List<Step> steps) {
    return steps.stream()
        .filter(step -> results.stream().noneMatch(result -> result.step == step))
        .collect(Collectors.toList());
  }

  private void roll(List<Step> steps, LiveView view) throws InterruptedException {
    if (!mayGoOn()) {
      steps.forEach(step -> came(notStarted(step)));
      return;
    }
    run(steps, null, view);
  }

  /** Does the steps, or rolls them back if there is a reason. */
  private void run(List<Step> steps, Problem why, LiveView view) throws InterruptedException {
    WaveRunner runner =
        new WaveRunner(cluster, view, limits, failureMessages, steps, longest, this::came);
    try {
      if (why == null) {
        runner.run();
      } else {
        runner.undo(why);
      }
    } finally {
      // Every step that was sent is reported, however the run ended.
      runner.tellOfTheRest();
      longest = runner.longest();
      meshAtFault |= runner.isMeshAtFault();
    }
  }

  /**
   * Rolls out one step and waits until it is complete or makes no progress; then it is rolled back.
   *
   * @throws ClusterException if the workload cannot be read: then nothing was changed
   */
  public StepResult roll(Step step) throws ClusterException, InterruptedException {
    try (LiveView view = wakened(LiveView.of(cluster, limits.budget::spent, step.workload))) {
      roll(List.of(step), view);
    }
    return results.get(results.size() - 1);
  }

  /**
   * Rolls back a step that was done, and waits until its workload is up again; the result replaces
   * the step's own.
   *
   * @param why why it is rolled back
   * @throws ClusterException if the workload cannot be read: then nothing was changed
   */
  public StepResult undo(Step step, Problem why) throws ClusterException, InterruptedException {
    try (LiveView view = wakened(LiveView.of(cluster, limits.budget::spent, step.workload))) {
      results.removeIf(result -> result.step == step);
      run(List.of(step), why, view);
    }
    return results.get(results.size() - 1);
  }

  private LiveView wakened(LiveView view) {
    limits.budget.whenEnded(view::wake);
    return view;
  }

  private void annotate(Wave wave) {
    for (Step step : unlessEntryFailed(wave, plan.of(wave))) {
      came(mayGoOn() ? annotator.set(step) : notStarted(step));
    }
  }

  /** A controller and its routes are changed together, or not at all. */
  private List<Step> unlessEntryFailed(Wave wave, List<Step> steps) {
    Problem failure = ENTRY.contains(wave) && wave != Wave.OVERRIDES ? failureOfEntry() : null;
    if (failure == null) {
      return steps;
    }
    steps.forEach(step -> came(StepResult.rolledBack(step, failure, Duration.ZERO)));
    return List.of();
  }

  /** Why a controller or its route could not be changed; null if none failed. */
  private Problem failureOfEntry() {
    return ofEntry().filter(r -> r.isFailure()).map(r -> r.problem).findFirst().orElse(null);
  }

  private Stream<StepResult> ofEntry() {
    return results.stream()
        .filter(result -> ENTRY.contains(result.step.wave) && result.step.wantsProxy());
  }

  /** Rolls back what was done before one failed; the controller goes first. */
  private void rollBackUnlessWhole(LiveView view) throws InterruptedException {
    Problem why = failureOfEntry();
    if (why == null) {
      return;
    }
    List<StepResult> done =
        ofEntry().filter(result -> result.phase == Phase.DONE).collect(Collectors.toList());
    results.removeAll(done);
    List<Step> steps = done.stream().map(result -> result.step).collect(Collectors.toList());
    List<Step> rolled = steps.stream().filter(s -> s.workload != null).collect(Collectors.toList());
    run(rolled, why, view);
    steps.removeAll(rolled);
    steps.forEach(step -> came(annotator.rollBack(step, why)));
  }

  /** A change still to be confirmed is not reported as done: the run may end before. */
  private void came(StepResult result) {
    results.add(result);
    boolean left = result.phase == Phase.DONE && result.step.unconfirmed() != null;
    told.accept(left ? StepResult.of(result.step, Phase.ROLLING, result.took) : result);
  }

  private boolean mayGoOn() {
    return !meshAtFault
        && !limits.budget.isOver()
        && results.stream().allMatch(StepResult::letsOthersGoOn);
  }

  private StepResult notStarted(Step step) {
    return StepResult.of(step, meshAtFault ? Phase.WITHHELD : Phase.NOT_STARTED, Duration.ZERO);
  }
}
