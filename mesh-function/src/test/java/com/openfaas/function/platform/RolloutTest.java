package com.openfaas.function.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Workload.Rollout;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutTest {
  @ParameterizedTest
  @CsvSource({
    "2, 2, 2, 2, true, true",
    "0, 0, 0, 0, true, true",
    "2, 2, 2, 2, false, false",
    "2, 3, 2, 2, true, false",
    "2, 2, 1, 2, true, false",
    "2, 2, 2, 1, true, false",
    "2, 1, 1, 1, true, false",
    "0, 1, 0, 0, true, false"
  })
  @DisplayName("done: the newest generation observed, updated = available = wanted, none besides")
  void isDone(
      int wanted, int existing, int updated, int available, boolean observed, boolean done) {
    Rollout rollout = new Rollout(wanted, existing, updated, available, observed, false, "");
    assertThat(rollout.isDone()).isEqualTo(done);
  }
}
