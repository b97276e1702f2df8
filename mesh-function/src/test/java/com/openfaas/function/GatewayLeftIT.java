package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.openfaas.function.lab.ApiFaults;
import com.openfaas.function.lab.ApiRequest;
import com.openfaas.function.lab.Fault;
import com.openfaas.function.platform.Annotations;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/** What becomes of a gateway's change when the run that made it cannot go on with it. */
@DisplayName("A gateway's change is never left to itself")
class GatewayLeftIT extends GatewayScenarios {
  private static final Duration WATCHED = Duration.ofSeconds(5);
  private static final Duration LONGER = Duration.ofSeconds(12);

  @Execution(CONCURRENT)
  @Test
  @DisplayName(
      "the API server fails between the patch and the confirmation: the same process goes on")
  void theApiServerFailsAfterThePatch() {
    try (ApiFaults api = ApiFaults.before(scenario.platform)) {
      Map<String, String> settings = new HashMap<>(api.environment());
      settings.put("gateway_url", scenario.gateway.url().toString());
      Fault away =
          api.set(
              Fault.answers(503)
                  .on(request -> api.count(ApiRequest.of("PATCH", "/deployments/gateway")) > 0)
                  .on(request -> !request.isWatch())
                  .on(ApiRequest.of("GET", scenario.platform.openfaas() + "/deployments")));

      new Caller(scenario.platform, settings, Clock.systemUTC(), WATCHED).apply();

      assertThat(away.hits()).isPositive();
      assertThat(scenario.annotations()).containsKey(Annotations.UNCONFIRMED);
      away.end();
      scenario.awaitNoMark();
      scenario.platform.awaitTheEnd();
      assertThat(scenario.isMeshed()).isTrue();
      assertThat(scenario.events()).contains("MeshConfirmed").doesNotContain("MeshTakenBack");
    }
  }

  @Execution(CONCURRENT)
  @Test
  @DisplayName("scaled to 0 in confirmation: nothing confirms it, so it is taken back")
  void theGatewayIsScaledToNothing() {
    Caller caller = scenario.caller(LONGER).inAHurry();
    caller.apply();
    awaitMark();

    scenario
        .platform
        .admin()
        .apps()
        .deployments()
        .inNamespace(scenario.platform.openfaas())
        .withName("gateway")
        .scale(0);
    caller.awaitTheEnd();

    assertThat(scenario.isMeshed()).isFalse();
    assertThat(scenario.annotations()).doesNotContainKey(Annotations.UNCONFIRMED);
    assertThat(scenario.deployment().getSpec().getReplicas()).as("theirs stands").isZero();
    assertThat(scenario.events()).contains("MeshTakenBack").doesNotContain("MeshConfirmed");
  }

  @Execution(CONCURRENT)
  @Test
  @DisplayName("deleted in confirmation: the run ends, and a new gateway is meshed by the next")
  void theGatewayIsDeleted() {
    Deployment before = scenario.deployment();
    Caller caller = scenario.caller(LONGER).inAHurry();
    caller.apply();
    awaitMark();

    scenario.platform.admin().resource(scenario.deployment()).delete();
    caller.awaitTheEnd();

    assertThat(scenario.deployment()).isNull();
    scenario
        .platform
        .admin()
        .resource(
            new DeploymentBuilder()
                .withNewMetadata()
                .withName("gateway")
                .withNamespace(before.getMetadata().getNamespace())
                .withLabels(before.getMetadata().getLabels())
                .endMetadata()
                .withSpec(before.getSpec())
                .build())
        .create();
    scenario.platform.awaitSettled();
    scenario.gateway.awaitServing();
    scenario.caller(WATCHED).apply();
    assertThat(scenario.isMeshed()).isTrue();
    assertThat(scenario.events()).contains("MeshConfirmed");
  }

  private void awaitMark() {
    Awaitility.await("the gateway is patched")
        .until(() -> scenario.annotations().containsKey(Annotations.UNCONFIRMED));
  }
}
