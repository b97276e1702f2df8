package com.openfaas.function.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.rollout.StepResult.Kind;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepResultTest {
  @ParameterizedTest(name = "{0}: open {1}")
  @CsvSource({
    "DONE, false",
    "ROLLING, true",
    "DEFERRED, false",
    "NOT_STARTED, true",
    "WITHHELD, false",
    "OVERTAKEN, false",
    "ROLLED_BACK, false",
    "FAILED, false"
  })
  void whatEachKindMeansForTheRun(Kind kind, boolean open) {
    assertThat(kind.isOpen()).isEqualTo(open);
  }

  @Test
  void theTableAboveNamesEveryKind() {
    assertThat(EnumSet.allOf(Kind.class)).hasSize(8);
  }

  @Test
  void onlyAFailureHasAProblem() {
    Step step = Steps.enabling(Sample.function().unmeshed(1).workload());
    Problem problem = new Problem("not_injected", step.subject(), "bare", "look");
    assertThat(StepResult.failed(step, problem, Duration.ZERO).problem).isSameAs(problem);
    assertThat(StepResult.failed(step, problem, Duration.ZERO).kind).isEqualTo(Kind.FAILED);
    assertThat(StepResult.of(step, Kind.DONE, Duration.ofSeconds(3)).problem).isNull();
    assertThat(StepResult.of(step, Kind.DONE, Duration.ofSeconds(3)).took).hasSeconds(3);
  }
}
