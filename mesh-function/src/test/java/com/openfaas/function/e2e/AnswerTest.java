package com.openfaas.function.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What build/e2e makes of an answer")
class AnswerTest {
  @Test
  @DisplayName("an ingress controller off the mesh is left behind only where a run would mesh it")
  void leavesAnIngressControllerToItsOwner() {
    assertThat(workload("ingress", "unmeshed", "none").leftBehind()).isEmpty();
    assertThat(workload("ingress", "unmeshed", "planned").leftBehind()).containsExactly("a/b");
    assertThat(workload("function", "unmeshed", "none").leftBehind()).containsExactly("a/b");
    assertThat(workload("function", "meshed", "none").leftBehind()).isEmpty();
  }

  @Test
  @DisplayName("a refusal of mesh-setup is an answer; what the gateway says for it is none")
  void tellsARefusalFromTheGateway() {
    String refusal = "{\"errors\": [\"mesh_budget: x\"], \"outcome\": \"failed\", \"status\": 500}";
    assertThat(new Answer(500, refusal).isOfGateway()).isFalse();
    assertThat(new Answer(502, "Can't reach service for: mesh-setup.").isOfGateway()).isTrue();
    assertThat(new Answer(404, "").isOfGateway()).isTrue();
    assertThat(new Answer(401, "").isOfGateway()).isFalse();
  }

  private static Answer workload(String role, String after, String change) {
    return new Answer(
        200,
        "{\"outcome\": \"observed\", \"workloads\": [{\"namespace\": \"a\", \"name\": \"b\","
            + String.format(
                " \"role\": \"%s\", \"after\": \"%s\", \"change\": \"%s\"}]}",
                role, after, change));
  }
}
