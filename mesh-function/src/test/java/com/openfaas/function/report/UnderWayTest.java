package com.openfaas.function.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.report.page.PageDocument;
import com.openfaas.function.request.Answering.Format;
import com.openfaas.function.rollout.StepResult.Phase;
import com.openfaas.function.rollout.Steps;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("How far a run is, told by its own process and by others")
class UnderWayTest {
  private static final String GIVEN =
      "{nats: '4222', namespaces: {openfaas-fn: {}}, workloads: [FUNCTIONS"
          + "{role: gateway, name: gateway, pods: {unmeshed: 1}},"
          + "{role: self, name: mesh-setup, pods: {unmeshed: 1}}]}";

  /** Six steps: a canary, the namespace, two other functions, the gateway, mesh-setup. */
  private final RunRecord record = record("a", "b", "c");

  @Test
  void aRunWithoutAPlanTellsNothing() {
    record.plan = null;
    assertThat(underWay()).isNull();
  }

  @Test
  void beginsAtTheFirstWaveWithNothingDone() {
    UnderWay run = underWay();

    assertThat(run.place()).isEqualTo("wave 1 of 5 (canary), 0 of 6 objects done");
    assertThat(run.bar()).isEqualTo("[" + ".".repeat(30) + "]");
  }

  @Test
  void countsWhatIsDoneWithAndNamesWhatFailed() {
    came(0, Phase.DONE);
    came(1, Phase.DONE);
    record.add(
        Steps.troubled(
            step(2), Phase.ROLLED_BACK, new Problem("c", "s", "m", "h"), Duration.ofSeconds(1)));

    UnderWay run = underWay();

    assertThat(run.place())
        .isEqualTo(
            "wave 3 of 5 (functions), 3 of 6 objects done; failed: deployment openfaas-fn/b");
    assertThat(run.bar()).isEqualTo("[" + "#".repeat(15) + ".".repeat(15) + "]");
    assertThat(run).hasToString("run pod/call since 2026-09-01T12:00:00Z: " + run.place());
  }

  @Test
  @DisplayName("what rolls, or waits for the answer to be out, is not done")
  void whatRollsIsNotDone() {
    IntStream.range(0, 4).forEach(i -> came(i, Phase.DONE));
    came(4, Phase.ROLLING);
    came(5, Phase.DEFERRED);

    assertThat(underWay().place()).isEqualTo("wave 4 of 5 (gateway), 4 of 6 objects done");
  }

  @Test
  void isAtTheEndWhereAllIsDone() {
    IntStream.range(0, 6).forEach(i -> came(i, Phase.DONE));

    assertThat(underWay().place()).isEqualTo("wave 5 of 5 (end), 6 of 6 objects done");
    assertThat(underWay().bar()).isEqualTo("[" + "#".repeat(30) + "]");
  }

  @Test
  @DisplayName("what was done before the gateway was confirmed is no part of the plan that follows")
  void onlyWhatThePlanHoldsIsCounted() {
    record.add(Steps.came(record("z").plan.steps.get(0), Phase.DONE, Duration.ZERO));

    assertThat(underWay().place()).isEqualTo("wave 1 of 5 (canary), 0 of 6 objects done");
  }

  @Test
  void whoTakesAConfirmationOverHasNoStepsToCount() {
    RunRecord confirming = record("a");
    confirming.plan = Plan.NOTHING;

    UnderWay run = UnderWay.of("pod/call", "2026-09-01T12:00:00Z", confirming);

    assertThat(run.place()).contains("the gateway's change").doesNotContain("0 of 0");
    assertThat(UnderWay.fromJson(run.toJson())).hasToString(run.toString());
  }

  @Test
  void anotherProcessReadsWhatThisOneWrites() {
    came(0, Phase.DONE);

    UnderWay read = UnderWay.fromJson(underWay().toJson());

    assertThat(read).usingRecursiveComparison().isEqualTo(underWay());
  }

  @Test
  @DisplayName("the Lease stays small: of five hundred that failed ten are named")
  void namesTenThatFailedAtMost() {
    RunRecord large = record(IntStream.range(0, 500).mapToObj(i -> "f" + i).toArray(String[]::new));
    large.plan.steps.forEach(
        s ->
            large.add(
                Steps.troubled(s, Phase.FAILED, new Problem("c", "s", "m", "h"), Duration.ZERO)));

    String json = UnderWay.of("pod/call", "2026-09-01T12:00:00Z", large).toJson();

    assertThat(json).hasSizeLessThan(1024);
    assertThat(UnderWay.fromJson(json).failed).hasSize(10);
  }

  @Test
  void figuresAreThoseOfEveryLanguage() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(underWay().place()).startsWith("wave 1 of 5");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void textPageAndFindingTellIt() {
    record.underWay = underWay();
    Report report = report();

    assertThat(Formats.body(report, Format.TEXT, 80))
        .contains("\n[..............................] run pod/call since")
        .contains("wave 1 of 5 (canary), 0 of 6 objects done");
    String page = Formats.body(report, Format.HTML, 80);
    assertThat(page)
        .contains("<progress value=\"0\" max=\"6\" aria-label=\"Objects done\">wave 1 of 5")
        .doesNotContain("<script");
    assertThat(new PageDocument(page).shape()).contains("progress aria-label max value");
    assertThat(report.findings).extracting(f -> f.code).contains("run_under_way");
    ReportSchema.accepts(Formats.body(report, Format.JSON, 80));
  }

  @Test
  void whereNoRunIsUnderWayThereIsNoBar() {
    Report report = report();

    assertThat(Formats.body(report, Format.TEXT, 80)).doesNotContain("[..");
    assertThat(Formats.body(report, Format.HTML, 80)).doesNotContain("<progress");
    assertThat(report.findings).extracting(f -> f.code).doesNotContain("run_under_way");
  }

  @Test
  @DisplayName("a caller whose wait is over: that it goes on, how far it is, how to look")
  void theSentenceOfAnAnswerWhileTheRunGoesOn() {
    record.waitIsOver = true;
    record.underWay = underWay();

    assertThat(report().outcome).isEqualTo(Outcome.IN_PROGRESS);
    assertThat(report().next)
        .isEqualTo("The run goes on; see how far:" + " echo status | faas-cli invoke mesh-setup");
  }

  @Test
  void anAnswerBeforeTheEndNamesWhatSomebodyElseRollsOut() {
    RunRecord beside = given("{name: theirs, pods: {unmeshed: 1, rolling: 1}},");
    for (Step step : beside.plan.steps) {
      beside.add(Steps.came(step, step.wave.awaited ? Phase.DONE : Phase.DEFERRED, Duration.ZERO));
    }
    beside.underWay = underWay();

    assertThat(report(beside).outcome).isEqualTo(Outcome.IN_PROGRESS);
    assertThat(report(beside).next)
        .isEqualTo(
            "The run goes on; see how far: echo status | faas-cli invoke mesh-setup; invoke apply"
                + " again in a minute, still rolling out: openfaas-fn/theirs: echo apply | faas-cli"
                + " invoke mesh-setup");
  }

  @Test
  void aRunThatIsOverWhenItsCallersWaitIsToldAsItIs() {
    RunRecord over = record();
    over.plan.steps.forEach(step -> over.add(Steps.came(step, Phase.DONE, Duration.ZERO)));
    over.after =
        new ReportCase(yaml("{nats: '4222', namespaces: {openfaas-fn: {}}}")).record().before;
    over.waitIsOver = true;

    assertThat(report(over).next).isEqualTo("Nothing to do.");
  }

  @Test
  void aSecondCallerIsToldHowFarTheOtherRunIs() {
    record.busy = new Problem("busy", "lease mesh-setup", "another holds it", "try again in 9 s");
    record.underWay = underWay();

    assertThat(report().outcome).isEqualTo(Outcome.BUSY);
    assertThat(report().next)
        .startsWith("try again in 9 s; run pod/call since")
        .contains("0 of 6 objects done");
  }

  private Report report() {
    return report(record);
  }

  private static Report report(RunRecord record) {
    return new Report(
        new Report.Run("8f2c", "apply", "1.0.0", "2026-09-01T12:00:00Z", 7, 50_000, 11), record);
  }

  private UnderWay underWay() {
    return UnderWay.of("pod/call", "2026-09-01T12:00:00Z", record);
  }

  private void came(int step, Phase kind) {
    record.add(Steps.came(step(step), kind, Duration.ofSeconds(1)));
  }

  private Step step(int index) {
    return record.plan.steps.get(index);
  }

  private static RunRecord record(String... functions) {
    String all =
        Stream.of(functions)
            .map(name -> "{name: " + name + ", pods: {unmeshed: 1}},")
            .collect(Collectors.joining());
    return given(all);
  }

  private static RunRecord given(String functions) {
    return new ReportCase(yaml(GIVEN.replace("FUNCTIONS", functions))).record();
  }

  private static JsonNode yaml(String text) {
    try {
      return new ObjectMapper(new YAMLFactory()).readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
