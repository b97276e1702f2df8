package com.openfaas.function.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.lab.Load.Result;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("A load of 50 calls a second through the fake gateway")
class LoadIT {
  private static final List<String> FUNCTIONS = List.of("cows", "figlet", "nodeinfo");

  private final TestPlatform platform;
  private FakeGateway gateway;

  LoadIT(TestPlatform platform) {
    this.platform = platform;
  }

  @BeforeAll
  static void install(TestPlatform platform) {
    platform.installOpenFaas();
    platform.deployFunction("cows", FunctionPods.draining());
    platform.awaitSettled();
  }

  @BeforeEach
  void open() {
    gateway = FakeGateway.before(platform).awaitServing("cows", "figlet", "nodeinfo");
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void losesNothingWhenAFunctionRolls() {
    Result result = underLoad(() -> roll(platform.functions(), "cows"));

    assertThat(result.failed).isEmpty();
    assertThat(result.ok).isGreaterThan(100);
  }

  @Test
  void losesNothingButWhatAGatewayPodCarriedWhenTheGatewayRolls() {
    Result result = underLoad(() -> roll(platform.openfaas(), "gateway"));

    assertThat(result.failed).hasSize(gateway.cut());
    assertThat(gateway.refused()).isZero();
  }

  @Test
  void losesCallsWhenTheGatewayIsRecreated() {
    strategy("Recreate");

    Result result = underLoad(() -> roll(platform.openfaas(), "gateway"));

    assertThat(result.failed).hasSizeGreaterThan(5);
    assertThat(result.failed).hasSize(gateway.cut() + gateway.refused());
    strategy("RollingUpdate");
    platform.awaitSettled();
  }

  private Result underLoad(Runnable change) {
    try (Load load = Load.start(gateway, FUNCTIONS)) {
      load.await(50);
      change.run();
      platform.awaitSettled();
      load.await(50);
      Result result = load.stop();
      System.out.println("load: " + result);
      return result;
    }
  }

  private void roll(String namespace, String name) {
    String now = String.valueOf(System.nanoTime());
    platform.edit(namespace, name, Change.templateAnnotated(Map.of("rolled", now)));
  }

  private void strategy(String type) {
    platform.edit(
        platform.openfaas(),
        "gateway",
        deployment ->
            new DeploymentBuilder(deployment)
                .editSpec()
                .withNewStrategy()
                .withType(type)
                .endStrategy()
                .endSpec()
                .build());
  }
}
