package com.openfaas.function.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Unconfirmed;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.rollout.StepResult.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import org.junit.jupiter.api.DisplayName;
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
  @DisplayName("a change that is there already, and may not be sent again, is not as before")
  void whatAnEarlierRunHasMadeIsNotRolledBackByARefusal() {
    Step step = Steps.enabling(Sample.function().unmeshed(1).workload());
    Problem no = new Problem("admission_refused", step.subject(), "no", "");
    assertThat(StepResult.refused(step, no).kind).isEqualTo(Kind.ROLLED_BACK);

    Sample made = Sample.of(Role.GATEWAY, "openfaas", "gateway").meshed(1);
    Step enabled =
        Steps.enabling(Sample.of(Role.GATEWAY, "openfaas", "gateway").unmeshed(1).workload());
    enabled.annotations.forEach(made::annotated);
    Step sent = enabled.toBeConfirmed(Instant.EPOCH, true, true);
    made.ownAnnotation(Annotations.UNCONFIRMED, unconfirmed(sent));
    Step taken = Step.madeBefore(made.workload(), Unconfirmed.of(made.workload()));
    assertThat(StepResult.refused(taken, no).kind).isEqualTo(Kind.FAILED);
  }

  private static String unconfirmed(Step step) {
    return JsonParser.parseString(step.patch())
        .getAsJsonObject()
        .getAsJsonObject("metadata")
        .getAsJsonObject("annotations")
        .get(Annotations.UNCONFIRMED)
        .getAsString();
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
