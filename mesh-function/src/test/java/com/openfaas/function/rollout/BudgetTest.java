package com.openfaas.function.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.policy.Policy;
import com.openfaas.function.policy.PolicyReader;
import com.openfaas.function.policy.PolicyReader.PolicyException;
import com.openfaas.function.rollout.Limits.Budget;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The time a run has, told by a ticker of the test's own. */
class BudgetTest {
  private long nanos = Long.MAX_VALUE - 5_000_000_000L;
  private final Budget budget = new Budget(Duration.ofSeconds(10), () -> nanos);

  @Test
  void countsFromTheMomentItWasMade() {
    assertThat(budget.spent()).isZero();
    assertThat(budget.remaining()).isEqualTo(Duration.ofSeconds(10));
    assertThat(budget.isOver()).isFalse();
  }

  @Test
  @DisplayName("a monotonic source may start anywhere, also just before it wraps")
  void survivesTheTickersWrap() {
    pass(9_999_999_999L);
    assertThat(nanos).isNegative();
    assertThat(budget.spent()).isEqualTo(Duration.ofNanos(9_999_999_999L));
    assertThat(budget.remaining()).isEqualTo(Duration.ofNanos(1));
    assertThat(budget.isOver()).isFalse();
  }

  @Test
  void isOverAtItsEndAndNeverNegative() {
    pass(10_000_000_000L);
    assertThat(budget.isOver()).isTrue();
    pass(5_000_000_000L);
    assertThat(budget.isOver()).isTrue();
    assertThat(budget.remaining()).isZero();
    assertThat(budget.spent()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  @DisplayName("a caller who narrows the budget does not make a slow rollout a failed one")
  void patienceIsThePolicysNotTheCallers() throws PolicyException {
    Policy policy = PolicyReader.read(Map.of("mesh_patience", "16s", "mesh_parallel", "7"));
    Limits limits =
        new Limits(new Budget(Duration.ofSeconds(1), () -> nanos), policy, Duration.ZERO);
    assertThat(limits.patience).isEqualTo(Duration.ofSeconds(16));
    assertThat(limits.parallel).isEqualTo(7);
    assertThat(limits.budget.remaining()).isEqualTo(Duration.ofSeconds(1));
  }

  @ParameterizedTest(name = "of at most {0}, {1} have come up: {2} at once")
  @CsvSource({"64, 0, 16", "64, 1, 17", "64, 48, 64", "64, 500, 64", "1, 0, 1", "6, 0, 2"})
  @DisplayName("a quarter of mesh_parallel at first, and one more for each that has come up")
  void rolloutsAtOnceGrowWithWhatHasComeUp(int parallel, int landed, int atOnce)
      throws PolicyException {
    Policy policy = PolicyReader.read(Map.of("mesh_parallel", String.valueOf(parallel)));
    assertThat(new Limits(budget, policy, Duration.ZERO).atOnce(landed)).isEqualTo(atOnce);
  }

  private void pass(long more) {
    nanos += more;
  }
}
