package com.openfaas.function.lab;

import com.google.gson.Gson;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.report.Report;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** The story of a platform that takes minutes, and of one call that does not wait for it. */
final class SlowStarts {
  private static final int FUNCTIONS = 60;
  private static final String READY_AFTER = "10s";
  private static final Duration MOST = Duration.ofMinutes(10);

  /** What the operator sets, that it takes as long as a small cluster with large images. */
  static final Map<String, String> SETTINGS = Map.of("mesh_parallel", "8");

  private final TestPlatform platform;
  private final FunctionProcess function;
  private final Consumer<String> say;
  private final List<String> surprises = new ArrayList<>();
  private String bar = "";

  SlowStarts(TestPlatform platform, FunctionProcess function, Consumer<String> say) {
    this.platform = platform;
    this.function = function;
    this.say = say;
  }

  /** Gives what was not as it should be. */
  List<String> tell() throws IOException, InterruptedException {
    say.accept("deploying " + FUNCTIONS + " functions whose pods start in " + READY_AFTER);
    for (int i = 1; i <= FUNCTIONS; i++) {
      platform.deployFunction(
          "slow-" + i, Change.templateAnnotated(Map.of("lab.mesh-setup/ready-after", READY_AFTER)));
    }
    platform.awaitSettled(MOST);
    say.accept("one call: apply");
    Report answer = report(function.invoke("POST", "", ""));
    say.accept(
        String.format(
            Locale.ROOT,
            "answered after %.1f s of its %d s: %s",
            answer.run.durationMs / 1000.0,
            answer.run.budgetMs / 1000,
            answer.outcome));
    say.accept("next: " + answer.next);
    expect("answered within its budget", true, answer.run.durationMs <= answer.run.budgetMs);
    expect("the answer", "inProgress", answer.outcome.toString());
    expect("it says that the run goes on", true, answer.next.startsWith("The run goes on; "));
    Awaitility.await("the run is over")
        .atMost(MOST)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofSeconds(3))
        .until(this::isOver);
    platform.awaitSettled(MOST);
    end();
    return surprises;
  }

  /** Shows how far it is, where that has changed. */
  private boolean isOver() throws IOException, InterruptedException {
    HttpResponse<String> status = function.invoke("GET", "format=text&width=200", "");
    String now = status.body().lines().filter(line -> line.startsWith("[")).findFirst().orElse("");
    expect(
        "a status that is to be asked for again",
        now.isEmpty() ? "" : "5",
        status.headers().firstValue("Refresh").orElse(""));
    if (!now.equals(bar) && !now.isEmpty()) {
      say.accept(now.replaceFirst("run .*? since \\S+: ", ""));
    }
    bar = now;
    return now.isEmpty();
  }

  private void end() throws IOException, InterruptedException {
    Report status = report(function.invoke("GET", "format=json", ""));
    Map<State, Long> states =
        status.workloads.stream()
            .collect(Collectors.groupingBy(w -> w.after, Collectors.counting()));
    say.accept("by one call: " + states);
    states.keySet().removeAll(List.of(State.OPTED_OUT, State.UNSUPPORTED, State.IDLE));
    expect("all that can be meshed is", Set.of(State.MESHED), states.keySet());
    String mark =
        platform
            .admin()
            .apps()
            .deployments()
            .inNamespace(platform.openfaas())
            .withName("gateway")
            .get()
            .getMetadata()
            .getAnnotations()
            .get(Annotations.UNCONFIRMED);
    expect("a mark that the gateway is to be confirmed", "none", mark == null ? "none" : mark);
    platform
        .admin()
        .events()
        .v1()
        .events()
        .inNamespace(platform.openfaas())
        .list()
        .getItems()
        .stream()
        .filter(event -> event.getReason().equals("MeshConfirmed"))
        .findFirst()
        .ifPresentOrElse(
            event -> say.accept("the gateway: " + event.getReason() + ": " + event.getNote()),
            () -> surprises.add("no event MeshConfirmed on the gateway"));
  }

  private static Report report(HttpResponse<String> answer) {
    return new Gson().fromJson(answer.body(), Report.class);
  }

  private void expect(String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      surprises.add(what + ": expected " + expected + ", was " + actual);
    }
  }
}
