package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ApiFaults;
import com.openfaas.function.lab.ApiRequest;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.Fault;
import com.openfaas.function.lab.FaultTable;
import com.openfaas.function.lab.FunctionProcess;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Killed while a request that is the next one in its order is held back before the API server. */
@ExtendWith(ClusterExtension.class)
@DisplayName("26 the function's process is killed (SIGKILL) in mid-run")
class KilledRunsIT {
  private static final Duration FOREVER = Duration.ofMinutes(10);

  private static TestPlatform platform;
  private static FaultScenario scenario;
  private static Caller caller;
  private ApiFaults api;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed;
    scenario = FaultScenario.fresh(platform);
    caller = new Caller(platform);
  }

  @BeforeEach
  void open() {
    api = ApiFaults.before(platform);
  }

  @AfterEach
  void theNextRunEndsMeshed() {
    scenario.endsMeshed(caller);
    assertThat(caller.signed("revert", Instant.now()).outcome()).isEqualTo("reverted");
    scenario.platform.lease().release();
    platform.awaitSettled();
  }

  @Test
  @DisplayName("26 killed after the canary")
  void killedAfterTheCanary() {
    killAt(ApiRequest.of("PATCH", "/api/v1/namespaces/" + platform.functions()), "the canary");

    assertThat(caller.get("").after("env")).as("the canary").isEqualTo("meshed");
    assertThat(isNamespaceAnnotated()).isFalse();
    assertThat(isRecorded("nodeinfo")).isFalse();
    isBusyUntilItsTimeIsOver();
  }

  @Test
  @DisplayName("26 killed between the namespace and the functions")
  void killedBetweenTheNamespaceAndTheFunctions() {
    killAt(ApiRequest.of("PATCH", "/deployments/figlet"), "the namespace");

    assertThat(isNamespaceAnnotated()).isTrue();
    assertThat(isRecorded("figlet")).isFalse();
    assertThat(isRecorded("nodeinfo")).isFalse();
    isBusyUntilItsTimeIsOver();
  }

  @Test
  @DisplayName("26 killed after half a wave")
  void killedAfterHalfAWave() {
    killAt(ApiRequest.of("PATCH", "/deployments/nodeinfo"), "half a wave");

    assertThat(caller.get("").after("figlet")).isEqualTo("meshed");
    assertThat(isRecorded("figlet")).isTrue();
    assertThat(isRecorded("nodeinfo")).isFalse();
    assertThat(new Caller(platform).apply().outcome())
        .as("the next process of the same pod waits for nobody")
        .isIn("changed", "inProgress");
  }

  private void killAt(Predicate<ApiRequest> request, String after) {
    long begun = System.nanoTime();
    Fault held = api.set(Fault.delays(FOREVER).on(request));
    CompletableFuture<HttpResponse<String>> answer;
    try (FunctionProcess function =
        FunctionProcess.start(FunctionProcess.TEMPLATE, environment())) {
      begun = System.nanoTime();
      answer = CompletableFuture.supplyAsync(() -> invoke(function));
      Awaitility.await("after " + after)
          .untilAsserted(() -> assertThat(held.hits()).as(function.log()).isEqualTo(1));
    }
    assertThat(answer).as("a killed run cannot answer").failsWithin(Duration.ofMinutes(1));
    // What is held back must not reach the API server later, on behalf of a process long gone.
    api.close();
    double seconds = Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1000.0;
    FaultTable.row(26, "SIGKILL after " + after, "no answer", seconds);
    scenario.everyChangeIsRecorded();
  }

  /** For another pod: it cannot know that the last one is gone. */
  private static void isBusyUntilItsTimeIsOver() {
    scenario.platform.lease().renew();
    Answer busy = new Caller(platform, KillMatrixIT.ELSEWHERE).apply();
    assertThat(busy.outcome()).as(busy.body).isEqualTo("busy");
    assertThat(busy.header("Retry-After")).matches("[1-9]\\d?");
    scenario.platform.lease().runOut();
  }

  private static HttpResponse<String> invoke(FunctionProcess function) {
    try {
      return function.invoke("POST", "format=json", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(api.environment());
    // Its answer must not come before it is killed, however slow the machine is.
    environment.put("exec_timeout", "300s");
    environment.put("mesh_parallel", "1");
    return environment;
  }

  private static boolean isRecorded(String function) {
    return scenario
        .deployment(platform.functions(), function)
        .getMetadata()
        .getAnnotations()
        .containsKey(Annotations.PREVIOUS);
  }

  private static boolean isNamespaceAnnotated() {
    return platform
        .admin()
        .namespaces()
        .withName(platform.functions())
        .get()
        .getMetadata()
        .getAnnotations()
        .containsKey(Annotations.INJECT);
  }
}
