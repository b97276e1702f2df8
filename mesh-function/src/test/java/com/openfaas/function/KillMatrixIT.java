package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.openfaas.function.lab.ApiFaults;
import com.openfaas.function.lab.ApiRequest;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.Fault;
import com.openfaas.function.platform.Annotations;
import com.openfaas.model.Request;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A run ends before its time, at each of its stages. Where the gateway's change is made already,
 * nobody has to call; before that, the next call goes on.
 */
@DisplayName("A run that ends before its time leaves nothing half done")
class KillMatrixIT extends GatewayScenarios {
  /** Another pod does not know that the last one is gone, but by its lease. */
  static final Map<String, String> ELSEWHERE =
      Map.of("HOSTNAME", "mesh-setup-elsewhere", "OPENFAAS_NAME", "mesh-setup");

  private static final Duration WATCHED = Duration.ofSeconds(4);

  /** So long a request is on its way that is to be the last one. */
  private static final Duration HELD = Duration.ofSeconds(4);

  /** Longer than a lease may go without being renewed. */
  private static final Duration AWAY = Duration.ofSeconds(24);

  private static final Duration CLOCK_OFF = Duration.ofMinutes(10);

  private final ThreadGroup threads = new ThreadGroup("process");
  private ApiFaults api;
  private Handler process;

  @BeforeEach
  void begin() {
    api = ApiFaults.before(scenario.platform);
  }

  /** Before the platform is as it was: its superclass sees to that. */
  @AfterEach
  void endTheProcess() {
    process.close();
    api.close();
  }

  static Stream<Arguments> cells() {
    return Arrays.stream(Cause.values())
        .flatMap(cause -> Arrays.stream(Stage.values()).map(stage -> arguments(cause, stage)));
  }

  @Execution(CONCURRENT)
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cells")
  void endsInTheRightState(Cause cause, Stage stage) throws Exception {
    process = process(api.environment(), cause == Cause.GONE ? CLOCK_OFF.negated() : Duration.ZERO);
    reach(stage);
    long begun = System.nanoTime();
    Handler next = happens(cause);

    if (stage.compareTo(Stage.PATCHED) < 0) {
      Awaitility.await("the next call").until(() -> applies(next));
    }
    Awaitility.await("the gateway's end")
        .atMost(Duration.ofMinutes(3))
        .until(() -> isUnmarked() && scenario.isMeshed() == (stage != Stage.TAKING_BACK));
    scenario.platform.awaitTheEnd();

    assertThat(scenario.annotations().containsKey(Annotations.PREVIOUS))
        .isEqualTo(scenario.isMeshed());
    assertThat(scenario.events())
        .contains(stage == Stage.TAKING_BACK ? "MeshTakenBack" : "MeshConfirmed");
    System.out.printf(
        Locale.ROOT,
        "kill matrix: %s, %s: %s after %.1f s%n",
        stage,
        cause,
        stage == Stage.TAKING_BACK ? "taken back" : "confirmed",
        Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1000.0);
    next.close();
  }

  private void reach(Stage stage) {
    switch (stage) {
      case BEFORE_THE_ANSWER:
        callAndAwait(hold("/deployments/figlet", 0));
        break;
      case ANSWERED:
        callAndAwait(hold("/deployments/gateway", 0));
        break;
      case PATCHED:
        scenario.edit(Change.whenMeshed("slow"));
        call(process);
        awaitMade();
        break;
      case CONFIRMING:
        call(process);
        awaitMade();
        scenario.platform.awaitSettled();
        break;
      default:
        scenario.gateway.trouble((meshed, function, path) -> meshed ? 503 : 0);
        callAndAwait(hold("/deployments/gateway", 1));
    }
  }

  /** From now on, so that it cannot come before: the first patch after so many others. */
  private Fault hold(String path, int others) {
    return api.set(Fault.delays(HELD).on(ApiRequest.of("PATCH", path)).after(others).times(1));
  }

  /** Gives the process that is there afterwards. */
  private Handler happens(Cause cause) {
    switch (cause) {
      case TERMINATED:
        process.close();
        return successor(Map.of(), Duration.ZERO);
      case GONE:
        api.set(Fault.dropsTheConnection());
        api.dropOpenConnections();
        scenario.platform.lease().runOut();
        return successor(ELSEWHERE, CLOCK_OFF);
      case LEASE_LOST:
        scenario.platform.lease().holder("somebody-else/at-work");
        Awaitility.await("the run ends").atMost(Duration.ofMinutes(3)).until(() -> !isRunning());
        scenario.platform.lease().holder("");
        return process;
      default:
        api.set(Fault.dropsTheConnection().lasting(AWAY));
        api.dropOpenConnections();
        return process;
    }
  }

  private Handler successor(Map<String, String> pod, Duration off) {
    Handler next = process(pod, off);
    next.takeOver();
    return next;
  }

  private Handler process(Map<String, String> connection, Duration clockOff) {
    Map<String, String> environment = new HashMap<>(scenario.environment());
    environment.putAll(connection);
    environment.put("mesh_parallel", "1");
    return new Handler(environment, Clock.offset(Clock.systemUTC(), clockOff), WATCHED);
  }

  private void call(Handler process) {
    new Thread(threads, () -> invoke(process), "caller").start();
  }

  /** By the thread of the run: it is in the group of the one that has begun it. */
  private boolean isRunning() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(
            thread -> thread.getName().equals("run") && threads.equals(thread.getThreadGroup()));
  }

  private static int invoke(Handler process) {
    Map<String, String> headers = Map.of("X-Http-Method", "POST", "Accept", "application/json");
    return process.Handle(new Request("", headers, "", "")).getStatusCode();
  }

  private static boolean applies(Handler next) {
    return invoke(next) == 200;
  }

  private void callAndAwait(Fault held) {
    call(process);
    Awaitility.await("the request").until(() -> held.hits() == 1);
  }

  /** By what stays when its mark, which comes with it, has been taken off. */
  private void awaitMade() {
    Awaitility.await("the gateway's change").until(scenario::isMeshed);
  }

  private boolean isUnmarked() {
    return !scenario.annotations().containsKey(Annotations.UNCONFIRMED);
  }

  /** How far the run has come. */
  enum Stage {
    BEFORE_THE_ANSWER,
    ANSWERED,
    PATCHED,
    CONFIRMING,
    TAKING_BACK
  }

  /** What ends it. */
  enum Cause {
    /** SIGTERM, as the kubelet sends it. */
    TERMINATED,
    /** SIGKILL, no memory left, a node that is lost: it says nothing more to the API server. */
    GONE,
    LEASE_LOST,
    API_SERVER_AWAY
  }
}
