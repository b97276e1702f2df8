package com.openfaas.function.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Invocation;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Where somebody takes off what we have set")
class TakenOffTest {
  private static final String RECORD =
      "previous: '{\"config.linkerd.io/skip-outbound-ports\":null,\"linkerd.io/inject\":null}'";

  /** Less than an hour before {@link Sample#MOMENT}. */
  private static final String JUST_NOW = "setAt: '2026-09-01T11:00:01Z'";

  @Test
  void theFirstSettingIsToldToNobody() throws Exception {
    Plan plan = plan("{role: gateway, name: gateway, pods: {unmeshed: 1}}");

    assertThat(plan.steps)
        .singleElement()
        .satisfies(step -> assertThat(step.patch()).doesNotContain(Annotations.SET_AT));
    assertThat(plan.again).isEmpty();
  }

  @Test
  void theSecondSettingIsToldAndMarkedWithItsTime() throws Exception {
    Plan plan = plan("{role: gateway, name: gateway, " + RECORD + ", pods: {unmeshed: 1}}");

    assertThat(plan.again)
        .singleElement()
        .satisfies(
            step ->
                assertThat(Previous.takenOff(step))
                    .containsExactly(Annotations.SKIP_OUTBOUND_PORTS, Annotations.INJECT));
    assertThat(plan.steps)
        .singleElement()
        .satisfies(
            step ->
                assertThat(step.patch())
                    .contains(Annotations.SET_AT + "\":\"2026-09-01T12:00:00Z\""));
  }

  @Test
  void theGatewayIsSetAgainAtMostOnceAnHourAndToldMeanwhile() throws Exception {
    String gateway = "{role: gateway, name: gateway, " + RECORD + ", %s, pods: {unmeshed: 1}}";

    Plan tooSoon = plan(String.format(gateway, JUST_NOW));
    Plan later = plan(String.format(gateway, "setAt: '2026-09-01T11:00:00Z'"));

    assertThat(tooSoon.steps).isEmpty();
    assertThat(tooSoon.again).hasSize(1);
    assertThat(tooSoon.postpones("deployment openfaas/gateway")).isTrue();
    assertThat(later.steps).hasSize(1);
    assertThat(later.postpones("deployment openfaas/gateway")).isFalse();
  }

  @Test
  void aSignedApplySetsTheGatewayAtOnce() throws Exception {
    Given given =
        given(
            "{role: gateway, name: gateway, "
                + RECORD
                + ", "
                + JUST_NOW
                + ", pods: {unmeshed: 1}}");
    Invocation signed =
        new Invocation(Action.APPLY, Set.of(), List.of(), 50, Sample.MOMENT.minusSeconds(5));

    Plan plan =
        new Planner(new Scope(given.platform(), given.policy(), signed), Sample.MOMENT).plan();

    assertThat(plan.steps).hasSize(1);
    assertThat(plan.again).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2099-01-01T00:00:00Z", "2026-09-01T12:00:01Z", "yesterday", ""})
  void aTimeThatSomebodyElseHasWrittenKeepsNoGatewayOffTheMesh(String forged) throws Exception {
    Plan plan =
        plan(
            "{role: gateway, name: gateway, "
                + RECORD
                + ", setAt: '"
                + forged
                + "', pods: {unmeshed: 1}}");

    assertThat(plan.steps).hasSize(1);
  }

  @Test
  void whoTakesTheRecordOffTooIsToldByTheTimeBesideIt() throws Exception {
    Plan plan = plan("{role: gateway, name: gateway, " + JUST_NOW + ", pods: {unmeshed: 1}}");

    assertThat(plan.again).hasSize(1);
    assertThat(plan.steps).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "inject: enabled, skip: '4222,4567,4568'", // restarted: Linkerd came later
        "inject: enabled, skip: '4333,4567,4568'", // NATS has moved
        "inject: enabled, skip: '9999'" // somebody has set another list
      })
  void whatIsStillThereNobodyHasTakenOff(String template) throws Exception {
    Plan plan =
        plan(
            "{role: gateway, name: gateway, "
                + template
                + ", "
                + RECORD
                + ", "
                + JUST_NOW
                + ", pods: {unmeshed: 1}}");

    assertThat(plan.again).isEmpty();
    assertThat(plan.steps).hasSize(1);
  }

  @Test
  @DisplayName("a restart is marked anew each time: that its mark is gone is no fight")
  void aRestartThatIsRepeatedNobodyHasTakenOff() throws Exception {
    Plan plan =
        plan(
            "{role: gateway, name: gateway, inject: enabled, skip: '4222,4567,4568', previous:"
                + " '{\"mesh-setup.openfaas.com/restartedAt\":null}', pods: {unmeshed: 1}}");

    assertThat(plan.steps).singleElement().matches(step -> step.reason == Step.Reason.RESTART);
    assertThat(plan.again).isEmpty();
  }

  @Test
  void ofWhatIsLeftThePatchToCommitHoldsAllThatIsOurs() throws Exception {
    Plan plan =
        plan(
            "{role: gateway, name: gateway, inject: enabled, " + RECORD + ", pods: {unmeshed: 1}}");

    assertThat(Previous.takenOff(plan.again.get(0)))
        .containsExactly(Annotations.SKIP_OUTBOUND_PORTS);
    assertThat(Previous.kept(plan.again.get(0)))
        .containsOnlyKeys(Annotations.INJECT, Annotations.SKIP_OUTBOUND_PORTS)
        .containsEntry(Annotations.INJECT, "enabled");
  }

  @Test
  void aNamespaceIsToldLikeAWorkload() throws Exception {
    String yaml =
        "{nats: '4222', namespaces: {openfaas-fn: {previous: '{\"linkerd.io/inject\":null}'}},"
            + " workloads: [{name: figlet, inject: enabled, pods: {meshed: 1}}]}";

    Plan plan = planOf(new Given(new ObjectMapper(new YAMLFactory()).readTree(yaml)));

    assertThat(plan.again).extracting(Step::subject).containsExactly("namespace openfaas-fn");
    assertThat(plan.steps)
        .as("only the gateway's next setting has to wait, so only it has a time")
        .singleElement()
        .satisfies(step -> assertThat(step.patch()).doesNotContain(Annotations.SET_AT));
  }

  @Test
  void whatIsRolledBackHasTheTimeThatItHadBefore() throws Exception {
    String before = "setAt: '2026-09-01T10:00:00Z', ";
    String gateway = "{role: gateway, name: gateway, %spods: {unmeshed: 1}}";

    String first = plan(String.format(gateway, RECORD + ", ")).steps.get(0).undo().patch();
    String second =
        plan(String.format(gateway, before + RECORD + ", ")).steps.get(0).undo().patch();

    assertThat(first).contains(Annotations.SET_AT + "\":null");
    assertThat(second).contains(Annotations.SET_AT + "\":\"2026-09-01T10:00:00Z\"");
  }

  private static Plan plan(String workload) throws Exception {
    return planOf(given(workload));
  }

  private static Plan planOf(Given given) {
    return new Planner(given.scope(), Sample.MOMENT).plan();
  }

  private static Given given(String workload) throws Exception {
    String yaml =
        String.format(
            "{namespaces: {openfaas-fn: {inject: enabled}}, nats: '4222', workloads: [%s]}",
            workload);
    return new Given(new ObjectMapper(new YAMLFactory()).readTree(yaml));
  }
}
