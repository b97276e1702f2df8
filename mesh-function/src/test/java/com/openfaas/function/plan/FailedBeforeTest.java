package com.openfaas.function.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.FailedMark;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What did not come up is rolled back for good, marked, and left as it is while the mark holds. */
class FailedBeforeTest {
  private static final String FAILED =
      "{name: figlet, inject: disabled, previous: '{\"linkerd.io/inject\":null}',"
          + " failed: {at: '2026-09-01T06:00:00Z', reason: no}, pods: {unmeshed: 1}}";

  @Test
  void itIsNotTriedAgainAndIsNamed() throws Exception {
    Plan plan = plan("apply", FAILED, Sample.MOMENT);

    assertThat(plan.steps).isEmpty();
    assertThat(plan.failed).singleElement().extracting(w -> w.name).isEqualTo("figlet");
  }

  @Test
  void aDayLaterItIsTriedAgainAndSuccessTakesMarkAndRefusalAway() throws Exception {
    Instant tomorrow = Sample.MOMENT.plus(Duration.ofDays(1));

    Plan plan = plan("apply", FAILED, tomorrow);

    assertThat(plan.failed).isEmpty();
    assertThat(plan.of(Wave.CANARY))
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.annotations).containsEntry(Annotations.INJECT, "enabled");
              assertThat(step.previous).containsEntry(Annotations.INJECT, null);
              assertThat(step.patch()).contains("\"" + Annotations.FAILED + "\":null");
            });
  }

  @Test
  void aRefreshTriesItAgain() throws Exception {
    assertThat(plan("refresh", FAILED, Sample.MOMENT).steps).hasSize(1);
  }

  @Test
  void anotherProxyVersionIsAnotherTry() throws Exception {
    Workload marked = figlet(FAILED).workloads.get(0);

    assertThat(holds(marked, "edge-26.8.1")).isTrue();
    assertThat(holds(marked, "edge-26.9.1")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage",
        "{",
        "[]",
        "null",
        "{\"time\":\"2026-09-01T06:00:00Z\"}",
        "{\"time\":{}}",
        "{\"time\":\"yesterday\",\"reason\":\"\",\"template\":\"\",\"proxy\":\"\"}"
      })
  void garbageIsOneFindingAndNoMark(String garbage) throws Exception {
    String yaml = "{name: figlet, failed: '" + garbage + "', pods: {unmeshed: 1}}";

    Plan plan = plan("apply", yaml, Sample.MOMENT);

    assertThat(plan.steps).hasSize(1);
    assertThat(plan.doubts)
        .singleElement()
        .satisfies(
            doubt -> {
              assertThat(doubt.code).isEqualTo("mark_unusable");
              assertThat(doubt.subject).isEqualTo("deployment openfaas-fn/figlet");
              assertThat(doubt.hint)
                  .endsWith("annotate deployment figlet " + Annotations.FAILED + "-");
            });
  }

  @Test
  void aMarkOfATimeToComeHoldsNothingBack() throws Exception {
    String yaml = FAILED.replace("2026-09-01T06", "2099-01-01T06");

    assertThat(plan("apply", yaml, Sample.MOMENT).steps).hasSize(1);
  }

  @ParameterizedTest(name = "a namespace that says {0}, a template that says {1}, pods {2}: {3}")
  @CsvSource({
    "enabled, '', unmeshed, disabled",
    "ingress, '', unmeshed, disabled",
    "'', enabled, unmeshed, disabled",
    "'', '', unmeshed, ",
    "enabled, '', stale, ",
  })
  void whatWouldComeUpInjectedAllTheSameIsKeptOffAndThatIsRecorded(
      String namespace, String template, String pods, String inject) throws Exception {
    String yaml = "{name: figlet, inject: '" + template + "', pods: {" + pods + ": 1}}";
    Given given = given("refresh", yaml.replace("inject: '', ", ""), namespace);
    Plan plan = new Planner(given.scope(), Sample.MOMENT).plan();
    Step step = ofWorkload(plan);

    Step back = new Rollback(given.platform(), Plan.NOTHING).of(step, "no", Sample.MOMENT);

    assertThat(back.annotations.get(Annotations.INJECT)).isEqualTo(inject);
    assertThat(back.previous.containsKey(Annotations.INJECT)).isEqualTo(inject != null);
    assertThat(back.previous.get(Annotations.INJECT))
        .isEqualTo(template.isEmpty() ? null : template);
    assertThat(back.patch()).contains(Annotations.FAILED);
  }

  @Test
  void theNamespaceThatThisRunAnnotatesCountsToo() throws Exception {
    Given given = given("apply", "{name: figlet, pods: {unmeshed: 1}}", "");
    Plan plan = new Planner(given.scope(), Sample.MOMENT).plan();

    Step back = new Rollback(given.platform(), plan).of(ofWorkload(plan), "no", Sample.MOMENT);

    assertThat(back.annotations).containsEntry(Annotations.INJECT, Annotations.DISABLED);
  }

  @Test
  void ourRefusalIsNoOptOutAndTheOperatorsIs() throws Exception {
    assertThat(status(FAILED)).isEqualTo(State.UNMESHED);
    assertThat(status("{name: figlet, inject: disabled, pods: {unmeshed: 1}}"))
        .isEqualTo(State.OPTED_OUT);
    assertThat(status("{name: figlet, inject: disabled, failed: garbage, pods: {unmeshed: 1}}"))
        .isEqualTo(State.OPTED_OUT);
  }

  @Test
  void aFunctionThatHasFailedIsTheCanaryOnlyWhereNoOtherIsLeft() throws Exception {
    String old =
        "{name: alpha, failed: {at: '2026-08-01T06:00:00Z', reason: no}, pods: {unmeshed: 1}}";
    String other = "{name: zulu, pods: {unmeshed: 3}}";

    assertThat(canary(old + ", " + other)).isEqualTo("zulu");
    assertThat(canary(old)).isEqualTo("alpha");
  }

  @Test
  void whatFailedBesideABrokenMeshIsTriedAgainAtOnce() throws Exception {
    Given given = given("apply", "{name: figlet, pods: {unmeshed: 1}}", "enabled");
    Step step = ofWorkload(new Planner(given.scope(), Sample.MOMENT).plan());
    Rollback back = new Rollback(given.platform(), Plan.NOTHING);

    FailedMark released = written(back.mark(step, "no", Sample.MOMENT, false));

    assertThat(released.disabled).as("the refusal is still known for ours").isTrue();
    assertThat(released.holds(step.workload, "edge-26.8.1", Sample.MOMENT)).isFalse();
  }

  private static FailedMark written(String patch) throws Exception {
    String mark =
        new ObjectMapper()
            .readTree(patch)
            .path("metadata")
            .path("annotations")
            .path(Annotations.FAILED)
            .asText();
    return FailedMark.on(
        Sample.function().ownAnnotation(Annotations.FAILED, mark).workload().object);
  }

  private static String canary(String workloads) throws Exception {
    return plan("apply", workloads, Sample.MOMENT).of(Wave.CANARY).stream()
        .map(step -> step.workload.name)
        .collect(Collectors.joining());
  }

  private static Step ofWorkload(Plan plan) {
    return plan.steps.stream().filter(s -> s.workload != null).findFirst().orElseThrow();
  }

  private static boolean holds(Workload workload, String proxy) {
    return FailedMark.on(workload.object).holds(workload, proxy, Sample.MOMENT);
  }

  private static State status(String workload) throws Exception {
    Platform platform = figlet(workload);
    return platform.status(platform.workloads.get(0)).state;
  }

  private static Platform figlet(String workload) throws Exception {
    return given("apply", workload, "enabled").platform();
  }

  private static Plan plan(String action, String workload, Instant now) throws Exception {
    return new Planner(given(action, workload, "enabled").scope(), now).plan();
  }

  private static Given given(String action, String workloads, String namespace) throws Exception {
    String yaml =
        String.format(
            "{ask: {action: %s}, namespaces: {openfaas-fn: {%s}}, nats: '4222', workloads: [%s]}",
            action, namespace.isEmpty() ? "" : "inject: " + namespace, workloads);
    return new Given(new ObjectMapper(new YAMLFactory()).readTree(yaml));
  }
}
