package com.openfaas.function.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.verify.Watched.FunctionCaller;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What the proxies' counters put in the way of refusing all but the gateway")
class WatchedTest {
  private static final Instant NOW = Sample.MOMENT;
  private static final Instant AN_HOUR_AGO = NOW.minus(Duration.ofHours(1));
  private static final Workload FIGLET =
      Sample.of(Role.FUNCTION, "openfaas-fn", "figlet").meshed(1).workload();

  @Test
  @DisplayName("whoever called past the gateway would be cut; whoever was refused is cut already")
  void whoeverWouldBeCut() {
    assertThat(inTheWay(FIGLET, AN_HOUR_AGO, List.of(caller(2, 0)), List.of()))
        .containsExactly("caller_would_be_cut");
    assertThat(inTheWay(FIGLET, AN_HOUR_AGO, List.of(caller(0, 2)), List.of())).isEmpty();
  }

  @Test
  void proxiesThatHaveNotCountedForAnHour() {
    assertThat(inTheWay(FIGLET, AN_HOUR_AGO.plusSeconds(1), List.of(), List.of()))
        .containsExactly("counted_too_short");
    assertThat(inTheWay(FIGLET, AN_HOUR_AGO, List.of(), List.of())).isEmpty();
  }

  @Test
  @DisplayName("a function that has a proxy, and whose callers are not known all the same")
  void whatIsNotCounted() {
    Workload bare = Sample.of(Role.FUNCTION, "openfaas-fn", "figlet").unmeshed(1).workload();
    Problem unread = new Problem(Code.CALLERS_NOT_COUNTED, FIGLET.subject(), "no", "look");
    assertThat(inTheWay(FIGLET, null, List.of(), List.of(unread)))
        .containsExactly("callers_not_counted");
    assertThat(inTheWay(bare, null, List.of(), List.of(unread))).isEmpty();
  }

  @Test
  @DisplayName("calls by an account that mesh-setup has with others may be theirs")
  void anAccountThatMeshSetupSharesIsNotItsOwn() {
    WatchCase watch = new WatchCase();
    PodView own = Sample.pod("mesh-setup-1", true, Proxy.READY);
    watch.functions.add(Sample.of(Role.SELF, "openfaas-fn", "mesh-setup").pods(own).workload());
    watch.read(watch.functions.get(0), 0);
    watch.read(
        watch.workload("env", Proxy.READY),
        0,
        "inbound_http_authz_allow_total{target_port=\"8080\",route_name=\"default\",tls=\"true\","
            + "client_id=\"default.openfaas-fn.serviceaccount.identity.linkerd.cluster.local\"} 2");

    assertThat(watch.watched().callers)
        .extracting(caller -> caller.account)
        .containsExactly("openfaas-fn/default");
  }

  private static List<String> inTheWay(
      Workload function, Instant since, List<FunctionCaller> callers, List<Problem> unwatched) {
    Map<String, Instant> began = since == null ? Map.of() : Map.of(function.key(), since);
    return new Watched(callers, unwatched, began, Map.of(), Map.of())
        .inTheWay(List.of(function), NOW).get(function.namespace).stream()
            .map(problem -> problem.code)
            .collect(Collectors.toList());
  }

  private static FunctionCaller caller(long requests, long refused) {
    return new FunctionCaller("a/b", "b.a", FIGLET.key(), requests, refused, AN_HOUR_AGO);
  }
}
