package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.request.Action;
import com.openfaas.function.rollout.Limits.Budget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@DisplayName("Few runs hold a plan and an answer at a time, however many were called")
class ConcurrentRunsTest {
  private final ConcurrentRuns runs = new ConcurrentRuns();
  private final List<ConcurrentRuns.Permit> taken = new ArrayList<>();

  @Test
  void theFifthWaitsUntilOneHasAnswered() {
    takeFour();
    CompletableFuture<ConcurrentRuns.Permit> fifth = enterLater(Action.STATUS);

    taken.get(0).close();

    assertThat(fifth.join()).isNotNull();
  }

  @Test
  void whoWaitsNoLongerGoesWithoutAndHasNothingToGiveBack() {
    takeFour();

    runs.enter(Action.STATUS, new Budget(Duration.ZERO, System::nanoTime)).close();
    runs.enter(Action.VERIFY, new Budget(Duration.ofMillis(1), System::nanoTime)).close();

    assertThat(enterLater(Action.STATUS)).isNotDone();
  }

  @Test
  void whoWritesLeavesItsPermitToAnother() {
    takeFour();
    CompletableFuture<ConcurrentRuns.Permit> fifth = enterLater(Action.STATUS);

    assertThat(taken.get(0).takeWriteLock("one")).isNull();

    ConcurrentRuns.Permit next = fifth.join();
    assertThat(next.takeWriteLock("another").message).contains("one is in progress");
    taken.get(0).close();
    assertThat(next.takeWriteLock("another")).isNull();
  }

  @Test
  void aPermitIsGivenBackOnceWhetherItWroteOrNot() {
    takeFour();
    taken.get(0).takeWriteLock("one");
    taken.forEach(ConcurrentRuns.Permit::close);
    taken.clear();

    takeFour();

    assertThat(enterLater(Action.STATUS)).isNotDone();
  }

  @Test
  void whatLastsWithoutWritingLeavesAPermitToTheOthers() {
    for (int i = 0; i < 3; i++) {
      taken.add(runs.enter(Action.PLAN, new Budget(Duration.ofMinutes(1), System::nanoTime)));
    }
    CompletableFuture<ConcurrentRuns.Permit> plan = enterLater(Action.PLAN);

    runs.enter(Action.STATUS, new Budget(Duration.ofMinutes(1), System::nanoTime)).close();
    runs.enter(Action.APPLY, new Budget(Duration.ofMinutes(1), System::nanoTime)).close();
    taken.get(0).close();

    assertThat(plan.join()).isNotNull();
  }

  @Test
  @DisplayName("one verify at a time; who waits for it takes no permit from a plan")
  void oneVerifyKeepsMetricsAtATime() {
    taken.add(runs.enter(Action.VERIFY, new Budget(Duration.ofMinutes(1), System::nanoTime)));
    CompletableFuture<ConcurrentRuns.Permit> second = enterLater(Action.VERIFY);
    CompletableFuture<ConcurrentRuns.Permit> third = enterLater(Action.VERIFY);

    runs.enter(Action.PLAN, new Budget(Duration.ofMinutes(1), System::nanoTime)).close();
    taken.get(0).close();

    second.join().close();
    third.join().close();
  }

  private void takeFour() {
    for (int i = 0; i < 4; i++) {
      taken.add(runs.enter(Action.APPLY, new Budget(Duration.ofMinutes(1), System::nanoTime)));
    }
  }

  /** Asks for a permit when there is none, and so waits. */
  private CompletableFuture<ConcurrentRuns.Permit> enterLater(Action action) {
    CompletableFuture<ConcurrentRuns.Permit> permit = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () ->
                permit.complete(
                    runs.enter(action, new Budget(Duration.ofMinutes(1), System::nanoTime))));
    caller.setDaemon(true);
    caller.start();
    Awaitility.await("the caller waits")
        .atMost(Duration.ofMinutes(1))
        .until(() -> caller.getState() == Thread.State.TIMED_WAITING);
    return permit;
  }
}
