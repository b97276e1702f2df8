package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.Cluster;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.FakeGateway;
import com.openfaas.function.lab.TestPlatform;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("What a verify costs as the platform grows")
class VerifyGrowthIT {
  @Test
  void provesEveryEdgeAtAnySizeWithTheSameApiRequests(Cluster cluster) {
    StringBuilder table = new StringBuilder("functions  first verify   second verify  answer\n");
    for (int functions : new int[] {6, 60, 500}) {
      try (TestPlatform platform = TestPlatform.create(cluster, "proof" + functions)) {
        platform.installWithLinkerd();
        new Caller(platform).apply();
        // Born meshed, for the namespace asks for it: it is not the apply that is measured.
        platform.addFunctions(1, functions);
        platform.awaitSettled(Duration.ofMinutes(10));
        table.append(row(platform, functions));
      }
    }
    System.out.print(table);
  }

  private static String row(TestPlatform platform, int functions) {
    try (FakeGateway gateway = FakeGateway.before(platform)) {
      gateway.awaitServing("nodeinfo", "mesh-setup", "fn-1", "fn-" + functions);
      Caller caller =
          new Caller(
              platform, Map.of("gateway_url", gateway.url().toString(), "exec_timeout", "300s"));
      Answer first = caller.get("action=verify");
      Answer second = caller.get("action=verify");
      for (Answer answer : new Answer[] {first, second}) {
        assertThat(answer.outcome())
            .as(answer.json().get("next").getAsString())
            .isEqualTo("verified");
        assertThat(answer.requests()).isLessThanOrEqualTo(19);
      }
      return String.format(
          Locale.ROOT,
          "%9d  %10.2f s  %12.2f s  %3d KiB%n",
          functions,
          first.seconds(),
          second.seconds(),
          second.body.length() / 1024);
    }
  }
}
