package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ApiFaults;
import com.openfaas.function.lab.ApiRequest;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.Fault;
import com.openfaas.function.lab.TestPlatform;
import java.lang.Thread.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName(
    "Very many callers at the same moment; the first observation lasts until all have called")
class ManyCallersIT {
  private static final Set<State> WAITS = Set.of(State.WAITING, State.TIMED_WAITING);

  private static TestPlatform platform;
  private static ApiFaults api;
  private static Caller caller;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installWithLinkerd();
    api = ApiFaults.before(platform);
    caller = new Caller(platform, api.environment());
  }

  @AfterAll
  static void close() {
    api.close();
  }

  @Test
  void oneObservationAnswersTwoHundredCallsOfStatus() {
    api.forget();
    String state = caller.get("").after("nodeinfo");
    int ofOneObservation = api.requests().size();

    api.forget();
    List<Answer> answers = atOnce(200, () -> caller.get(""));

    assertThat(answers).extracting(Answer::outcome).containsOnly("observed");
    assertThat(answers).extracting(answer -> answer.after("nodeinfo")).containsOnly(state);
    assertThat(api.requests()).hasSize(ofOneObservation);
  }

  @Test
  void anObservationThatBeganBeforeTheCallIsNotForAPlan() {
    holdFirstObservation(Duration.ofSeconds(3));
    CompletableFuture<Answer> early = CompletableFuture.supplyAsync(() -> caller.get(""));
    awaitFirstObservation();
    platform.deployFunction("late", Change.replicas(0));

    Answer plan = caller.get("action=plan");

    assertThat(early.join().body).doesNotContain("\"late\"");
    assertThat(plan.after("late")).isEqualTo("idle");
  }

  @Test
  void ofFiftyCallsOfApplyOneWorksAndTheRestAreBusy() {
    List<Answer> answers = atOnce(50, caller::apply);

    Map<String, Long> outcomes =
        answers.stream().collect(Collectors.groupingBy(Answer::outcome, Collectors.counting()));
    assertThat(outcomes).isEqualTo(Map.of("changed", 1L, "busy", 49L));
    for (Answer answer : answers) {
      assertThat(answer.status).isEqualTo(answer.outcome().equals("busy") ? 409 : 200);
    }
    assertThat(api.count(ApiRequest.of("POST", "/leases"))).isEqualTo(1);
    assertThat(api.count(ApiRequest.of("POST", "dryRun=All")))
        .as("one plan is proven, for each of the four waves")
        .isEqualTo(4);
    platform.awaitSettled();
    assertThat(caller.apply().outcome()).as("the turn was given back").isEqualTo("meshed");
  }

  /** The first call observes until the others have all come: each waits, or has its answer. */
  private static List<Answer> atOnce(int calls, Supplier<Answer> call) {
    List<Thread> threads = new ArrayList<>();
    ExecutorService callers =
        Executors.newFixedThreadPool(
            calls,
            run -> {
              threads.add(new Thread(run));
              return threads.get(threads.size() - 1);
            });
    try {
      Fault held = holdFirstObservation(Duration.ofMinutes(1));
      CompletableFuture<Answer> first = CompletableFuture.supplyAsync(call, callers);
      awaitFirstObservation();
      List<CompletableFuture<Answer>> others =
          IntStream.range(1, calls)
              .mapToObj(i -> CompletableFuture.supplyAsync(call, callers))
              .collect(Collectors.toList());
      Awaitility.await("all have called")
          .until(() -> threads.stream().map(Thread::getState).allMatch(WAITS::contains));
      held.end();
      List<Answer> answers =
          others.stream().map(CompletableFuture::join).collect(Collectors.toList());
      answers.add(first.join());
      return answers;
    } finally {
      callers.shutdownNow();
    }
  }

  private static Fault holdFirstObservation(Duration most) {
    api.forget();
    return api.set(Fault.delays(most).on(webhook()).times(1));
  }

  /** By then it has read the namespaces, and waits for what it reads last. */
  private static void awaitFirstObservation() {
    Awaitility.await("the first observation").until(() -> api.count(webhook()) == 1);
  }

  private static Predicate<ApiRequest> webhook() {
    return ApiRequest.of("GET", "mutatingwebhookconfigurations");
  }
}
