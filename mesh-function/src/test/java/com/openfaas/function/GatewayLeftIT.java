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
class GatewayLeftIT extends GatewayTrials {
  private static final Duration WATCHED = Duration.ofSeconds(5);
  private static final Duration LONGER = Duration.ofSeconds(12);

  @Execution(CONCURRENT)
  @Test
  @DisplayName(
      "the API server fails between the patch and the confirmation: the same process goes on")
  void theApiServerFailsAfterThePatch() {
    try (ApiFaults api = ApiFaults.before(trial.platform)) {
      Map<String, String> settings = new HashMap<>(api.environment());
      settings.put("gateway_url", trial.gateway.url().toString());
      Fault away =
          api.set(
              Fault.answers(503)
                  .on(request -> api.count(ApiRequest.of("PATCH", "/deployments/gateway")) > 0)
                  .on(request -> !request.isWatch())
                  .on(ApiRequest.of("GET", trial.platform.openfaas() + "/deployments")));

      new Caller(trial.platform, settings, Clock.systemUTC(), WATCHED).apply();

      assertThat(away.hits()).isPositive();
      assertThat(trial.annotations()).containsKey(Annotations.UNCONFIRMED);
      away.end();
      trial.awaitNoMark();
      trial.platform.awaitTheEnd();
      assertThat(trial.isMeshed()).isTrue();
      assertThat(trial.events()).contains("MeshConfirmed").doesNotContain("MeshTakenBack");
    }
  }

  @Execution(CONCURRENT)
  @Test
  @DisplayName("scaled to 0 in confirmation: nothing confirms it, so it is taken back")
  void theGatewayIsScaledToNothing() {
    Caller caller = trial.caller(LONGER).inAHurry();
    caller.apply();
    awaitMark();

    trial
        .platform
        .admin()
        .apps()
        .deployments()
        .inNamespace(trial.platform.openfaas())
        .withName("gateway")
        .scale(0);
    caller.awaitTheEnd();

    assertThat(trial.isMeshed()).isFalse();
    assertThat(trial.annotations()).doesNotContainKey(Annotations.UNCONFIRMED);
    assertThat(trial.deployment().getSpec().getReplicas()).as("theirs stands").isZero();
    assertThat(trial.events()).contains("MeshTakenBack").doesNotContain("MeshConfirmed");
  }

  @Execution(CONCURRENT)
  @Test
  @DisplayName("deleted in confirmation: the run ends, and a new gateway is meshed by the next")
  void theGatewayIsDeleted() {
    Deployment before = trial.deployment();
    Caller caller = trial.caller(LONGER).inAHurry();
    caller.apply();
    awaitMark();

    trial.platform.admin().resource(trial.deployment()).delete();
    caller.awaitTheEnd();

    assertThat(trial.deployment()).isNull();
    trial
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
    trial.platform.awaitSettled();
    trial.caller(WATCHED).apply();
    assertThat(trial.isMeshed()).isTrue();
    assertThat(trial.events()).contains("MeshConfirmed");
  }

  private void awaitMark() {
    Awaitility.await("the gateway is patched")
        .until(() -> trial.annotations().containsKey(Annotations.UNCONFIRMED));
  }
}
