package com.openfaas.function.rollout;

import static com.openfaas.function.rollout.RolloutTrial.FN;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.cluster.RolloutApi.Fate;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.rollout.StepResult.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@DisplayName("What becomes of one workload of a wave")
class WaveRunnerTest {
  private static final String OTHER =
      "{spec: {template: {metadata: {annotations: {" + Annotations.INJECT + ": %s}}}}}";

  private RolloutTrial trial;

  @BeforeEach
  void platform() throws IOException {
    trial = new RolloutTrial("a", "b");
  }

  @AfterEach
  void close() {
    trial.close();
  }

  @Test
  @DisplayName("nine moves, 35 s apart, with 40 s of patience; each is seen before the next")
  void whatMovesIsNotLateHoweverLongItTakes() throws Exception {
    trial.api.fate("b", Fate.STAYS_DOWN);
    CompletableFuture<Void> run = trial.start();
    trial.awaitPatched("b", 1);
    trial.api.silence("pods");

    for (int available = 2; available < 11; available++) {
      int watched = trial.asked("WATCH", "/openfaas-fn/pods");
      trial.api.patch(FN, "b", "{status: {availableReplicas: " + available + "}}");
      trial.pass(Duration.ofSeconds(35));
      // Silent for so long, they are read anew and watched again; then it is seen what has moved.
      trial.passUntilAsked(Duration.ZERO, "WATCH", "/openfaas-fn/pods", watched + 1);
    }
    assertThat(run).isNotDone();
    assertThat(Collections.frequency(trial.api.patched(), "b")).as("not put back").isOne();
    trial.api.fate("b", Fate.COMES_UP);
    trial.api.patch(FN, "b", "{spec: {template: {metadata: {annotations: {its: own}}}}}");
    trial.goOn(run);

    assertThat(trial.results()).containsEntry("b", Phase.DONE);
    assertThat(trial.of("b").took).isGreaterThan(Duration.ofMinutes(5));
  }

  @Test
  void whatDoesNotMoveIsPutBackAndItsWayBackIsAwaited() throws Exception {
    trial.api.fate("b", Fate.STAYS_DOWN);

    trial.run();

    assertThat(trial.results()).containsEntry("b", Phase.ROLLED_BACK);
    assertThat(trial.of("b").took).isGreaterThanOrEqualTo(RolloutTrial.PATIENCE);
    assertThat(trial.api.templateAnnotations(FN, "b"))
        .as("its namespace would give its next pod a proxy")
        .containsEntry(Annotations.INJECT, Annotations.DISABLED);
    assertThat(trial.api.annotations(FN, "b"))
        .containsKeys(Annotations.PREVIOUS, Annotations.FAILED);
  }

  @Test
  @DisplayName("one silent watch beside one that speaks: what is up is not put back")
  void beforeItIsPutBackItIsReadAnew() throws Exception {
    trial.set("mesh_patience", "4s");
    trial.api.silence("pods");
    Set<String> told = ConcurrentHashMap.newKeySet();
    trial.told = result -> told.add(result.step.object.name);
    CompletableFuture<Void> run = trial.start();

    for (String name : List.of("a", "b")) {
      trial.awaitPatched(name, 1);
      // Longer than its patience, and shorter than the silence after which all is read anew.
      trial.pass(Duration.ofSeconds(5));
      trial.passUntil(Duration.ZERO, () -> told.contains(name));
    }
    trial.goOn(run);

    assertThat(trial.results().values()).containsOnly(Phase.DONE);
    assertThat(trial.api.patched()).containsExactly("a", FN, "b", "queue-worker");
  }

  @Test
  void whatCannotBeReadAnewIsNotDecidedYet() throws Exception {
    trial.api.fate("b", Fate.STAYS_DOWN);
    CompletableFuture<Void> run = trial.start();
    trial.awaitPatched("b", 1);
    trial.api.answers("GET /openfaas-fn/deployments", 403);
    int asked = trial.asked("GET", "/openfaas-fn/deployments");
    for (int tries = 1; tries <= 5; tries++) {
      trial.passUntilAsked(Duration.ofSeconds(5), "GET", "/openfaas-fn/deployments", asked + tries);
    }
    assertThat(run).isNotDone();
    assertThat(Collections.frequency(trial.api.patched(), "b")).as("not put back").isOne();

    trial.api.answers("GET /openfaas-fn/deployments", 200);
    trial.goOn(run);

    assertThat(trial.results()).containsEntry("b", Phase.ROLLED_BACK);
  }

  @Test
  void whatCannotBePutBackIsSaidToBeSo() throws Exception {
    trial.api.fate("b", Fate.STAYS_DOWN);
    CompletableFuture<Void> run = trial.start();
    trial.awaitPatched("b", 1);
    trial.api.answers("PATCH /deployments/b", 422);

    trial.goOn(run);

    assertThat(trial.results()).containsEntry("b", Phase.FAILED);
    assertThat(trial.of("b").problem.message)
        .contains("its rollout does not complete with its proxy")
        .contains("; and it could not be rolled back: ");
  }

  @Test
  void whereTheInjectorDidNotActItIsPutBackAtOnce() throws Exception {
    trial.api.fate("b", Fate.COMES_UP_BARE);

    trial.run();

    assertThat(trial.results()).containsEntry("b", Phase.ROLLED_BACK);
    assertThat(trial.of("b").problem.code).isEqualTo("not_injected");
  }

  @Test
  void whatSomebodyElseChangesMeanwhileIsTheirs() throws Exception {
    trial.api.fate("b", Fate.STAYS_DOWN);
    CompletableFuture<Void> run = trial.start();
    trial.awaitPatched("b", 1);
    trial.api.patch(FN, "b", String.format(OTHER, "ingress"));

    trial.goOn(run);

    assertThat(trial.results()).containsEntry("b", Phase.SUPERSEDED);
    assertThat(trial.of("b").problem.message).contains("its annotations were changed");
    assertThat(trial.api.templateAnnotations(FN, "b"))
        .containsEntry(Annotations.INJECT, Annotations.INGRESS);
  }

  @Test
  void whatIsDeletedMeanwhileIsNobodysFailure() throws Exception {
    trial.api.fate("b", Fate.STAYS_DOWN);
    CompletableFuture<Void> run = trial.start();
    trial.awaitPatched("b", 1);
    trial.api.delete(FN, "b");

    trial.goOn(run);

    assertThat(trial.results())
        .containsEntry("b", Phase.SUPERSEDED)
        .containsEntry("queue-worker", Phase.DONE);
  }
}
