package com.openfaas.function.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.plan.Given;
import com.openfaas.function.plan.Planner;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.ControlPlane;
import com.openfaas.function.platform.ControlPlane.LinkerdConfig;
import com.openfaas.function.platform.ControlPlane.ProxyDefaults;
import com.openfaas.function.platform.InboundRules;
import com.openfaas.function.platform.NetworkRules;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Selector;
import com.openfaas.function.platform.Traffic;
import com.openfaas.function.platform.Traffic.Calls;
import com.openfaas.function.platform.Traffic.IngressView;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Invocation.Part;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A NetworkPolicy that would cut the meshed gateway off is told before it is meshed")
class NetworkPolicyTest {
  private static final Workload UNMESHED =
      Sample.of(Role.GATEWAY, "openfaas", "gateway").unmeshed(1).workload();

  private ControlPlane plane = Sample.plane(Reading.of(Sample.CONFIG));

  @Test
  void onlyTheFunctionsPortFailsAndNamesPolicyAndPort() {
    Check check = check(UNMESHED, Sample.function().unmeshed(1).workload(), rules("only", 8080));
    assertThat(check.failed()).isTrue();
    assertThat(check.message).contains("networkpolicy openfaas-fn/only", "4143");
    assertThat(check.hint).contains("kubectl -n openfaas-fn edit networkpolicy only");
  }

  @Test
  @DisplayName(
      "policies add up; with 4143 its ports no longer bind callers on the mesh, which is told")
  void aSecondPolicyMayAdmitTheRest() {
    Check check =
        check(
            UNMESHED,
            Sample.function().unmeshed(1).workload(),
            rules("only", 8080),
            rules("more", 4143));
    assertThat(check.status).isEqualTo(Check.Status.PASS);
    assertThat(check.message).contains("no longer restrict callers on the mesh");
  }

  @Test
  void whereAllIsMeshedAlreadyItIsAWarning() {
    Workload gateway =
        Sample.of(Role.GATEWAY, "openfaas", "gateway").inject("enabled").meshed(1).workload();
    Workload figlet = Sample.function().inject("enabled").meshed(1).workload();
    assertThat(check(gateway, figlet, rules("only", 8080)).status).isEqualTo(Check.Status.WARN);
  }

  @Test
  void whatAdmitsTheGatewayNowhereIsNotOurs() {
    Workload figlet = Sample.function().unmeshed(1).workload();
    assertThat(checks(UNMESHED, figlet, Reading.of(List.of(rules("other", 9000))))).isEmpty();
    assertThat(checks(UNMESHED, figlet, Reading.of(List.of()))).isEmpty();
  }

  @Test
  @DisplayName("a function that has no proxy, and gets none, is dialled at its own port as before")
  void whatIsNotMeshedIsNotCut() {
    Workload optedOut = Sample.function().inject("disabled").unmeshed(1).workload();
    Workload onTheHost = Sample.function().hostNetwork().unmeshed(1).workload();
    for (Workload function : List.of(optedOut, onTheHost)) {
      assertThat(checks(UNMESHED, function, Reading.of(List.of(rules("only", 8080))))).isEmpty();
      assertThat(checks(UNMESHED, function, Reading.of(List.of(rules("only", 4143))))).isEmpty();
    }
  }

  @Test
  @DisplayName("a proxy before 2.18, or in transparent mode, dials the function's own port")
  void whereProxiesAreNotDialledNothingIsCut() {
    ProxyDefaults usual = ProxyDefaults.OF_LINKERD;
    plane =
        Sample.plane(
            Reading.of(
                new LinkerdConfig(
                    "edge-24.1.1",
                    "",
                    new ProxyDefaults("", "", "", usual.inboundPolicy, "", true, false),
                    false,
                    true,
                    "aa11")));
    Workload figlet = Sample.function().unmeshed(1).workload();
    assertThat(checks(UNMESHED, figlet, Reading.of(List.of(rules("only", 8080))))).isEmpty();
  }

  @Test
  void whatMayNotBeReadIsSkipped() {
    Problem problem = new Problem("forbidden", "networkpolicies in openfaas-fn", "no", "grant it");
    assertThat(checks(UNMESHED, Sample.function().workload(), Reading.failed(problem)))
        .extracting(check -> check.status)
        .containsExactly(Check.Status.SKIPPED);
  }

  private static NetworkRules rules(String name, int port) {
    List<int[]> ranges = List.of(new int[] {port, port});
    return new NetworkRules(
        "openfaas-fn",
        name,
        Selector.ALL,
        List.of(new NetworkRules.Rule(List.of(), ranges, false)));
  }

  private Check check(Workload gateway, Workload function, NetworkRules... rules) {
    List<Check> checks = checks(gateway, function, Reading.of(List.of(rules)));
    assertThat(checks).hasSize(1);
    return checks.get(0);
  }

  private List<Check> checks(
      Workload gateway, Workload function, Reading<List<NetworkRules>> rules) {
    Platform platform =
        new Platform(
            Reading.of(gateway),
            Reading.of(plane),
            Reading.of(""),
            new Platform.Namespaces(
                Sample.namespace("openfaas", null),
                List.of(Sample.namespace("openfaas-fn", "enabled")),
                List.of()),
            List.of(gateway, function),
            new Traffic(IngressView.OFF, Calls.TO_PODS, rules, Reading.of(InboundRules.ABSENT)),
            Platform.ReadErrors.NONE);
    Invocation apply = new Invocation(Action.APPLY, Set.of(Part.values()), List.of(), 50, null);
    Scope scope = new Scope(platform, Given.policy(Map.of()), apply);
    return TrafficChecks.networkPolicies(scope.platform, new Planner(scope, Sample.MOMENT).plan());
  }
}
