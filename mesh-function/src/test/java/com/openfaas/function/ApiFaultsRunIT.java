package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ApiFaults;
import com.openfaas.function.lab.ApiRequest;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.Fault;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("An API server that is busy, fails, falls silent, is slow, or refuses the token")
class ApiFaultsRunIT {
  private static TestPlatform platform;
  private static FaultScenario scenario;
  private static ApiFaults api;
  private static Caller caller;

  @BeforeAll
  static void mesh(TestPlatform installed) {
    platform = installed;
    scenario = FaultScenario.meshed(platform);
    api = ApiFaults.before(platform);
    caller = new Caller(platform, api.environment());
  }

  @AfterEach
  void theNextRunEndsMeshed() {
    api.heal();
    scenario.endsMeshed(caller);
  }

  @AfterAll
  static void close() {
    api.close();
  }

  @Test
  @DisplayName("12 the API server answers 429 with Retry-After")
  void aBusyApiServerIsAskedAgainAndNothingIsLost() {
    scenario.deployUninjected("late-12");
    Fault busy = api.set(Fault.tooManyRequests(Duration.ofSeconds(1)).times(5));
    Fault busyAtWrites =
        api.set(
            Fault.tooManyRequests(Duration.ofSeconds(1))
                .on(ApiRequest.of("PATCH", "late-12"))
                .times(3));

    Answer apply = caller.apply().inTable(12, "API server answers 429 with Retry-After");

    assertThat(busy.hits() + busyAtWrites.hits()).isEqualTo(8);
    isDone(apply, "late-12");
  }

  @Test
  @DisplayName("13 500s and dropped connections for 10 s, in mid-wave")
  void tenSecondsOfFailuresInMidWaveAreWaitedOut() {
    scenario.deployUninjected(Change.whenMeshed("slow"), "late-13");
    scenario.deployUninjected("soon-13");
    CompletableFuture<Answer> run = caller.applyMeanwhile();
    Awaitility.await()
        .until(() -> scenario.isRestarted("late-13") && scenario.isRestarted("soon-13"));
    AtomicInteger turn = new AtomicInteger();
    Predicate<ApiRequest> everySecond = request -> turn.incrementAndGet() % 2 == 0;
    Fault drops =
        api.set(Fault.dropsTheConnection().on(everySecond).lasting(Duration.ofSeconds(10)));
    Fault fails = api.set(Fault.answers(500).lasting(Duration.ofSeconds(10)));
    api.dropOpenConnections();

    Answer apply = run.join().inTable(13, "500s and dropped connections for 10 s");

    assertThat(drops.hits()).isPositive();
    assertThat(fails.hits()).isPositive();
    isDone(apply, "late-13");
  }

  @Test
  @DisplayName("14 a watch that dies silently")
  void whereNoWatchSpeaksTheNamespaceIsListedAnew() {
    scenario.deployUninjected("late-14");
    Fault silence = api.set(Fault.silencesWatches().times(2));

    Answer apply = caller.apply().inTable(14, "a watch dies silently");

    assertThat(silence.hits()).isEqualTo(2);
    assertThat(apply.seconds()).as("until the silence was noticed").isGreaterThan(10);
    isDone(apply, "late-14");
  }

  @Test
  @DisplayName("15 a watch that says 410 Gone")
  void aWatchThatIsGoneIsArmedAnew() {
    scenario.deployUninjected(Change.whenMeshed("slow"), "late-15");
    CompletableFuture<Answer> run = caller.applyMeanwhile();
    Awaitility.await().until(() -> scenario.isRestarted("late-15"));
    api.forget();
    assertThat(api.expireOpenWatches()).isEqualTo(2);

    Answer apply = run.join().inTable(15, "a watch says 410 Gone");

    isDone(apply, "late-15");
    assertThat(api.count(ApiRequest::isWatch)).as("watches armed anew").isGreaterThanOrEqualTo(2);
  }

  @Test
  @DisplayName("16 a latency of 500 ms on each request")
  void aSlowApiServerCostsTimeAndNothingElse() {
    scenario.deployUninjected("late-16");
    Fault slow = api.set(Fault.delays(Duration.ofMillis(500)));

    Answer apply = caller.apply().inTable(16, "latency of 500 ms on each request");

    assertThat(slow.hits()).isGreaterThan(20);
    isDone(apply, "late-16");
  }

  @Test
  @DisplayName("18 the token is replaced while running")
  void aReplacedTokenIsTakenUpInMidRun() {
    scenario.deployUninjected(Change.whenMeshed("slow"), "late-18");
    CompletableFuture<Answer> run = caller.applyMeanwhile();
    Awaitility.await().until(() -> scenario.isRestarted("late-18"));
    api.token(tokenInPlaceOfTheMountedOne());

    Answer apply = run.join().inTable(18, "token replaced while running");

    isDone(apply, "late-18");
  }

  @Test
  @DisplayName("18 the token expires while running")
  void anExpiredTokenEndsTheRunAndSaysWhatToDo() {
    scenario.deployUninjected(Change.whenMeshed("slow"), "late-18b");
    String good = api.token();
    CompletableFuture<Answer> run = caller.applyMeanwhile();
    Awaitility.await().until(() -> scenario.isRestarted("late-18b"));
    api.token("expired");

    Answer apply = run.join().inTable(18, "token expired while running");

    assertThat(apply.outcome()).as(apply.body).isEqualTo("failed");
    assertThat(apply.body)
        .contains("the API server does not accept the token")
        .contains("was the Secret mesh-setup-api created again?");
    scenario.everyChangeIsRecorded();
    api.token(good);
    scenario.deployUninjected("later-18");
    assertThat(caller.apply().outcome()).as("the lease has run out by itself").isEqualTo("changed");
  }

  @Test
  @DisplayName("the Lease cannot be written: blocked, and nothing is touched")
  void withoutTheLeaseNothingIsTouched() {
    scenario.deployUninjected("late-20");
    Fault refused = api.set(Fault.answers(403).on(ApiRequest.of("PUT", "/leases/mesh-setup")));

    Answer apply = caller.apply();

    assertThat(apply.outcome()).as(apply.body).isEqualTo("blocked");
    assertThat(apply.status).isEqualTo(503);
    assertThat(apply.check("lease")).contains("cannot");
    assertThat(scenario.isRestarted("late-20")).isFalse();
    refused.end();
    isDone(caller.apply(), "late-20");
  }

  private static void isDone(Answer apply, String function) {
    assertThat(apply.outcome()).as(apply.body).isEqualTo("changed");
    assertThat(apply.after(function)).isEqualTo("meshed");
    scenario.leavesNothingHalfDone();
  }

  /** The one before is worth nothing from the moment its Secret is deleted. */
  private static String tokenInPlaceOfTheMountedOne() {
    String token =
        platform
            .admin()
            .serviceAccounts()
            .inNamespace(platform.functions())
            .withName("mesh-setup")
            .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
            .getStatus()
            .getToken();
    platform
        .admin()
        .secrets()
        .inNamespace(platform.functions())
        .withName("mesh-setup-api")
        .delete();
    return token;
  }
}
