package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.FunctionProcess;
import com.openfaas.function.lab.FunctionProxy.Trouble;
import com.openfaas.function.platform.Annotations;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What only a meshed gateway meets ends with a platform that serves, and nobody calls for that. The
 * way through the gateway is watched for 5 s here, for 30 s where the test says so: what a platform
 * is cut off for is bounded by twice that and a rollout.
 */
@DisplayName("The gateway's change is confirmed, or taken back")
class GatewayFaultsIT extends GatewayScenarios {
  private static final Duration WATCHED = Duration.ofSeconds(5);
  private static final Duration AS_SHIPPED = Duration.ofSeconds(30);

  /** From the patch to the old pods' end, on a machine that has other things to do. */
  private static final Duration ROLLOUT = Duration.ofSeconds(60);

  static Stream<Arguments> cuts() {
    return Stream.of(
        arguments("1 no answer from functions", cut((f, path) -> Trouble.SILENCE)),
        arguments(
            "2 mesh-setup alone is not reached",
            cut((f, path) -> f.equals("mesh-setup") ? 503 : 0)),
        arguments("3 a Ready pod answers 502", cut((f, path) -> 502)),
        arguments(
            "11 a policy names another account: 403, but 200 of health",
            cut((f, path) -> path.equals("_/health") ? 0 : 403)),
        arguments("12 port 4143 is cut: 503 at once", cut((f, path) -> 503)));
  }

  /** Of a meshed gateway alone. */
  private static Trouble cut(BiFunction<String, String, Integer> status) {
    return (meshed, function, path) -> meshed ? status.apply(function, path) : 0;
  }

  @Execution(CONCURRENT)
  @ParameterizedTest(name = "{0}: taken back")
  @MethodSource("cuts")
  void whatCutsTheMeshedGatewayOffIsTakenBack(String fault, Trouble trouble) throws Exception {
    scenario.gateway.trouble(trouble);
    isTakenBack(fault, WATCHED);
  }

  @Execution(CONCURRENT)
  @Test
  @DisplayName("4 the meshed pod never becomes Ready: rolled back, and no call was lost")
  void theMeshedGatewayNeverBecomesReady() throws Exception {
    scenario.edit(Change.whenMeshed("never-ready"));
    Serving serving = Serving.begin(scenario.gateway);

    scenario.caller(WATCHED, Map.of("mesh_patience", "10s")).apply();

    assertThat(scenario.isMeshed()).isFalse();
    assertThat(serving.awaitServed()).isZero();
    scenario.print("4 never Ready", "rolled back", Duration.ZERO);
  }

  @Execution(CONCURRENT)
  @Test
  @DisplayName("5 the meshed pod crash-loops 20 s after it was Ready: taken back")
  void theMeshedGatewayCrashesLater() throws Exception {
    scenario.edit(Change.whenMeshed("crash-later"));
    isTakenBack("5 crash loop after 20 s", AS_SHIPPED);
  }

  @Execution(CONCURRENT)
  @Test
  @DisplayName("6 the process is killed while it confirms: the next one takes over, uncalled")
  void whoeverConfirmsIsKilled() throws Exception {
    scenario.gateway.trouble(cut((function, path) -> 503));
    Map<String, String> environment = scenario.environment();
    Serving serving;
    try (FunctionProcess killed = FunctionProcess.start(FunctionProcess.TEMPLATE, environment)) {
      serving = Serving.begin(scenario.gateway);
      assertThat(killed.invoke("POST", "", "").statusCode()).isEqualTo(200);
      serving.awaitBroken();
    }
    assertThat(scenario.annotations()).containsKey(Annotations.UNCONFIRMED);

    try (FunctionProcess next = FunctionProcess.start(FunctionProcess.TEMPLATE, environment)) {
      scenario.awaitNoMark();
      scenario.platform.awaitTheEnd();
      Awaitility.await("its log")
          .untilAsserted(
              () -> assertThat(next.log()).contains("taking it over").contains("rolled back"));
    }
    assertThat(scenario.isMeshed()).isFalse();
    Duration cutOff = serving.awaitServed();
    scenario.print("6 killed while it confirms", "taken back by the next process", cutOff);
    assertThat(cutOff).isLessThan(AS_SHIPPED.multipliedBy(2).plus(ROLLOUT));
  }

  @Execution(CONCURRENT)
  @Test
  @DisplayName("7 gateway_url leads nowhere from the start: told, and the rollout decides")
  void theWayCannotBeTried() throws Exception {
    Caller astray = scenario.caller(WATCHED, Map.of("gateway_url", "http://127.0.0.1:1"));
    Answer answer = astray.apply();

    assertThat(answer.findings()).contains("gateway_untested");
    assertThat(answer.body).contains("set gateway_url in stack.yml to");
    assertThat(scenario.isMeshed()).isTrue();
    scenario.print("7 gateway_url leads nowhere", "told; meshed", Duration.ZERO);
  }

  @Execution(CONCURRENT)
  @Test
  @DisplayName("8 a function is down before and after: that is not the gateway's fault")
  void aFunctionIsDownBeforeAndAfter() throws Exception {
    scenario.gateway.trouble((meshed, function, path) -> function.equals("env") ? 502 : 0);

    scenario.caller(WATCHED).apply();

    isConfirmed("8 a function is down throughout");
  }

  @Execution(CONCURRENT)
  @Test
  @DisplayName("9 somebody redeploys the gateway while it is confirmed: theirs stands")
  void theGatewayIsRedeployedMeanwhile() throws Exception {
    scenario.gateway.trouble(cut((function, path) -> 503));
    Serving serving = Serving.begin(scenario.gateway);
    Caller caller = scenario.caller(AS_SHIPPED).inAHurry();
    caller.apply();
    serving.awaitBroken();

    scenario.edit(
        Change.withoutTemplateAnnotations().andThen(Change.environment("theirs", "1"))::apply);
    caller.awaitTheEnd();

    scenario.awaitNoMark();
    assertThat(scenario.isMeshed()).isFalse();
    assertThat(scenario.deployment().toString()).contains("theirs");
    assertThat(scenario.events()).doesNotContain("MeshConfirmed");
    scenario.print("9 redeployed meanwhile", "theirs stands", serving.awaitServed());
  }

  @Execution(CONCURRENT)
  @Test
  @DisplayName("10 two replicas: cut off and taken back, whole and confirmed")
  void twoReplicasOfTheGateway() throws Exception {
    scenario.edit(Change.replicas(2));
    scenario.gateway.trouble(cut((function, path) -> 503));
    isTakenBack("10 two replicas, both cut off", WATCHED);
    scenario.gateway.trouble((meshed, function, path) -> 0);
    scenario.caller(WATCHED).signed("refresh", Instant.now());
    isConfirmed("10 two replicas, whole");
  }

  private void isTakenBack(String fault, Duration watched) throws Exception {
    Serving serving = Serving.begin(scenario.gateway);
    Answer answer = scenario.caller(watched).apply();
    Duration cutOff = serving.awaitServed();

    assertThat(answer.status).as(answer.body).isEqualTo(200);
    assertThat(scenario.isMeshed()).as(fault).isFalse();
    assertThat(scenario.annotations()).doesNotContainKey(Annotations.UNCONFIRMED);
    assertThat(scenario.events()).contains("MeshTakenBack").doesNotContain("MeshConfirmed");
    scenario.print(fault, "taken back", cutOff);
    assertThat(cutOff).isPositive().isLessThan(watched.multipliedBy(2).plus(ROLLOUT));
  }

  private void isConfirmed(String fault) {
    assertThat(scenario.isMeshed()).as(fault).isTrue();
    assertThat(scenario.annotations()).doesNotContainKey(Annotations.UNCONFIRMED);
    assertThat(scenario.events()).contains("MeshConfirmed");
    scenario.print(fault, "confirmed", Duration.ZERO);
  }
}
