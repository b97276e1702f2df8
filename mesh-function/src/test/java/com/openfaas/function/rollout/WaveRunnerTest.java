package com.openfaas.function.rollout;

import static com.openfaas.function.rollout.RolloutScenario.FN;
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

  private RolloutScenario scenario;

  @BeforeEach
  void platform() throws IOException {
    scenario = new RolloutScenario("a", "b");
  }

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  @DisplayName("nine moves, 35 s apart, with 40 s of patience")
  void whatMovesIsNotLateHoweverLongItTakes() throws Exception {
    scenario.api.fate("b", Fate.STAYS_DOWN);
    CompletableFuture<Void> run = scenario.start();
    scenario.awaitPatched("b", 1);
    for (int available = 2; available < 11; available++) {
      scenario.pass(Duration.ofSeconds(35));
      scenario.api.patch(FN, "b", "{status: {availableReplicas: " + available + "}}");
    }
    assertThat(run).isNotDone();
    scenario.api.fate("b", Fate.COMES_UP);
    scenario.api.patch(FN, "b", "{spec: {template: {metadata: {annotations: {its: own}}}}}");

    scenario.goOn(run);

    assertThat(scenario.results()).containsEntry("b", Phase.DONE);
    assertThat(scenario.of("b").took).isGreaterThan(Duration.ofMinutes(5));
  }

  @Test
  void whatDoesNotMoveIsRolledBackAndItsWayBackIsAwaited() throws Exception {
    scenario.api.fate("b", Fate.STAYS_DOWN);

    scenario.run();

    assertThat(scenario.results()).containsEntry("b", Phase.ROLLED_BACK);
    assertThat(scenario.of("b").took).isGreaterThanOrEqualTo(RolloutScenario.PATIENCE);
    assertThat(scenario.api.templateAnnotations(FN, "b"))
        .as("its namespace would give its next pod a proxy")
        .containsEntry(Annotations.INJECT, Annotations.DISABLED);
    assertThat(scenario.api.annotations(FN, "b"))
        .containsKeys(Annotations.PREVIOUS, Annotations.FAILED);
  }

  @Test
  @DisplayName("one silent watch beside one that speaks: what is up is not rolled back")
  void beforeItIsRolledBackItIsReadAnew() throws Exception {
    scenario.set("mesh_patience", "4s");
    scenario.api.silence("pods");
    Set<String> told = ConcurrentHashMap.newKeySet();
    scenario.told = result -> told.add(result.step.object.name);
    CompletableFuture<Void> run = scenario.start();

    for (String name : List.of("a", "b")) {
      scenario.awaitPatched(name, 1);
      // Longer than its patience, and shorter than the silence after which all is read anew.
      scenario.pass(Duration.ofSeconds(5));
      scenario.passUntil(Duration.ZERO, () -> told.contains(name));
    }
    scenario.goOn(run);

    assertThat(scenario.results().values()).containsOnly(Phase.DONE);
    assertThat(scenario.api.patched()).containsExactly("a", FN, "b", "queue-worker");
  }

  @Test
  void whatCannotBeReadAnewIsNotDecidedYet() throws Exception {
    scenario.api.fate("b", Fate.STAYS_DOWN);
    CompletableFuture<Void> run = scenario.start();
    scenario.awaitPatched("b", 1);
    scenario.api.answers("GET /openfaas-fn/deployments", 403);
    int asked = scenario.asked("GET", "/openfaas-fn/deployments");
    for (int tries = 1; tries <= 5; tries++) {
      scenario.passUntilAsked(
          Duration.ofSeconds(5), "GET", "/openfaas-fn/deployments", asked + tries);
    }
    assertThat(run).isNotDone();
    assertThat(Collections.frequency(scenario.api.patched(), "b")).as("not rolled back").isOne();

    scenario.api.answers("GET /openfaas-fn/deployments", 200);
    scenario.goOn(run);

    assertThat(scenario.results()).containsEntry("b", Phase.ROLLED_BACK);
  }

  @Test
  void whatCannotBePutBackIsSaidToBeSo() throws Exception {
    scenario.api.fate("b", Fate.STAYS_DOWN);
    CompletableFuture<Void> run = scenario.start();
    scenario.awaitPatched("b", 1);
    scenario.api.answers("PATCH /deployments/b", 422);

    scenario.goOn(run);

    assertThat(scenario.results()).containsEntry("b", Phase.FAILED);
    assertThat(scenario.of("b").problem.message)
        .contains("its rollout does not complete with its proxy")
        .contains("; and it could not be rolled back: ");
  }

  @Test
  void whereTheInjectorDidNotActItIsRolledBackAtOnce() throws Exception {
    scenario.api.fate("b", Fate.COMES_UP_BARE);

    scenario.run();

    assertThat(scenario.results()).containsEntry("b", Phase.ROLLED_BACK);
    assertThat(scenario.of("b").problem.code).isEqualTo("not_injected");
  }

  @Test
  void whatSomebodyElseChangesMeanwhileIsTheirs() throws Exception {
    scenario.api.fate("b", Fate.STAYS_DOWN);
    CompletableFuture<Void> run = scenario.start();
    scenario.awaitPatched("b", 1);
    scenario.api.patch(FN, "b", String.format(OTHER, "ingress"));

    scenario.goOn(run);

    assertThat(scenario.results()).containsEntry("b", Phase.SUPERSEDED);
    assertThat(scenario.of("b").problem.message).contains("its annotations were changed");
    assertThat(scenario.api.templateAnnotations(FN, "b"))
        .containsEntry(Annotations.INJECT, Annotations.INGRESS);
  }

  @Test
  void whatIsDeletedMeanwhileIsNobodysFailure() throws Exception {
    scenario.api.fate("b", Fate.STAYS_DOWN);
    CompletableFuture<Void> run = scenario.start();
    scenario.awaitPatched("b", 1);
    scenario.api.delete(FN, "b");

    scenario.goOn(run);

    assertThat(scenario.results())
        .containsEntry("b", Phase.SUPERSEDED)
        .containsEntry("queue-worker", Phase.DONE);
  }
}
