package com.openfaas.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.FakeGateway;
import com.openfaas.function.lab.FunctionPods;
import com.openfaas.function.lab.FunctionProcess;
import com.openfaas.function.lab.Load;
import com.openfaas.function.lab.OperatorKey;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import com.openfaas.model.Response;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Each run is invoked through the gateway that it restarts, and so are 50 other calls a second.
 *
 * <p>The gateway ends at once on SIGTERM, so whoever restarts it, by whatever means, may cut a call
 * of some milliseconds that it carries in that instant. Such calls are counted by the fake itself,
 * apart from the others, and printed; of the others none may fail. At 50 calls a second the last
 * pod carries one such call in four to ten restarts, never several.
 */
@ExtendWith(ClusterExtension.class)
@DisplayName("Calls through the gateway while the platform is meshed, refreshed and reverted")
class TrafficIT {
  private static final OperatorKey KEY = new OperatorKey("the operator's key");
  private static final List<String> UNDER_LOAD = List.of("cows", "env", "figlet", "nodeinfo");

  /**
   * What the pod that ends can have carried at the rate of the load, and what a slow moment adds.
   */
  private static final int MOST_CUT = 3;

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static TestPlatform platform;
  private static FunctionProcess process;
  private static FakeGateway gateway;

  private static RunUnderLoad firstApply;
  private static RunUnderLoad refresh;
  private static RunUnderLoad revert;
  private static CutOff secondApply;

  @BeforeAll
  static void meshRefreshAndRevertUnderLoad(TestPlatform installed) throws Exception {
    install(installed);
    firstApply = underLoad("apply", "");

    platform.linkerd().reconfigure(platform.linkerd().config().version("edge-26.9.1"));
    refresh = underLoad("refresh", OperatorKey.body("refresh", Instant.now()));

    revert = underLoad("revert", OperatorKey.body("revert", Instant.now()));

    // So slow that the run is under way still when the gateway ends.
    platform.edit(platform.functions(), "cows", Change.whenMeshed("slow"));
    platform.awaitSettled();
    gateway.awaitServing("cows");
    secondApply = applyUnderLoadWhileSomebodyMeshesTheGateway();
  }

  private static void install(TestPlatform installed) {
    platform = installed.installOpenFaas();
    platform.deployFunction("cows", FunctionPods.draining());
    platform.awaitSettled();
    for (String name : List.of("env", "figlet", "nodeinfo", "mesh-setup")) {
      platform.edit(platform.functions(), name, FunctionPods.draining());
    }
    platform.linkerd().install();
    platform.awaitSettled();
    Map<String, String> environment = new HashMap<>(platform.functionEnvironment());
    environment.put("exec_timeout", "55s");
    KEY.mountFor(environment);
    process = FunctionProcess.start(FunctionProcess.TEMPLATE, environment);
    gateway = FakeGateway.before(platform).awaitServing("cows", "env", "figlet", "nodeinfo");
    gateway.awaitServing("mesh-setup").pods().process("mesh-setup", process.url());
  }

  @AfterAll
  static void end() {
    if (gateway != null) {
      gateway.close();
    }
    if (process != null) {
      process.close();
    }
  }

  @Test
  void losesNothingThroughAFirstApply() {
    Answer answer = firstApply.answer;

    firstApply.assertNothingLost();
    assertThat(answer.outcome()).as(answer.body).isEqualTo("changed");
    assertThat(firstApply.states).containsOnly(Map.entry("meshed", UNDER_LOAD.size() + 3));
  }

  @Test
  void losesNothingThroughARefresh() {
    Answer answer = refresh.answer;

    refresh.assertNothingLost();
    assertThat(answer.outcome()).as(answer.body).isEqualTo("changed");
    assertThat(answer.change("gateway")).as("restarted after the answer").isEqualTo("deferred");
    assertThat(refresh.states).containsOnly(Map.entry("meshed", UNDER_LOAD.size() + 3));
  }

  @Test
  void losesNothingThroughARevert() {
    Answer answer = revert.answer;

    revert.assertNothingLost();
    assertThat(answer.outcome()).as(answer.body).isEqualTo("reverted");
    // env asks for injection by itself, whatever becomes of the namespace's annotation
    assertThat(revert.states)
        .containsOnly(Map.entry("unmeshed", UNDER_LOAD.size() + 2), Map.entry("meshed", 1));
  }

  @Test
  void losesItsOwnAnswerWhereTheGatewayIsMeshedBeforeTheFunctions() {
    assertThatThrownBy(secondApply.run::get)
        .as("the run's own call")
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);
    assertThat(secondApply.calls.failed)
        .as("the run's own call was cut beside these")
        .hasSize(secondApply.cut - 1);
  }

  @Test
  void theRunWithoutAnAnswerWentOnToItsEnd() {
    assertThat(secondApply.status.outcome()).isEqualTo("meshed");
    assertThat(secondApply.states).containsOnly(Map.entry("meshed", UNDER_LOAD.size() + 3));
  }

  private static RunUnderLoad underLoad(String name, String body) throws Exception {
    int cutBefore = gateway.cut();
    int endedBefore = gateway.ended();
    int refusedBefore = gateway.refused();
    try (Load load = Load.start(gateway, UNDER_LOAD)) {
      load.await(50);
      Answer answer = answerOf(body);
      platform.awaitTheEnd();
      load.await(50);
      Load.Result calls = load.stop();
      gateway.awaitServing();
      int cut = gateway.cut() - cutBefore;

      print(name, calls, cut, answer.outcome() + " after " + answer.seconds() + " s");
      return new RunUnderLoad(
          answer,
          calls,
          cut,
          gateway.ended() - endedBefore,
          gateway.refused() - refusedBefore,
          states());
    }
  }

  private static CutOff applyUnderLoadWhileSomebodyMeshesTheGateway() throws Exception {
    int cutBefore = gateway.cut();
    try (Load load = Load.start(gateway, UNDER_LOAD)) {
      load.await(50);
      var run = invoke(OperatorKey.body("apply", Instant.now()));
      awaitUnderWay();
      platform.edit(
          platform.openfaas(),
          "gateway",
          Change.templateAnnotated(Map.of(Annotations.INJECT, Annotations.ENABLED)));
      Awaitility.await("the end of the run's own call")
          .atMost(Duration.ofSeconds(65))
          .until(run::isDone);
      platform.awaitSettled();
      Load.Result calls = load.stop();
      int cut = gateway.cut() - cutBefore;
      print("gateway first", calls, cut - 1, "the run's own answer was cut");

      Awaitility.await("the second apply is through")
          .until(() -> process.log().split("Handler - apply:", -1).length > 2);
      platform.awaitTheEnd();
      return new CutOff(run, calls, cut, answerOf(""), states());
    }
  }

  private static void print(String name, Load.Result result, int cut, String outcome) {
    System.out.printf(
        Locale.ROOT,
        "traffic: %s: %d sent, %d ok, %d failed, %d cut by the gateway's own end, p99 %.1f ms; %s%n",
        name,
        result.sent,
        result.ok,
        result.failed.size() - cut,
        cut,
        result.p99Millis,
        outcome);
  }

  private static Answer answerOf(String body) throws Exception {
    HttpResponse<String> answer = invoke(body).get(65, TimeUnit.SECONDS);
    Response response = new Response();
    response.setStatusCode(answer.statusCode());
    response.setBody(answer.body());
    return new Answer(response);
  }

  /** As faas-cli would, through the gateway, and signed where there is something to sign. */
  private static CompletableFuture<HttpResponse<String>> invoke(String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gateway.function("mesh-setup"))
            .header("Content-Type", "text/plain")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header(OperatorKey.HEADER, KEY.sign(body));
    }
    return CLIENT.sendAsync(request.build(), BodyHandlers.ofString(UTF_8));
  }

  /** How many of the workloads that can be meshed are in which state. */
  private static Map<String, Integer> states() throws Exception {
    Answer status = answerOf("status");
    Map<String, Integer> states = new HashMap<>();
    UNDER_LOAD.forEach(name -> states.merge(status.after(name), 1, Integer::sum));
    for (String name : List.of("queue-worker", "mesh-setup", "gateway")) {
      states.merge(status.after(name), 1, Integer::sum);
    }
    return states;
  }

  /** From the canary on, there is a run whose answer is still to come. */
  private static void awaitUnderWay() {
    var functions = platform.admin().apps().deployments().inNamespace(platform.functions());
    Awaitility.await("the first change of the run")
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                functions.list().getItems().stream()
                    .anyMatch(
                        d -> d.getMetadata().getAnnotations().containsKey(Annotations.PREVIOUS)));
  }

  /** A run to its end, and what came of the calls beside it. */
  private static final class RunUnderLoad {
    final Answer answer;
    final Load.Result calls;

    /** The calls that a gateway pod took with it. */
    final int cut;

    final int restarts;
    final int refused;
    final Map<String, Integer> states;

    RunUnderLoad(
        Answer answer,
        Load.Result calls,
        int cut,
        int restarts,
        int refused,
        Map<String, Integer> states) {
      this.answer = answer;
      this.calls = calls;
      this.cut = cut;
      this.restarts = restarts;
      this.refused = refused;
      this.states = states;
    }

    /** So many calls at once, at the rate of the load, on a machine so slow. */
    private int underWay() {
      return (int) (Load.PER_SECOND * calls.p99Millis / 1000);
    }

    void assertNothingLost() {
      assertThat(calls.failed).as("all but what a gateway pod took with it").hasSize(cut);
      assertThat(cut).isLessThanOrEqualTo(Math.max(MOST_CUT, underWay()));
      assertThat(restarts).as("restarts of the gateway").isEqualTo(1);
      assertThat(refused).as("there always was a gateway").isZero();
      assertThat(calls.ok).isEqualTo(calls.sent - cut).isGreaterThan(100);
    }
  }

  /** A run whose own call is among those that were cut, and the platform at its end. */
  private static final class CutOff {
    final CompletableFuture<HttpResponse<String>> run;
    final Load.Result calls;
    final int cut;
    final Answer status;
    final Map<String, Integer> states;

    CutOff(
        CompletableFuture<HttpResponse<String>> run,
        Load.Result calls,
        int cut,
        Answer status,
        Map<String, Integer> states) {
      this.run = run;
      this.calls = calls;
      this.cut = cut;
      this.status = status;
      this.states = states;
    }
  }
}
