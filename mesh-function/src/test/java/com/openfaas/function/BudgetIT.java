package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
class BudgetIT {
  private static final int FUNCTIONS = 100;

  @Test
  void oneCallMeshesAllThoughItsAnswerIsOutLongBefore(TestPlatform platform) {
    platform.installOpenFaas();
    platform.addFunctions(1, FUNCTIONS);
    platform.linkerd().install();
    platform.awaitSettled();
    // On any machine the run has begun before its answer, and outlasts it and two calls more: each
    // of its rollouts takes half a second at least.
    Caller caller = new Caller(platform, Map.of("mesh_parallel", "2")).inAHurry();

    Answer answer = caller.post("{\"budget\":15}");

    assertThat(answer.outcome()).as(answer.body).isEqualTo("inProgress");
    assertThat(answer.status).isEqualTo(200);
    assertThat(answer.findings()).contains("run_under_way");
    assertThat(answer.body).contains("The run goes on; see how far: ");
    Answer meanwhile = caller.get("");
    assertThat(meanwhile.findings()).as(meanwhile.body).contains("run_under_way");
    Answer elsewhere = new Caller(platform, KillMatrixIT.ELSEWHERE).inAHurry().apply();
    assertThat(elsewhere.outcome()).as(elsewhere.body).isEqualTo("busy");
    caller.awaitTheEnd();
    platform.awaitSettled();
    Answer after = caller.apply();
    assertThat(after.outcome()).as(after.body).isEqualTo("meshed");
    after.inTable(25, "budget of 15 s, 100 functions: answered inProgress, one call did it all");
  }
}
