package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.FakeGateway;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A platform behind the fake gateway, whose gateway is changed, and how that ends. */
final class GatewayScenario implements AutoCloseable {
  final TestPlatform platform;
  final FakeGateway gateway;

  private GatewayScenario(TestPlatform platform, FakeGateway gateway) {
    this.platform = platform;
    this.gateway = gateway;
  }

  /** On a platform with OpenFaaS and Linkerd, and nothing meshed yet. */
  static GatewayScenario fresh(TestPlatform platform) {
    FakeGateway gateway = FakeGateway.before(platform);
    return new GatewayScenario(
        platform, gateway.awaitServing("env", "figlet", "nodeinfo", "mesh-setup"));
  }

  /**
   * @param watched how long the way through a changed gateway must work, or fail
   */
  Caller caller(Duration watched) {
    return caller(watched, Map.of());
  }

  Caller caller(Duration watched, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("gateway_url", gateway.url().toString());
    settings.putAll(more);
    return new Caller(platform, settings, Clock.systemUTC(), watched);
  }

  /** What a process of its own needs. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(platform.functionEnvironment());
    environment.put("exec_timeout", "55s");
    environment.put("gateway_url", gateway.url().toString());
    return environment;
  }

  void edit(UnaryOperator<Deployment> change) {
    platform.edit(platform.openfaas(), "gateway", change);
    platform.awaitSettled();
  }

  Deployment deployment() {
    return FaultScenario.on(platform).deployment(platform.openfaas(), "gateway");
  }

  Map<String, String> annotations() {
    return deployment().getMetadata().getAnnotations();
  }

  boolean isMeshed() {
    return Annotations.ENABLED.equals(
        platform.templateAnnotations(platform.openfaas(), "gateway").get(Annotations.INJECT));
  }

  List<String> events() {
    return platform
        .admin()
        .events()
        .v1()
        .events()
        .inNamespace(platform.openfaas())
        .list()
        .getItems()
        .stream()
        .map(event -> event.getReason())
        .collect(Collectors.toList());
  }

  void awaitNoMark() {
    Awaitility.await("the change is confirmed, taken back or somebody else's")
        .atMost(Duration.ofMinutes(3))
        .until(() -> !annotations().containsKey(Annotations.UNCONFIRMED));
  }

  /** Nothing is meshed, and nothing cuts the gateway off. */
  void reset() {
    gateway.trouble((meshed, function, path) -> 0);
    UnaryOperator<Deployment> healthy = Change.whenMeshed("ready");
    edit(gateway -> Change.replicas(1).apply(healthy.apply(gateway)));
    Answer revert = caller(Duration.ofSeconds(1)).signed("revert", Instant.now());
    assertThat(revert.outcome()).as(revert.body).isIn("reverted", "meshed");
    platform.lease().release();
    platform.awaitSettled();
    platform.admin().events().v1().events().inNamespace(platform.openfaas()).delete();
  }

  void print(String fault, String end, Duration cutOff) {
    System.out.printf(
        Locale.ROOT,
        "gateway fault %s: %s, cut off for %.1f s%n",
        fault,
        end,
        cutOff.toMillis() / 1000.0);
  }

  @Override
  public void close() {
    gateway.close();
  }
}
