package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openfaas.function.cluster.LeaseApi;
import com.openfaas.function.cluster.RunLease;
import com.openfaas.function.plan.Given;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Invocation.Part;
import com.openfaas.function.rollout.Limits.Budget;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@DisplayName("A run outlives its answer, and its lease never")
class RunTest {
  private static final String ID = "pod/call";

  /** In the run's time, which the test lets pass; it renews every 20 ms of real time. */
  private final AtomicLong nanos = new AtomicLong();

  private final Budget budget = new Budget(Duration.ofMinutes(15), nanos::get);
  private final RunRecord record =
      new RunRecord(
          new Invocation(Action.APPLY, Set.of(Part.values()), List.of(), 50, null),
          Given.policy(Map.of()));
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private LeaseApi api;
  private Run run;

  @BeforeEach
  void take() throws Exception {
    api = new LeaseApi();
    RunLease lease = RunLease.take(api.cluster(() -> Duration.ofSeconds(10)), "openfaas-fn", ID);
    run =
        new Run(
            ID,
            "2026-09-01T12:00:00Z",
            record,
            budget,
            lease,
            Duration.ZERO,
            Duration.ofMillis(20));
  }

  @AfterEach
  void stop() throws InterruptedException {
    release.countDown();
    api.fails(0);
    budget.end();
    answer(minute());
    api.close();
  }

  @Test
  void whatFollowsTheAnswerIsNotBegunBeforeSomebodyHasBuiltIt() throws Exception {
    CompletableFuture<String> gateway = new CompletableFuture<>();
    start(
        it -> {
          run.answer();
          gateway.complete("patched");
          release.await();
        });

    RunRecord answer = run.awaitAnswer(minute());

    assertThat(answer.waitIsOver).isFalse();
    // Longer than a built answer is given for its way out.
    assertThatThrownBy(() -> gateway.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    run.answered();
    assertThat(gateway.join()).isEqualTo("patched");
    assertThat(api.holder()).as("while it goes on").isEqualTo(ID);
    release.countDown();
    ended.await();
    assertThat(api.holder()).isEmpty();
  }

  @Test
  void aCallerWhoseWaitIsOverIsAnsweredWhileTheRunGoesOn() throws Exception {
    start(it -> release.await());

    RunRecord answer = answer(new Budget(Duration.ZERO, System::nanoTime));

    assertThat(answer.waitIsOver).isTrue();
    assertThat(ended.getCount()).isEqualTo(1);
    release.countDown();
    ended.await();
  }

  @Test
  void anAnswerThatNobodyWaitsForHoldsTheRunNoLongerThanItsOwnTime() throws Exception {
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    nanos.addAndGet(Duration.ofMinutes(15).minusMillis(100).toNanos());
    start(
        it -> {
          run.answer();
          nanos.addAndGet(Duration.ofMillis(100).toNanos());
          over.complete(budget.isOver());
        });

    ended.await();

    assertThat(over.join()).as("then nothing more is begun").isTrue();
  }

  @Test
  void itIsRenewedAsLongAsItLasts() throws Exception {
    start(it -> release.await());
    int writes = api.writes();

    Awaitility.await().until(() -> api.writes() > writes + 3);

    assertThat(budget.isOver()).isFalse();
  }

  @Test
  void aLeaseThatSomebodyElseHasEndsIt() throws Exception {
    losesTheLease(lease -> lease.getSpec().setHolderIdentity("another-pod/call"));
    assertThat(api.holder()).as("and stays theirs").isEqualTo("another-pod/call");
  }

  @Test
  void aLeaseThatWasDeletedEndsIt() throws Exception {
    start(it -> release.await());
    api.delete();

    Awaitility.await("it is to write no more").until(budget::isOver);

    release.countDown();
    ended.await();
    assertThat(answer(minute()).problem).isNull();
  }

  private void losesTheLease(Consumer<Lease> edit) throws InterruptedException {
    start(it -> release.await());
    api.edit(edit);
    Awaitility.await("it is to write no more").until(budget::isOver);
    release.countDown();
    ended.await();
  }

  @Test
  @DisplayName("not renewed for 20 s: it writes no more, and what it has sent has 10 s to end")
  void aLeaseThatCannotBeRenewedEndsItBeforeItRunsOut() throws Exception {
    start(it -> release.await());
    api.fails(403);
    int refused = api.refused();
    nanos.addAndGet(Duration.ofMillis(19_900).toNanos());
    Awaitility.await("it tries again").until(() -> api.refused() > refused + 3);
    assertThat(budget.isOver()).as("after 19.9 s").isFalse();

    nanos.addAndGet(Duration.ofMillis(100).toNanos());

    Awaitility.await("after 20 s").until(budget::isOver);
    assertThat(RunLease.LENGTH).isGreaterThanOrEqualTo(Run.UNRENEWED.plusSeconds(10));
  }

  @Test
  void aServerThatComesBackInTimeIsEnough() throws Exception {
    start(it -> release.await());
    for (int i = 0; i < 5; i++) {
      api.fails(403);
      int refused = api.refused();
      Awaitility.await("refused").until(() -> api.refused() > refused);
      nanos.addAndGet(Duration.ofSeconds(15).toNanos());
      api.fails(0);
      int writes = api.writes();
      Awaitility.await("renewed").until(() -> api.writes() > writes + 1);
    }
    assertThat(budget.isOver()).isFalse();
  }

  @Test
  void sigtermEndsItAtTheNextSafePointAndWaitsForThat() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    budget.whenEnded(told::countDown);
    start(it -> told.await());

    run.end();

    assertThat(budget.isOver()).isTrue();
    ended.await();
    assertThat(api.holder()).isEmpty();
  }

  @Test
  void sigtermDoesNotWaitForAnAnswerThatIsBeingBuilt() throws Exception {
    start(Run::answer);
    run.awaitAnswer(minute());

    run.end();

    assertThat(api.holder()).as("though nobody has built it").isEmpty();
  }

  @Test
  void sigtermWaitsUntilTheLeaseIsGivenBack() throws Exception {
    start(it -> release.await());
    CompletableFuture<Void> stopped;
    LeaseApi silent = api;
    // As long as this is held, no request is answered.
    synchronized (silent) {
      stopped = CompletableFuture.runAsync(run::end);
      release.countDown();
      assertThatThrownBy(() -> stopped.get(1, TimeUnit.SECONDS))
          .isInstanceOf(TimeoutException.class);
    }

    stopped.join();

    assertThat(api.holder()).isEmpty();
  }

  @Test
  void whatGoesWrongIsInTheAnswerAndTheLeaseIsGivenBack() throws Exception {
    start(
        it -> {
          throw new OutOfMemoryError("a test's");
        });

    RunRecord answer = answer(minute());

    assertThat(answer.problem.code).isEqualTo("unexpected");
    assertThat(answer.problem.message).contains("OutOfMemoryError");
    assertThat(answer.waitIsOver).isFalse();
    assertThat(api.holder()).isEmpty();
  }

  @Test
  void whatGoesWrongAtItsEndKeepsNoCallerWaiting() throws Exception {
    run.start(
        it -> {},
        () -> {},
        () -> {
          throw new IllegalStateException("the log is full");
        });

    assertThat(answer(minute()).waitIsOver).isFalse();
    assertThat(api.holder()).isEmpty();
  }

  private RunRecord answer(Budget wait) throws InterruptedException {
    RunRecord answer = run.awaitAnswer(wait);
    run.answered();
    return answer;
  }

  private void start(Run.Work work) {
    run.start(work, () -> {}, ended::countDown);
  }

  private static Budget minute() {
    return new Budget(Duration.ofMinutes(1), System::nanoTime);
  }
}
