package com.openfaas.function.rollout;

import static com.openfaas.function.rollout.RolloutScenario.FN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.openfaas.function.cluster.RolloutApi.Fate;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.rollout.StepResult.Phase;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@DisplayName("Wave after wave, and what stops the next")
class CarryOutTest {
  private RolloutScenario scenario;

  @BeforeEach
  void platform() throws IOException {
    scenario = new RolloutScenario("a", "b", "c", "d");
  }

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void aCanaryThenTheNamespaceThenTheOthersThenTheCoreAndTheGatewayIsLeftForTheEnd()
      throws Exception {
    scenario.api.deploy(FN, "a", 2);

    scenario.run();

    assertThat(scenario.api.patched())
        .as("the canary has the fewest replicas")
        .containsExactly("b", FN, "a", "c", "d", "queue-worker");
    assertThat(scenario.results().values()).containsOnly(Phase.DONE);
    assertThat(scenario.rest())
        .containsExactly(entry("gateway", Phase.DEFERRED), entry("mesh-setup", Phase.DEFERRED));
  }

  @Test
  void eachResultIsToldAsItComesTheNamespacesToo() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    scenario.told = result -> told.add(result.step.object.name);

    scenario.run();

    assertThat(told).containsExactly("a", FN, "b", "c", "d", "queue-worker");
  }

  @Test
  void aCanaryThatDoesNotComeUpIsRolledBackAndTheNextOneGoes() throws Exception {
    scenario.api.fate("a", Fate.STAYS_DOWN);

    scenario.run();

    assertThat(scenario.api.patched()).containsExactly("a", "a", "b", FN, "c", "d", "queue-worker");
    assertThat(scenario.results())
        .containsEntry("a", Phase.ROLLED_BACK)
        .containsEntry("b", Phase.DONE);
    assertThat(scenario.api.templateAnnotations(FN, "a"))
        .as("the same run annotates its namespace")
        .containsEntry(Annotations.INJECT, Annotations.DISABLED);
    assertThat(scenario.rest()).containsEntry("gateway", Phase.DEFERRED);
  }

  @Test
  @DisplayName("three canaries in a row: nothing further, and each may be tried again at once")
  void threeCanariesInARowAreTheMeshsFault() throws Exception {
    for (String name : new String[] {"a", "b", "c"}) {
      scenario.api.fate(name, Fate.STAYS_DOWN);
    }

    scenario.run();

    assertThat(scenario.api.patched())
        .as("at the end their marks, that hold no more")
        .containsExactly("a", "a", "b", "b", "c", "c", "a", "b", "c");
    assertThat(scenario.results())
        .containsEntry("c", Phase.ROLLED_BACK)
        .containsEntry("d", Phase.WITHHELD)
        .containsEntry("queue-worker", Phase.WITHHELD);
    assertThat(scenario.rest().values()).containsOnly(Phase.WITHHELD);
    assertThat(scenario.planned()).as("the next run").contains("a", "b", "c");
  }

  @Test
  void oneOfManyThatDoesNotComeUpStopsNoOther() throws Exception {
    scenario.api.fate("c", Fate.STAYS_DOWN);

    scenario.run();

    assertThat(scenario.results())
        .containsEntry("b", Phase.DONE)
        .containsEntry("c", Phase.ROLLED_BACK)
        .containsEntry("d", Phase.DONE)
        .containsEntry("queue-worker", Phase.DONE);
    assertThat(scenario.of("c").problem.message)
        .contains("its rollout does not complete with its proxy");
    assertThat(scenario.api.annotations(FN, "c")).containsKey(Annotations.FAILED);
    assertThat(scenario.rest()).containsEntry("gateway", Phase.DEFERRED);
    assertThat(scenario.planned()).as("the next run").doesNotContain("c");
  }

  @Test
  @DisplayName("three failures of 30 are each their own; of 29 they are the mesh's")
  void moreThanATenthOfAWaveIsTheMeshsFault() throws Exception {
    threeFailBeside(26);
    scenario.run();
    assertThat(scenario.results()).containsEntry("queue-worker", Phase.DONE);
    assertThat(scenario.rest()).containsEntry("gateway", Phase.DEFERRED);

    scenario.close();
    scenario = new RolloutScenario("a", "b", "c", "d");
    threeFailBeside(25);
    scenario.run();
    assertThat(scenario.results())
        .containsEntry("d", Phase.ROLLED_BACK)
        .containsEntry("f-9", Phase.WITHHELD)
        .containsEntry("queue-worker", Phase.WITHHELD);
    assertThat(scenario.rest()).containsEntry("gateway", Phase.WITHHELD);
  }

  /** And beside queue-worker, which is rolled out together with the functions. */
  private void threeFailBeside(int functions) {
    IntStream.range(0, functions).forEach(i -> scenario.api.deploy(FN, "f-" + i, 1));
    for (String name : new String[] {"b", "c", "d"}) {
      scenario.api.fate(name, Fate.STAYS_DOWN);
    }
  }

  @Test
  void whatAdmissionRefusesStopsNoOtherAndIsNotTriedAgain() throws Exception {
    scenario.api.answers("PATCH /deployments/c", -422);

    scenario.run();

    assertThat(scenario.results())
        .containsEntry("c", Phase.ROLLED_BACK)
        .containsEntry("d", Phase.DONE)
        .containsEntry("queue-worker", Phase.DONE);
    assertThat(scenario.api.annotations(FN, "c")).containsOnlyKeys(Annotations.FAILED);
    assertThat(scenario.planned()).as("the next run").doesNotContain("c");
  }

  @Test
  void aNamespaceThatAdmissionRefusesStopsNothingElseAndIsNotTriedAgain() throws Exception {
    scenario.api.answers("PATCH /namespaces/" + FN, -422);

    scenario.run();

    assertThat(scenario.results())
        .containsEntry("a", Phase.DONE)
        .containsEntry(FN, Phase.ROLLED_BACK)
        .containsEntry("d", Phase.DONE)
        .containsEntry("queue-worker", Phase.DONE);
    assertThat(scenario.rest()).containsEntry("gateway", Phase.DEFERRED);
    assertThat(scenario.api.patched())
        .as("it, and its mark")
        .containsOnlyOnce("a")
        .contains(FN, FN);
    assertThat(scenario.planned()).as("the next run").doesNotContain(FN);
  }

  @Test
  void whatTakesNoMarkEitherIsAskedAgainAndThatIsSaid() throws Exception {
    scenario.api.answers("PATCH /namespaces/" + FN, 422);
    scenario.api.answers("PATCH /deployments/c", 422);

    scenario.run();

    for (String refused : new String[] {FN, "c"}) {
      assertThat(scenario.of(refused).phase).isEqualTo(Phase.ROLLED_BACK);
      assertThat(scenario.of(refused).problem.message)
          .endsWith("; a mark of that is refused as well, so each run asks again");
    }
    assertThat(scenario.results()).containsEntry("d", Phase.DONE);
    assertThat(scenario.planned()).as("the next run").contains(FN, "c");
  }

  @Test
  @DisplayName("an account that is no longer known concerns all: nothing further is begun")
  void whatConcernsAllStopsAll() throws Exception {
    scenario.api.answers("PATCH /deployments/c", 401);

    scenario.run();

    assertThat(scenario.results())
        .containsEntry("b", Phase.DONE)
        .containsEntry("c", Phase.FAILED)
        .containsEntry("d", Phase.NOT_STARTED)
        .containsEntry("queue-worker", Phase.NOT_STARTED);
    assertThat(scenario.rest().values()).containsOnly(Phase.NOT_STARTED);
    assertThat(scenario.api.patched()).doesNotContain("d", "queue-worker", "gateway");
  }

  @Test
  void whenTheRunIsEndedItSaysWhatIsUnderWayAndWhatIsLeft() throws Exception {
    scenario.api.fate("b", Fate.STAYS_DOWN);
    CompletableFuture<Void> run = scenario.start();
    scenario.awaitPatched("b", 1);

    scenario.budget.end();

    run.get();
    assertThat(scenario.results())
        .containsEntry("a", Phase.DONE)
        .containsEntry("b", Phase.ROLLING)
        .containsEntry("c", Phase.NOT_STARTED)
        .containsEntry("queue-worker", Phase.NOT_STARTED);
    assertThat(scenario.api.patched()).containsExactly("a", FN, "b");
  }

  @Test
  @DisplayName("an exception that nobody foresaw loses nothing of what was recorded")
  void whateverEndsAWaveItsResultsStay() throws Exception {
    scenario.told =
        result -> {
          if (result.step.object.name.equals("b")) {
            throw new UnsupportedOperationException("a test's");
          }
        };
    CompletableFuture<Void> run = scenario.start();

    assertThatThrownBy(() -> scenario.goOn(run)).hasRootCauseMessage("a test's");

    assertThat(scenario.results())
        .containsEntry("a", Phase.DONE)
        .containsEntry(FN, Phase.DONE)
        .containsEntry("b", Phase.DONE)
        .containsEntry("c", Phase.NOT_STARTED);
  }
}
