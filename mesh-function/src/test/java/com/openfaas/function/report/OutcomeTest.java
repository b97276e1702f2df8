package com.openfaas.function.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each outcome with its word and its HTTP status. */
class OutcomeTest {
  @ParameterizedTest
  @CsvSource({
    "MESHED, meshed, 200",
    "CHANGED, changed, 200",
    "IN_PROGRESS, inProgress, 200",
    "HELD, held, 200",
    "OBSERVED, observed, 200",
    "PLANNED, planned, 200",
    "VERIFIED, verified, 200",
    "UNPROVEN, unproven, 200",
    "PLAINTEXT, unproven, 500",
    "REVERTED, reverted, 200",
    "BUSY, busy, 409",
    "ROLLED_BACK, rolledBack, 500",
    "DEGRADED, degraded, 200",
    "DEGRADED_NOW, degraded, 500",
    "BLOCKED, blocked, 503",
    "FAILED, failed, 500"
  })
  @DisplayName("word and HTTP status; never 202, whose body older clients throw away")
  void hasItsWordAndStatus(Outcome outcome, String word, int status) {
    assertThat(outcome).hasToString(word);
    assertThat(outcome.status).isEqualTo(status);
    assertThat(outcome.isSuccess()).isEqualTo(status == 200);
  }

  @Test
  void theTableAboveNamesEveryOutcome() {
    assertThat(EnumSet.allOf(Outcome.class)).hasSize(16);
  }
}
