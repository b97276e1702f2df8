package com.openfaas.function.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.openfaas.function.plan.Step;
import com.openfaas.function.plan.Unconfirmed;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.rollout.StepResult.Phase;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StepResultTest {
  @Test
  @DisplayName("a change that is there already, and may not be sent again, is not as before")
  void whatAnEarlierRunHasMadeIsNotRolledBackByARefusal() {
    Step step = Steps.enabling(Sample.function().unmeshed(1).workload());
    Problem no = new Problem("admission_refused", step.subject(), "no", "");
    assertThat(StepResult.refused(step, no).phase).isEqualTo(Phase.ROLLED_BACK);

    Sample made = Sample.of(Role.GATEWAY, "openfaas", "gateway").meshed(1);
    Step enabled =
        Steps.enabling(Sample.of(Role.GATEWAY, "openfaas", "gateway").unmeshed(1).workload());
    enabled.annotations.forEach(made::annotated);
    Step sent = enabled.toBeConfirmed(Instant.EPOCH, true, true);
    made.ownAnnotation(Annotations.UNCONFIRMED, unconfirmed(sent));
    Step taken = Step.madeBefore(made.workload(), Unconfirmed.of(made.workload()));
    assertThat(StepResult.refused(taken, no).phase).isEqualTo(Phase.FAILED);
  }

  private static String unconfirmed(Step step) {
    return JsonParser.parseString(step.patch())
        .getAsJsonObject()
        .getAsJsonObject("metadata")
        .getAsJsonObject("annotations")
        .get(Annotations.UNCONFIRMED)
        .getAsString();
  }
}
