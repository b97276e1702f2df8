package com.openfaas.function.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.RolloutApi;
import com.openfaas.function.observe.Observer.Self;
import com.openfaas.function.plan.Given;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@DisplayName("What is watched is known as it is, whatever becomes of the watches")
class LiveViewTest {
  private static final String FN = "openfaas-fn";
  private static final String MARKED = "{metadata: {annotations: {" + Annotations.FAILED + ": x}}}";
  private static final Predicate<Workload> IS_MARKED =
      now -> now.object.annotations.containsKey(Annotations.FAILED);

  /** In the run's time, which the test lets pass. */
  private final AtomicReference<Duration> time = new AtomicReference<>(Duration.ZERO);

  private RolloutApi api;
  private Observation seen;
  private Workload figlet;
  private LiveView view;

  @BeforeEach
  void watch() throws Exception {
    api = new RolloutApi();
    api.namespace("openfaas");
    api.namespace(FN);
    api.deploy("openfaas", "gateway", 1);
    api.deploy("openfaas", "queue-worker", 1);
    api.deploy(FN, "figlet", 1);
    Self self = new Self(FN, Map.of());
    seen = new Observer(api.cluster(), Given.policy(Map.of()), self, false).observe();
    figlet = named("figlet");
    view = LiveView.of(api.cluster(), time::get, seen, List.of(figlet));
  }

  @AfterEach
  void close() {
    view.close();
    api.close();
  }

  @Test
  void aChangeIsSeenWithoutAnotherRequest() throws Exception {
    Awaitility.await().until(() -> api.watching() == 2);
    int asked = api.asked().size();

    api.patch(FN, "figlet", MARKED);
    awaitFiglet(IS_MARKED);
    api.delete(FN, "figlet");
    awaitFiglet(now -> now == null);

    assertThat(api.asked()).hasSize(asked);
  }

  @Test
  void whatHappenedBetweenTheObservationAndTheWatchIsNotMissed() throws Exception {
    view.close();
    api.patch(FN, "figlet", MARKED);

    view = LiveView.of(api.cluster(), time::get, seen, List.of(figlet));

    awaitFiglet(IS_MARKED);
  }

  @Test
  @DisplayName("10 s of silence of one watch beside another that speaks, and its namespace is read")
  void oneSilentWatchBesideOneThatSpeaksIsNotBelieved() throws Exception {
    api.silence("deployments");
    api.patch(FN, "figlet", MARKED);
    time.set(Duration.ofMillis(9_900));
    stir();
    assertThat(view.now(figlet)).as("for 9.9 s").matches(IS_MARKED.negate());

    time.set(Duration.ofSeconds(10));
    stir();

    assertThat(view.now(figlet)).as("after 10 s").matches(IS_MARKED);
  }

  @Test
  void anObservationThatFailsIsTriedAgainAfterAsLongASilence() throws Exception {
    api.silence("deployments");
    api.patch(FN, "figlet", MARKED);
    api.answers("GET /openfaas-fn/deployments", 403);
    time.set(Duration.ofSeconds(10));
    stir();
    int asked = api.asked().size();
    stir();
    assertThat(api.asked()).as("not at once").hasSize(asked);
    assertThat(view.now(figlet)).matches(IS_MARKED.negate());

    api.answers("GET /openfaas-fn/deployments", 200);
    time.set(Duration.ofSeconds(20));
    stir();

    assertThat(view.now(figlet)).matches(IS_MARKED);
  }

  @Test
  void whatIsReadAnewIsAsItIsOrUnknown() throws Exception {
    api.silence("deployments");
    api.patch(FN, "figlet", MARKED);
    api.answers("GET /openfaas-fn/pods", 403);
    assertThatThrownBy(() -> view.renew(List.of(figlet))).isInstanceOf(ClusterException.class);

    api.answers("GET /openfaas-fn/pods", 200);
    view.renew(List.of(figlet));

    assertThat(view.now(figlet)).matches(IS_MARKED);
  }

  @Test
  void aWatchThatEndsIsFollowedByAnother() throws Exception {
    Awaitility.await().until(() -> api.watching() == 2);
    api.endWatches();
    Awaitility.await().until(() -> api.watching() == 0);

    api.patch(FN, "figlet", MARKED);

    awaitFiglet(IS_MARKED);
    Awaitility.await().until(() -> api.watching() == 2);
  }

  @Test
  @DisplayName("where one watch cannot be armed, those armed before are closed")
  void nothingIsLeftOfAViewThatCouldNotBeArmed() {
    api.answers("WATCH /openfaas/pods", 403);

    assertThatThrownBy(
            () ->
                LiveView.of(api.cluster(), time::get, seen, List.of(figlet, named("queue-worker"))))
        .isInstanceOf(ClusterException.class);

    assertThat(api.asked()).filteredOn(request -> request.startsWith("WATCH")).hasSize(2 + 4);
    Awaitility.await("only the other view's are left").until(() -> api.watching() == 2);
  }

  @Test
  void nothingIsLeftOfAViewThatIsClosed() {
    Awaitility.await().until(() -> api.watching() == 2);

    view.close();

    Awaitility.await().until(() -> api.watching() == 0);
  }

  @Test
  void aWaitIsEndedFromAnotherThread() throws Exception {
    view.wake();

    view.awaitChange(Duration.ofHours(1), List.of());
  }

  private void awaitFiglet(Predicate<Workload> as) {
    Awaitility.await()
        .until(
            () -> {
              view.awaitChange(Duration.ofMillis(50), List.of(figlet));
              return as.test(view.now(figlet));
            });
  }

  /** Until an event of the pods' has been heard. */
  private void stir() throws InterruptedException {
    view.awaitChange(Duration.ZERO, List.of());
    api.stir();
    view.awaitChange(Duration.ofMinutes(1), List.of(figlet));
  }

  private Workload named(String name) {
    return seen.platform.workloads.stream()
        .filter(workload -> workload.name.equals(name))
        .collect(Collectors.toList())
        .get(0);
  }
}
