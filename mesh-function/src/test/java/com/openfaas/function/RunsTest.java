package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.cluster.Connection.ServerClock;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a run has left is taken over by the same process, but not for ever")
class RunsTest {
  private final Runs runs =
      new Runs(Map.of(), Clock.systemUTC(), new ServerClock(Clock.systemUTC()), Duration.ZERO);

  @AfterEach
  void close() {
    runs.close();
  }

  @Test
  void tenTimesInARowAndNoMore() {
    for (int tries = 1; tries <= Runs.MOST_IN_VAIN; tries++) {
      assertThat(runs.isTakenOver(true)).as("try %s", tries).isTrue();
    }
    assertThat(runs.isTakenOver(true)).isFalse();
    assertThat(runs.isTakenOver(true)).as("nor later").isFalse();
  }

  @Test
  void aRunThatLeavesNothingBeginsTheCountAnew() {
    for (int tries = 1; tries <= Runs.MOST_IN_VAIN; tries++) {
      runs.isTakenOver(true);
    }
    assertThat(runs.isTakenOver(false)).isFalse();
    assertThat(runs.isTakenOver(true)).isTrue();
  }
}
