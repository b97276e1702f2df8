package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.FunctionProcess;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("One run that writes at a time")
class LeaseIT {
  private static final ZonedDateTime YEAR_2099 = ZonedDateTime.parse("2099-01-01T00:00:00Z");

  private static TestPlatform platform;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installWithLinkerd();
  }

  @AfterEach
  void nobodyHoldsIt() {
    platform.lease().delete();
  }

  @Test
  void aLeaseHeldByAnotherRunMeansBusyWithItsHolderAndSince() {
    deployUninjected("held");
    platform.lease().hold(Instant.now(), Map.of());
    AuditLog audit = new AuditLog(platform);

    Answer apply = new Caller(platform).apply();

    assertThat(apply.outcome()).as(apply.body).isEqualTo("busy");
    assertThat(apply.status).isEqualTo(409);
    assertThat(apply.header("Retry-After")).matches("[1-9]\\d?");
    assertThat(apply.body).contains("another-pod/call-1 holds the lease since 20");
    assertThat(audit.writes()).isEmpty();
  }

  @Test
  void readingNeedsNoLease() {
    platform.lease().hold(Instant.now(), Map.of());

    assertThat(new Caller(platform).get("action=plan").outcome()).isEqualTo("planned");
  }

  @Test
  void aClockTenMinutesOffNeitherTakesALeaseThatIsHeldNorWaitsForOneThatIsOver() {
    deployUninjected("late");
    for (int minutes : new int[] {10, -10}) {
      Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutes));
      platform.lease().hold(Instant.now(), Map.of());
      assertThat(new Caller(platform, Map.of(), wrong).apply().outcome()).isEqualTo("busy");
    }
    platform.lease().hold(Instant.now().minusSeconds(61), Map.of());
    Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-10));

    assertThat(new Caller(platform, Map.of(), behind).apply().outcome()).isEqualTo("changed");
    platform.awaitSettled();
  }

  @Test
  void ofManyRunsAtOnceOneWorksAndNoneFails() {
    for (int i = 0; i < 3; i++) {
      deployUninjected("late-" + i);
    }
    // Each in a pod of its own: one process runs in a pod, and takes over what is left of another.
    List<Caller> callers =
        IntStream.range(0, 8)
            .mapToObj(i -> Map.of("HOSTNAME", "apart-" + i, "OPENFAAS_NAME", "mesh-setup"))
            .map(apart -> new Caller(platform, apart))
            .collect(Collectors.toList());
    List<CompletableFuture<Answer>> runs = new ArrayList<>();
    callers.forEach(caller -> runs.add(caller.applyMeanwhile()));
    List<String> outcomes = new ArrayList<>();
    runs.forEach(run -> outcomes.add(run.join().outcome()));

    assertThat(outcomes).contains("changed").isSubsetOf("changed", "busy", "meshed", "inProgress");
    assertThat(outcomes.stream().filter("changed"::equals)).hasSize(1);
    platform.awaitSettled();
    assertThat(new Caller(platform).apply().outcome()).isEqualTo("meshed");
  }

  @Test
  void onSigtermARunStopsAtASafePointGivesTheLeaseBackAndAnswers() throws Exception {
    deployUninjected("slow", "never-ready");
    try (FunctionProcess function =
        FunctionProcess.start(FunctionProcess.TEMPLATE, environment())) {
      CompletableFuture<HttpResponse<String>> answer = invoke(function);
      awaitHeld(answer);
      int exit = function.stop();

      assertThat(answer.join().body()).contains("\"outcome\": \"inProgress\"");
      assertThat(exit).isZero();
      assertThat(platform.lease().get().getSpec().getHolderIdentity()).isNullOrEmpty();
    }
    mend("slow");
    assertThat(new Caller(platform).apply().after("slow")).isEqualTo("meshed");
  }

  @Test
  void aKilledRunLosesTheLeaseWhenItsTimeIsOverAndTheNextOneFinishes() throws Exception {
    deployUninjected("killed", "never-ready");
    // It comes after that one, so there is something to do for the next run wherever this one ends.
    deployUninjected("waits");
    Map<String, String> oneByOne = environment();
    oneByOne.put("mesh_parallel", "1");
    CompletableFuture<HttpResponse<String>> answer;
    try (FunctionProcess function = FunctionProcess.start(FunctionProcess.TEMPLATE, oneByOne)) {
      answer = invoke(function);
      awaitHeld(answer);
    }
    assertThat(answer).as("a killed run cannot answer").failsWithin(Duration.ofMinutes(1));
    assertThat(new Caller(platform, KillMatrixIT.ELSEWHERE).apply().outcome()).isEqualTo("busy");
    platform.lease().runOut();
    mend("killed");

    Answer next = new Caller(platform).apply();

    assertThat(next.outcome()).as(next.body).isIn("changed", "meshed");
    assertThat(next.after("killed")).isEqualTo("meshed");
  }

  @Test
  void aLeaseEditedToGarbageIsToldAndTakenOver() {
    Map<String, Consumer<Lease>> garbage = new TreeMap<>();
    garbage.put("in 2099", lease -> lease.getSpec().setAcquireTime(YEAR_2099));
    garbage.put("for 30 years", lease -> lease.getSpec().setLeaseDurationSeconds(1_000_000_000));
    garbage.put("without a time", lease -> lease.getSpec().setAcquireTime(null));
    garbage.put("signed yesterday", lease -> annotate(lease, "signedAt", "yesterday"));
    garbage.put("signed in 2099", lease -> annotate(lease, "signedAt", "2099-01-01T00:00:00Z"));
    for (Map.Entry<String, Consumer<Lease>> edit : garbage.entrySet()) {
      deployUninjected("edited");
      platform.lease().hold(Instant.now(), Map.of());
      platform
          .lease()
          .edit(
              lease -> {
                lease.getSpec().setRenewTime(null);
                if (edit.getKey().startsWith("signed")) {
                  lease.getSpec().setHolderIdentity("");
                }
                edit.getValue().accept(lease);
              });

      Answer apply = new Caller(platform).apply();
      platform.awaitSettled();

      assertThat(apply.outcome()).as(edit.getKey() + apply.body).isEqualTo("changed");
      assertThat(apply.findings()).as(edit.getKey()).contains("lease_edited");
      assertThat(new Caller(platform).apply().findings()).doesNotContain("lease_edited");
      assertThat(new Caller(platform).signed("refresh", Instant.now()).outcome())
          .isEqualTo("meshed");
      platform.deleteFunction("edited");
    }
  }

  private static void annotate(Lease lease, String key, String value) {
    lease.getMetadata().setAnnotations(Map.of("mesh-setup.openfaas.com/" + key, value));
  }

  private static CompletableFuture<HttpResponse<String>> invoke(FunctionProcess function) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return function.invoke("POST", "format=json", "");
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(platform.functionEnvironment());
    environment.put("exec_timeout", "55s");
    return environment;
  }

  /** A function that comes up without a proxy, because the injector is away. */
  private static void deployUninjected(String name) {
    deployUninjected(name, "ready");
  }

  private static void deployUninjected(String name, String whenMeshed) {
    FaultScenario.on(platform).deployUninjected(Change.whenMeshed(whenMeshed), name);
  }

  /** Until now no run could come to its end by itself. */
  private static void mend(String name) {
    platform.edit(platform.functions(), name, Change.whenMeshed("ready"));
    platform.awaitSettled();
  }

  /** Until the run holds the lease; a run that answers before tells why it did not take it. */
  private static void awaitHeld(CompletableFuture<HttpResponse<String>> answer) {
    Awaitility.await("the run has begun")
        .failFast(
            () ->
                assertThat(answer.isDone() ? answer.join().body() : "under way")
                    .isEqualTo("under way"))
        .until(platform.lease()::isHeld);
  }
}
