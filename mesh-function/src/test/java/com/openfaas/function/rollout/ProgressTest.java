package com.openfaas.function.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Rollout;
import com.openfaas.function.rollout.PendingRollout.Progress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every verdict on how far a step has come, by the object as it is after the step's patch. */
class ProgressTest {
  private final Step step = Steps.enabling(Sample.function().unmeshed(1).workload());

  @Test
  void goneWhenTheDeploymentIsNoMore() {
    assertThat(progress(null)).isEqualTo(Progress.GONE);
  }

  @Test
  @DisplayName("done: rolled out, and every serving pod has its ready proxy")
  void done() {
    assertProgress(patched().meshed(1), Progress.DONE);
    assertProgress(patched().meshed(3), Progress.DONE);
  }

  @Test
  @DisplayName("done by pods, not by annotations: another's rollout that meshes it counts")
  void doneThoughSomebodyElseReplacedTheAnnotations() {
    assertProgress(Sample.function().meshed(1), Progress.DONE);
  }

  @ParameterizedTest
  @CsvSource({"1,2,1,1,true", "1,1,0,1,true", "2,2,2,1,true", "1,1,1,1,false"})
  void underWayUntilTheRolloutIsDone(
      int wanted, int existing, int updated, int available, boolean observed) {
    Rollout rollout = new Rollout(wanted, existing, updated, available, observed, false, "");
    assertProgress(patched().meshed(1).rollout(rollout), Progress.UNDER_WAY);
  }

  @Test
  void underWayWhileAnOldPodServesWithoutAProxy() {
    assertProgress(patched().meshed(1).unmeshed(1), Progress.UNDER_WAY);
  }

  @Test
  void underWayWhileThePodsSeenAreFewerThanWanted() {
    Rollout done = new Rollout(2, 2, 2, 2, true, false, "");
    assertProgress(patched().meshed(1).rollout(done), Progress.UNDER_WAY);
  }

  @Test
  void underWayWhileTheProxyIsNotReady() {
    assertProgress(patched().pods(made("new", true, Proxy.NOT_READY)), Progress.UNDER_WAY);
  }

  @Test
  @DisplayName("not injected: a pod made by this step serves without a proxy")
  void notInjected() {
    assertProgress(patched().pods(made("new", true, Proxy.NONE)), Progress.NOT_INJECTED);
    assertProgress(patched().meshed(1).pods(made("new", true, Proxy.NONE)), Progress.NOT_INJECTED);
  }

  @Test
  void aBarePodOfThisStepThatDoesNotServeYetProvesNothing() {
    Rollout half = new Rollout(1, 2, 1, 1, true, false, "");
    assertProgress(
        patched().unmeshed(1).pods(made("new", false, Proxy.NONE)).rollout(half),
        Progress.UNDER_WAY);
  }

  @Test
  void aBarePodThatLeavesProvesNothing() {
    PodView leaving =
        new PodView("x", Map.of(), step.annotations, Sample.phase(true, true), Proxy.NONE, "");
    assertProgress(patched().meshed(1).pods(leaving), Progress.DONE);
  }

  @Test
  @DisplayName("superseded: somebody has replaced what the step wrote, as a redeployment does")
  void superseded() {
    assertProgress(Sample.function().unmeshed(1), Progress.SUPERSEDED);
    assertProgress(
        Sample.function().annotated(Annotations.INJECT, "disabled").unmeshed(1),
        Progress.SUPERSEDED);
  }

  @Test
  void scaledToNothingMeanwhileIsDone() {
    assertProgress(patched(), Progress.DONE);
  }

  private void assertProgress(Sample now, Progress progress) {
    assertThat(progress(now.workload())).isEqualTo(progress);
  }

  private Progress progress(Workload now) {
    PendingRollout rollout = new PendingRollout(step, step, null, Duration.ZERO, Duration.ZERO);
    rollout.observe(now, Duration.ZERO);
    return rollout.progress();
  }

  /** The function with what the step wrote on its template. */
  private Sample patched() {
    Sample sample = Sample.function();
    step.annotations.forEach(sample::annotated);
    return sample;
  }

  private PodView made(String name, boolean ready, Proxy proxy) {
    return new PodView(name, Map.of(), step.annotations, Sample.phase(false, ready), proxy, "");
  }
}
