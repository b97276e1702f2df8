package com.openfaas.function.verify;

import static com.openfaas.function.verify.EdgeCase.TRUST;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Cases;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.verify.Watched.FunctionCaller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Who has called functions past the gateway")
class FunctionCallersTest {
  private static final String OURS = "mesh-setup-functions";
  private static final String STARTED = "process_start_time_seconds 1795752255.5";
  private static final Instant START = Instant.ofEpochMilli(1_795_752_255_500L);

  private final WatchCase watch = new WatchCase();

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "in-audit,        2, 1, 0, 0, 3",
    "refused,         0, 0, 2, 1, 3",
    "gateway-refused, 0, 0, 2, 1, 0",
  })
  @DisplayName("what real proxies counted")
  void isTheTruth(String folder, int meshed, int bare, int cutMeshed, int cutBare, int admitted) {
    Watched before = real(folder, "before");
    Watched after = real(folder, "after");

    assertThat(after.callers)
        .extracting(caller -> caller.function + " by " + caller.account)
        .containsExactly("openfaas-fn/env by ", "openfaas-fn/env by openfaas-fn/default");
    assertThat(after.callers.get(1).identity).isEqualTo("default.openfaas-fn" + TRUST);
    assertThat(grown(before, after, 0)).containsExactly(bare, cutBare);
    assertThat(grown(before, after, 1)).containsExactly(meshed, cutMeshed);
    assertThat(after.admitted("openfaas-fn/env", OURS) - before.admitted("openfaas-fn/env", OURS))
        .isEqualTo(admitted);
    assertThat(after.unwatched).isEmpty();
    assertThat(after.callers.get(0).since).isEqualTo("2026-11-27T04:04:15.766Z");
  }

  @Test
  @DisplayName("kubelets, and whoever else asks on a probe's path, are not callers")
  void probesAreNoCallers() {
    function("env", allow("", "probe", "probe", 60), allow("a.b", "probe", "probe", 2));

    assertThat(watch.watched().callers).isEmpty();
  }

  @Test
  @DisplayName("the gateway is no caller, whichever policy admits it; scrapes are no calls")
  void theGatewayIsNoCaller() {
    function(
        "env",
        allow("openfaas-controller.openfaas", "default", "all-unauthenticated", 7),
        allow("a.b", "default", "all-unauthenticated", 9).replace("8080", "4191"));

    assertThat(watch.watched().callers).isEmpty();
    assertThat(watch.watched().admitted("openfaas-fn/env", OURS)).isZero();
  }

  @Test
  @DisplayName("mesh_callers: who is named there is no stranger, its namesake elsewhere is one")
  void whoIsAllowedIsNotForeign() {
    watch.allowed = "monitoring/prometheus,tools/a.b";
    function(
        "env",
        allow("prometheus.monitoring", "default", "audit", 30),
        allow("a.b.tools", "default", "audit", 1),
        allow("prometheus.other", "default", "audit", 4));

    assertThat(watch.watched().callers)
        .singleElement()
        .satisfies(
            caller -> {
              assertThat(caller.account).isEqualTo("other/prometheus");
              assertThat(caller.requests).isEqualTo(4);
              assertThat(caller.since).isEqualTo(START);
            });
  }

  @Test
  @DisplayName(
      "mesh-setup's own calls: no caller by an account of its own; else one of those of it")
  void ownCallsAreNoCallers() {
    PodView own = Sample.pod("mesh-setup-1", true, Proxy.READY).reachedAt("10.0.0.2", "mesh-setup");
    watch.functions.add(Sample.of(Role.SELF, "openfaas-fn", "mesh-setup").pods(own).workload());
    watch.read(watch.functions.get(0), 0);
    function(
        "env",
        allow("mesh-setup.openfaas-fn", "default", "audit", 1),
        allow("default.openfaas-fn", "default", "audit", 2));

    assertThat(watch.watched().callers)
        .extracting(caller -> caller.account)
        .containsExactly("openfaas-fn/default");
  }

  @Test
  @DisplayName("an identity of no ServiceAccount has no account, and is told")
  void aStrangeIdentityIsACaller() {
    function(
        "env",
        allow("", "default", "audit", 1)
            .replace("no_identity", "true")
            .replace("no_tls_reason=\"no_tls_from_remote\"", "client_id=\"spiffe://elsewhere/x\""));

    assertThat(watch.watched().callers)
        .extracting(caller -> caller.account + "|" + caller.identity)
        .containsExactly("|spiffe://elsewhere/x");
  }

  @Test
  @DisplayName("pods are summed; since the first of them counted; all is known since the last did")
  void podsAreSummed() {
    Workload function = watch.workload("env", Proxy.READY, Proxy.READY);
    watch.read(function, 0, STARTED, allow("a.b", "default", "audit", 2));
    watch.read(
        function, 1, "process_start_time_seconds 1795755855", allow("a.b", "default", "audit", 3));

    Watched watched = watch.watched();
    assertThat(watched.callers).singleElement().satisfies(c -> assertThat(c.requests).isEqualTo(5));
    assertThat(watched.callers.get(0).since).isEqualTo(START);
    assertThat(watched.since)
        .containsExactly(Map.entry("openfaas-fn/env", Instant.ofEpochSecond(1_795_755_855)));
  }

  @Test
  @DisplayName("a restarted pod's proxy begins anew, and so does the delta")
  void aRestartBeginsTheWindowAnew() {
    function("env", allow("a.b", "default", "audit", 1));
    assertThat(watch.watched().callers).hasSize(1);

    watch.clear();
    Workload function = watch.workload("env", Proxy.READY);
    watch.read(function, 0, "process_start_time_seconds 1795755855");

    assertThat(watch.watched().callers).isEmpty();
    assertThat(watch.watched().since.get("openfaas-fn/env")).isAfter(START);
  }

  @Test
  @DisplayName("without a proxy, opted out, idle, not ready, not readable: told as not watched")
  void whatIsNotWatchedIsTold() {
    watch.workload("bare", Proxy.READY, Proxy.NONE);
    watch.read(watch.functions.get(0), 0, STARTED);
    watch.delta(watch.functions.get(0), 1, Reading.of(Metrics.NOTHING));
    watch.functions.add(
        Sample.of(Role.FUNCTION, "openfaas-fn", "out").inject("disabled").unmeshed(1).workload());
    watch.delta(watch.functions.get(1), 0, Reading.of(Metrics.NOTHING));
    watch.functions.add(Sample.of(Role.FUNCTION, "openfaas-fn", "idle").workload());
    watch.workload("shut", Proxy.READY);
    watch.delta(watch.functions.get(3), 0, EdgeCase.unread("metrics_forbidden"));
    watch.workload("old", Proxy.READY);
    watch.read(
        watch.functions.get(4), 0, allow("a.b", "default", "x", 1).replace("route_name", "no"));

    Watched watched = watch.watched();
    assertThat(watched.unwatched)
        .extracting(
            problem ->
                problem.subject.replace("deployment openfaas-fn/", "") + ": " + problem.message)
        .containsExactly(
            "bare: not each of its pods has a proxy",
            "out: it has opted out of the mesh",
            "idle: it is idle, without a pod",
            "shut: a proxy cannot be read: it is not so",
            "old: one of its proxies does not distinguish probes from other calls");
    assertThat(watched.unwatched).allMatch(problem -> !problem.hint.isEmpty());
    assertThat(watched.since).isEmpty();
  }

  @Test
  @DisplayName("since when it counts is not known of a proxy that does not tell: in the way")
  void aProxyThatDoesNotTellSinceWhenIsInTheWay() {
    Workload function = watch.workload("env", Proxy.READY, Proxy.READY);
    watch.read(function, 0, STARTED);
    watch.read(function, 1, allow("", "probe", "probe", 1));

    Watched watched = watch.watched();
    assertThat(watched.since).isEmpty();
    assertThat(watched.inTheWay(List.of(function), START.plusSeconds(7200)).get("openfaas-fn"))
        .extracting(problem -> problem.code)
        .containsExactly("counted_too_short");
  }

  private static int[] grown(Watched before, Watched after, int at) {
    FunctionCaller then = before.callers.get(at);
    FunctionCaller now = after.callers.get(at);
    return new int[] {(int) (now.requests - then.requests), (int) (now.refused - then.refused)};
  }

  private Watched real(String folder, String moment) {
    watch.clear();
    Path text = Cases.file("callers/" + folder).resolve("env." + moment + ".txt");
    try (Stream<String> lines = Files.lines(text)) {
      watch.delta(watch.workload("env", Proxy.READY), 0, Reading.of(Metrics.of(lines)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return watch.watched();
  }

  private void function(String name, String... lines) {
    String[] all = Stream.concat(Stream.of(STARTED), Stream.of(lines)).toArray(String[]::new);
    watch.read(watch.workload(name, Proxy.READY), 0, all);
  }

  private static String allow(String client, String route, String authorization, int count) {
    String tls =
        client.isEmpty()
            ? "tls=\"no_identity\",no_tls_reason=\"no_tls_from_remote\""
            : "tls=\"true\",client_id=\"" + client + TRUST + "\"";
    return "inbound_http_authz_allow_total{target_port=\"8080\",srv_name=\"all-unauthenticated\","
        + "route_name=\""
        + route
        + "\",authz_kind=\"default\",authz_name=\""
        + authorization
        + "\","
        + tls
        + "} "
        + count;
  }
}
