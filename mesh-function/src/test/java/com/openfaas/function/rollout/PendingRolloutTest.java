package com.openfaas.function.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.plan.Given;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Rollout;
import com.openfaas.function.rollout.Limits.Budget;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Progress, not age, decides whether a rollout has failed")
class PendingRolloutTest {
  private final Limits limits =
      new Limits(
          new Budget(Duration.ofMinutes(15), () -> 0),
          Given.policy(Map.of("mesh_patience", "40s")),
          Duration.ZERO);
  private final Step step = Steps.enabling(Sample.function().unmeshed(1).workload());
  private final PendingRollout rollout =
      new PendingRollout(step, step, null, Duration.ZERO, Duration.ZERO);

  @Test
  void aRolloutThatMovesIsNeverLateHoweverLongItTakes() {
    for (int updated = 0; updated < 10; updated++) {
      Duration now = Duration.ofSeconds(39L * (updated + 1));
      assertThat(rollout.isLate(limits, now)).as("at %s", now).isFalse();
      rollout.observe(rolling(updated), now);
    }
    assertThat(rollout.isLate(limits, Duration.ofSeconds(390 + 39))).isFalse();
    assertThat(rollout.isLate(limits, Duration.ofSeconds(390 + 40))).isTrue();
  }

  @Test
  void aNewPodsStateIsAMove() {
    rollout.observe(with(pod("new", false, Proxy.NOT_READY, "")), Duration.ofSeconds(10));
    rollout.observe(with(pod("new", false, Proxy.READY, "")), Duration.ofSeconds(30));
    assertThat(rollout.isLate(limits, Duration.ofSeconds(69))).isFalse();
    assertThat(rollout.isLate(limits, Duration.ofSeconds(70))).isTrue();
  }

  @Test
  @DisplayName("a pod that crashes and comes back again and again moves nothing")
  void whatHasBeenSeenBeforeIsNoMove() {
    for (int second = 0; second < 40; second += 2) {
      rollout.observe(with(pod("new", false, Proxy.READY, "")), Duration.ofSeconds(second));
      rollout.observe(with(pod("new", true, Proxy.READY, "")), Duration.ofSeconds(second + 1));
    }
    assertThat(rollout.isLate(limits, Duration.ofSeconds(40))).isFalse();
    assertThat(rollout.isLate(limits, Duration.ofSeconds(41))).isTrue();
  }

  @Test
  void whereKubernetesSaysThatItIsInTroubleAQuarterIsEnough() {
    rollout.observe(with(pod("new", false, Proxy.READY, "container a CrashLoopBackOff")), at(5));
    assertThat(rollout.isLate(limits, at(14))).isFalse();
    assertThat(rollout.isLate(limits, at(15))).isTrue();

    PendingRollout refused = new PendingRollout(step, step, null, Duration.ZERO, Duration.ZERO);
    Rollout quota = new Rollout(1, 1, 0, 1, true, false, "FailedCreate: exceeded quota");
    refused.observe(Sample.function().rollout(quota).workload(), at(0));
    assertThat(refused.isLate(limits, at(10))).isTrue();
  }

  @Test
  void theTroubleOfAPodThatIsNotTheStepsIsNone() {
    rollout.observe(
        with(
            new PodView(
                "old", Map.of(), Map.of(), Sample.phase(false, false), Proxy.NONE, "it crashes")),
        at(0));
    assertThat(rollout.isLate(limits, at(39))).isFalse();
  }

  @Test
  void whatCouldNotBeReadAnewIsDecidedLater() {
    rollout.postpone(at(60));
    assertThat(rollout.isLate(limits, at(59))).isFalse();
    assertThat(rollout.isLate(limits, at(60))).isTrue();
  }

  private static Duration at(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static Workload rolling(int updated) {
    return Sample.function().rollout(new Rollout(10, 11, updated, 10, true, false, "")).workload();
  }

  private static Workload with(PodView pod) {
    return Sample.function().pods(pod).rollout(new Rollout(1, 2, 1, 1, true, false, "")).workload();
  }

  private PodView pod(String name, boolean ready, Proxy proxy, String trouble) {
    return new PodView(
        name, Map.of(), step.annotations, Sample.phase(false, ready), proxy, trouble);
  }
}
