package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.Cluster;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("What an apply costs as the platform grows")
class GrowthIT {
  @Test
  void aNoChangeApplyTakesTheSameRequestsAtAnySize(Cluster cluster) {
    List<Integer> requests = new ArrayList<>();
    StringBuilder table = new StringBuilder("functions  first apply           no-change apply\n");
    for (int functions : new int[] {6, 60, 150}) {
      try (TestPlatform platform = TestPlatform.create(cluster, "growth" + functions)) {
        Answer[] answers = firstAndSecondApply(platform, functions);
        requests.add(answers[1].requests());
        table.append(
            String.format(
                "%9d  %4d requests %5.1f s  %4d requests %5.2f s%n",
                functions,
                answers[0].requests(),
                answers[0].seconds(),
                answers[1].requests(),
                answers[1].seconds()));
      }
    }
    System.out.print(table);
    assertThat(requests).containsOnly(requests.get(0));
    assertThat(requests.get(0)).isLessThanOrEqualTo(19);
  }

  private static Answer[] firstAndSecondApply(TestPlatform platform, int functions) {
    platform.installOpenFaas();
    platform.addFunctions(1, functions);
    platform.linkerd().install();
    platform.awaitSettled();
    Caller caller = new Caller(platform, Map.of("exec_timeout", "300s"));
    Answer first = caller.apply();
    assertThat(first.outcome()).as(first.body).isEqualTo("changed");
    platform.awaitSettled();
    Answer second = caller.apply();
    assertThat(second.outcome()).as(second.body).isEqualTo("meshed");
    return new Answer[] {first, second};
  }
}
