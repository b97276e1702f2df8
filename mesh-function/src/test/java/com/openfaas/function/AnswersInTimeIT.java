package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ApiFaults;
import com.openfaas.function.lab.ApiRequest;
import com.openfaas.function.lab.Cluster;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.Fault;
import com.openfaas.function.lab.FunctionProcess;
import com.openfaas.function.lab.PausedProcess;
import com.openfaas.function.lab.TestPlatform;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** By the run's own account, which no other process of the machine makes longer than it is. */
@ExtendWith(ClusterExtension.class)
@DisplayName("The answer is out before the budget ends")
class AnswersInTimeIT {
  private static final Duration FOR_EVER = Duration.ofHours(1);

  private static TestPlatform platform;
  private static FaultScenario scenario;
  private static int turn;
  private static ApiFaults api;

  @BeforeAll
  static void install(TestPlatform given) {
    platform = given;
    scenario = FaultScenario.meshed(platform);
    api = ApiFaults.before(platform);
  }

  private static void heal() {
    api.heal();
    api.dropOpenConnections();
  }

  @AfterEach
  void theNextRunEndsMeshed() {
    heal();
    scenario.endsMeshed(new Caller(platform));
  }

  @AfterAll
  static void close() {
    if (api != null) {
      api.close();
    }
  }

  @ParameterizedTest(name = "{0} s for each request, budget {1} s")
  @CsvSource({"4, 8", "2, 45"})
  @DisplayName("where the API server is slow")
  void ofASlowApiServer(int seconds, int budget) {
    api.set(Fault.delays(Duration.ofSeconds(seconds)));
    answered(calls(api.environment(), budget));
  }

  @Test
  @DisplayName("where the API server takes connections and answers nothing")
  void ofASilentApiServer() {
    api.set(Fault.delays(FOR_EVER));
    answered(calls(api.environment(), 5));
  }

  @Test
  @DisplayName("where the API server is stopped")
  void ofAStoppedApiServer(Cluster cluster) {
    Map<String, Supplier<Answer>> calls = calls(Map.of(), 5);
    try (PausedProcess stopped = cluster.stopApiServer()) {
      answered(calls);
      assertThat(stopped.pauses()).as("how often it ran in between").isZero();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("turns")
  @DisplayName("where the API server falls silent")
  void ofAnApiServerThatFallsSilent(String when, Predicate<ApiRequest> from) {
    scenario.deployUninjected("late-" + ++turn);
    AtomicBoolean silent = new AtomicBoolean();
    Fault silence =
        api.set(
            Fault.delays(FOR_EVER)
                .on(
                    request -> {
                      silent.compareAndSet(false, from.test(request));
                      return silent.get();
                    }));
    Caller caller = new Caller(platform, api.environment()).inAHurry();

    isInTime("apply, silent " + when, caller.post("{\"budget\":20}").json());

    assertThat(silence.hits()).as("requests that were not answered").isPositive();
    heal();
    caller.awaitTheEnd();
  }

  /** Each from another request on, and that is not answered either. */
  static Stream<Arguments> turns() {
    Predicate<ApiRequest> lease = request -> request.path.contains("/leases");
    Predicate<ApiRequest> any = request -> true;
    return Stream.of(
        Arguments.of(
            "when the lease is asked for after the rehearsal",
            after(request -> request.path.contains("dryRun=All"), lease)),
        Arguments.of("when the lease is taken", after(lease.and(ApiRequest::isWrite), any)),
        Arguments.of("after the first change", after(ApiRequest.of("PATCH"), any)));
  }

  private static Predicate<ApiRequest> after(
      Predicate<ApiRequest> first, Predicate<ApiRequest> then) {
    AtomicBoolean seen = new AtomicBoolean();
    return request -> {
      boolean before = seen.get();
      seen.compareAndSet(false, first.test(request));
      return before && then.test(request);
    };
  }

  @ParameterizedTest(name = "who has more comes first: {0}")
  @ValueSource(booleans = {true, false})
  @DisplayName("where an observation is shared with somebody who has more time, or less")
  void ofASharedObservation(boolean moreFirst) {
    api.set(Fault.delays(Duration.ofSeconds(1)));
    api.forget();
    Caller caller = new Caller(platform, api.environment());
    List<String> bodies =
        List.of("{\"action\":\"status\",\"budget\":3}", "{\"action\":\"status\",\"budget\":45}");
    CompletableFuture<Answer> first =
        beside("first", () -> caller.post(bodies.get(moreFirst ? 1 : 0)));
    Awaitility.await().until(() -> api.count(request -> true) > 0);
    Answer second = caller.post(bodies.get(moreFirst ? 0 : 1));
    Answer more = moreFirst ? first.join() : second;
    Answer less = moreFirst ? second : first.join();

    isInTime("status, less time", less.json());
    isInTime("status, more time", more.json());
    assertThat(more.outcome()).as(more.body).isEqualTo("observed");
  }

  /** Each action by a process of its own, as it were, that is not warm yet. */
  private static Map<String, Supplier<Answer>> calls(Map<String, String> environment, int budget) {
    Map<String, Supplier<Answer>> calls = new HashMap<>();
    for (String action : List.of("status", "plan", "verify", "apply")) {
      Caller caller = new Caller(platform, environment).inAHurry();
      String body = String.format("{\"action\":\"%s\",\"budget\":%d}", action, budget);
      calls.put(action, () -> caller.post(body));
    }
    Map<String, String> settings = new HashMap<>(environment);
    settings.put("mesh_budget", budget + "s");
    Caller signing = new Caller(platform, settings).inAHurry();
    calls.put("refresh", () -> signing.signed("refresh", Instant.now()));
    return calls;
  }

  /** All at once: each has its time. */
  private static void answered(Map<String, Supplier<Answer>> calls) {
    Map<String, CompletableFuture<Answer>> answers = new HashMap<>();
    calls.forEach((action, call) -> answers.put(action, beside(action, call)));
    answers.forEach((action, answer) -> isInTime(action, answer.join().json()));
  }

  private static CompletableFuture<Answer> beside(String name, Supplier<Answer> call) {
    return CompletableFuture.supplyAsync(call, run -> new Thread(run, name).start());
  }

  private static void isInTime(String what, JsonObject report) {
    JsonObject run = report.getAsJsonObject("run");
    long budget = run.get("budgetMs").getAsLong();
    long spent = run.get("durationMs").getAsLong();
    String outcome = report.get("outcome").getAsString();
    System.out.printf("in time: %s, %s after %d of %d ms%n", what, outcome, spent, budget);
    assertThat(spent).as(what).isLessThanOrEqualTo(budget);
  }

  @Test
  @DisplayName("where the process has 5 % of a CPU: all its budget, or 5 s once it is warm")
  void ofAProcessWithFivePercentOfAProcessor() throws Exception {
    Map<String, String> environment = new HashMap<>(platform.functionEnvironment());
    environment.put("exec_timeout", "55s");
    Map<String, String> bodies = new LinkedHashMap<>();
    for (String action : List.of("status", "plan", "apply", "verify")) {
      bodies.put(action, "{\"action\":\"" + action + "\",\"budget\":5,\"format\":\"json\"}");
    }
    try (FunctionProcess function = FunctionProcess.start(FunctionProcess.TEMPLATE, environment)) {
      try (PausedProcess slow = function.slowTo(5)) {
        String status = "{\"action\":\"status\",\"format\":\"json\"}";
        arrivesInTime("status, cold", function, slow, status);
      }
      for (String body : bodies.values()) {
        function.invoke("POST", "", body);
      }
      try (PausedProcess slow = function.slowTo(5)) {
        for (Map.Entry<String, String> body : bodies.entrySet()) {
          arrivesInTime(body.getKey() + ", warm", function, slow, body.getValue());
        }
      }
    }
  }

  /** By its own account, and by how often the process was stopped until its answer was here. */
  private static void arrivesInTime(
      String what, FunctionProcess function, PausedProcess slow, String body) throws Exception {
    slow.pauses();
    String answer = function.invoke("POST", "", body).body();
    int pauses = slow.pauses();
    JsonObject report = JsonParser.parseString(answer).getAsJsonObject();
    isInTime(what + ", stopped " + pauses + " times", report);
    assertThat(pauses * 100L)
        .as("ms until the answer of " + what + " arrived")
        .isLessThanOrEqualTo(report.getAsJsonObject("run").get("budgetMs").getAsLong());
  }
}
