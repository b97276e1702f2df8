package com.openfaas.function.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Sample;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way back: of everything, or of a rollout that did not come up. */
class RollbackTest {
  private static final String OURS = "'{\"linkerd.io/inject\":null}'";

  /** Past the patience of a run that began at {@link Sample#MOMENT}. */
  private static final Instant LATER = Sample.MOMENT.plusSeconds(60);

  @Test
  void whereNothingIsRecordedNothingIsTakenBack() throws Exception {
    Plan plan = revert("{name: figlet, inject: enabled, pods: {meshed: 1}}");

    assertThat(plan.steps).isEmpty();
  }

  @Test
  void givesBackThatThereWasNothing() throws Exception {
    Plan plan =
        revert("{name: figlet, inject: enabled, previous: " + OURS + ", pods: {meshed: 1}}");

    assertThat(plan.steps)
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.reason).isEqualTo(Step.Reason.REVERT);
              assertThat(step.annotations).isEqualTo(absent(Annotations.INJECT));
              assertThat(step.previous).as("no record is kept").isEmpty();
            });
  }

  @Test
  void whatSomebodyElseHasSetMeanwhileIsTheirs() throws Exception {
    Plan plan =
        revert("{name: figlet, inject: disabled, previous: " + OURS + ", pods: {unmeshed: 1}}");

    assertThat(plan.steps)
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.annotations).as("only the record goes").isEmpty();
              assertThat(step.patch()).contains(Annotations.PREVIOUS + "\":null");
            });
  }

  @Test
  void aRestartMarkOfOursGoesToo() throws Exception {
    Plan plan =
        revert(
            "{name: figlet, inject: enabled, restartedAt: '2026-09-01T11:00:00Z',"
                + " previous: '{\"mesh-setup.openfaas.com/restartedAt\":null}', pods: {meshed: 1}}");

    assertThat(plan.steps)
        .singleElement()
        .satisfies(
            step -> assertThat(step.annotations).isEqualTo(absent(Annotations.RESTARTED_AT)));
  }

  @Test
  void aRolloutOfOursThatIsPastItsTimeIsRolledBack() throws Exception {
    String stuck =
        "{name: figlet, inject: enabled, previous: " + OURS + ", pods: {unmeshed: 1, rolling: 1}}";

    assertThat(apply(stuck, LATER).steps)
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.wave).isEqualTo(Wave.PUT_BACK);
              assertThat(step.reason).isEqualTo(Step.Reason.PUT_BACK);
              assertThat(step.annotations).isEqualTo(refused());
              assertThat(step.patch()).contains("mesh-setup.openfaas.com/failed");
            });
    assertThat(apply(stuck, Sample.MOMENT).of(Wave.PUT_BACK)).as("not yet").isEmpty();
  }

  @Test
  void ofARestartThatIsStuckOnlyTheMarkIsTakenBackToThatOfTheServingPods() throws Exception {
    String stuck =
        "{name: figlet, inject: enabled, restartedAt: '2026-09-01T12:00:00Z', previous: "
            + OURS
            + ", pods: {unmeshed: 1, rolling: 1}}";

    assertThat(apply(stuck, LATER).steps)
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.annotations)
                  .containsEntry(Annotations.RESTARTED_AT, null)
                  .containsEntry(Annotations.INJECT, "disabled");
              assertThat(step.previous).as("the record stays").containsKey(Annotations.INJECT);
            });
  }

  @Test
  void aRolloutThatIsNotOursIsNotRolledBack() throws Exception {
    Plan plan = apply("{name: figlet, inject: enabled, pods: {unmeshed: 1, rolling: 1}}", LATER);

    assertThat(plan.of(Wave.PUT_BACK)).isEmpty();
  }

  @Test
  void aControllersDaemonSetIsRolledBackWhileOtherNodesServeWhateverThePolicySays()
      throws Exception {
    String stuck =
        "{role: ingress, kind: DaemonSet, in: openfaas-fn, name: controller, inject: enabled,"
            + " previous: "
            + OURS
            + ", pods: {unmeshed: 2, rolling: 3}}], routes: [{name: faas, class: nginx,"
            + " controller: k8s.io/ingress-nginx, through: openfaas-fn/controller}";

    assertThat(apply(stuck, LATER).steps)
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.subject()).isEqualTo("daemonset openfaas-fn/controller");
              assertThat(step.wave).isEqualTo(Wave.PUT_BACK);
              assertThat(step.annotations).isEqualTo(refused());
            });
  }

  @Test
  void aForgedRecordPutsNothingOfItsOwnIntoATemplate() throws Exception {
    String forged =
        "'{\"config.linkerd.io/proxy-uid\":\"0\",\"linkerd.io/inject\":\"whatever\",\"a/b\":\"c\"}'";
    String stuck =
        "{name: figlet, inject: enabled, previous: "
            + forged
            + ", pods: {unmeshed: 1, rolling: 1}}";

    Plan apply = apply(stuck, LATER);
    Plan revert = revert(stuck);

    assertThat(apply.of(Wave.PUT_BACK)).isEmpty();
    assertThat(apply.doubts).hasSize(1);
    assertThat(revert.steps).as("the record stays for a human").isEmpty();
    assertThat(revert.doubts).hasSize(1);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "'writer: mesh-setup, pods: {rolling: 1, first: true}', true",
    "'writer: mesh-setup, pods: {rolling: 1}', false",
    "'pods: {rolling: 1, first: true}', false",
    "'writer: mesh-setup, failed: {at: 2026-09-01T06:00:00Z, reason: no}, pods: {rolling: 1, first: true}',"
        + " false",
  })
  void whereNoOldPodIsLeftTheRolloutIsOursIfNobodyWroteSinceAndItWasNeverUp(
      String how, boolean rolledBack) throws Exception {
    String stuck = "{name: figlet, recreate: true, inject: enabled, previous: " + OURS + ", " + how;

    assertThat(apply(stuck + "}", LATER).of(Wave.PUT_BACK)).hasSize(rolledBack ? 1 : 0);
  }

  @Test
  void aGatewaysChangeThatIsUnconfirmedIsLeftToWhoeverTakesItOver() throws Exception {
    String stuck =
        "{role: gateway, name: gateway, inject: enabled, previous: "
            + OURS
            + ", pods: {unmeshed: 1, rolling: 1}";
    String unconfirmed =
        ", own: {mesh-setup.openfaas.com/unconfirmed: '{\"since\":\"2026-09-01T11:00:00Z\","
            + "\"set\":{\"linkerd.io/inject\":\"enabled\"},"
            + "\"before\":{\"linkerd.io/inject\":null}}'}";

    assertThat(apply(stuck + "}", LATER).of(Wave.PUT_BACK)).hasSize(1);
    assertThat(apply(stuck + unconfirmed + "}", LATER).of(Wave.PUT_BACK)).isEmpty();
  }

  /** Under a namespace that asks for injection. */
  private static Map<String, String> refused() {
    return Map.of(Annotations.INJECT, Annotations.DISABLED);
  }

  private static Map<String, String> absent(String key) {
    Map<String, String> absent = new HashMap<>();
    absent.put(key, null);
    return absent;
  }

  private static Plan revert(String workload) throws Exception {
    return plan("revert", workload, Sample.MOMENT);
  }

  private static Plan apply(String workload, Instant now) throws Exception {
    return plan("apply", workload, now);
  }

  private static Plan plan(String action, String workload, Instant now) throws Exception {
    String yaml =
        String.format(
            "{ask: {action: %s}, policy: {mesh_patience: 30s}, namespaces: {openfaas-fn: {inject: enabled}}, nats: '4222',"
                + " workloads: [%s]}",
            action, workload);
    Given given = new Given(new ObjectMapper(new YAMLFactory()).readTree(yaml));
    return new Planner(given.scope(), now).plan();
  }
}
