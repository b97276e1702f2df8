package com.openfaas.function.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.plan.Given;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Planner;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Authorization;
import com.openfaas.function.platform.Authorization.Clients;
import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.InboundRules;
import com.openfaas.function.platform.InboundRules.Server;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.SamplePlatform;
import com.openfaas.function.platform.Selector;
import com.openfaas.function.platform.Traffic;
import com.openfaas.function.platform.Traffic.Calls;
import com.openfaas.function.platform.Traffic.IngressView;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Invocation.Part;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName(
    "deny with objects that admit the gateway is a correct set-up; what they refuse is told")
class InboundCheckTest {
  private static final Problem FORBIDDEN =
      new Problem("forbidden", "servers in openfaas-fn", "not allowed", "apply the Role");
  private static final String GATEWAYS = Identity.pattern("openfaas", "openfaas-controller");

  @Test
  void aFunctionThatTheObjectsCoverIsMeshed() {
    Check check = check(gateway(true), Reading.of(admitting(GATEWAYS)), function("late", false));
    assertThat(check.status).isEqualTo(Check.Status.PASS);
    assertThat(check.message).contains("authorizationpolicy openfaas-fn/gateway");
  }

  @Test
  @DisplayName(
      "a first apply: the gateway goes first; no function, no namespace, and not mesh-setup, whose"
          + " restart would end the run before they come")
  void theGatewayGoesFirst() {
    Workload self = Sample.of(Role.SELF, "openfaas-fn", "mesh-setup").unmeshed(1).workload();
    Scope scope =
        scope(gateway(false), Reading.of(admitting(GATEWAYS)), function("late", false), self);
    Plan plan = new Planner(scope, Sample.MOMENT).plan();
    assertThat(plan.gatewayFirst).isTrue();
    assertThat(plan.steps)
        .extracting(step -> step.subject())
        .containsExactly("deployment openfaas/gateway");
    Check check = InboundCheck.of(scope, plan);
    assertThat(check.status).isEqualTo(Check.Status.WARN);
    assertThat(check.message)
        .contains("the gateway is meshed first", "deployment openfaas-fn/late");
  }

  @Test
  void whoLetsTheGatewayInWithoutTheMeshIsMeshedBeforeIt() {
    Scope scope =
        scope(
            gateway(false),
            Reading.of(admitting(Clients.UNAUTHENTICATED)),
            function("late", false));
    Plan plan = new Planner(scope, Sample.MOMENT).plan();
    assertThat(plan.steps.stream().map(step -> step.subject()).collect(Collectors.toList()))
        .containsExactly(
            "deployment openfaas-fn/late", "namespace openfaas-fn", "deployment openfaas/gateway");
    assertThat(plan.gatewayFirst).isFalse();
    assertThat(InboundCheck.of(scope, plan).status).isEqualTo(Check.Status.PASS);
  }

  @Test
  void objectsForAnotherAccountFailAndNameServerAndIdentity() {
    String other = Identity.pattern("openfaas", "default");
    Check check = check(gateway(true), Reading.of(admitting(other)), function("late", false));
    assertThat(check.failed()).isTrue();
    assertThat(check.message)
        .contains(
            "deployment openfaas-fn/late refuses deployment openfaas/gateway (server"
                + " openfaas-fn/functions)");
    assertThat(check.hint)
        .contains("openfaas-controller.openfaas.serviceaccount.identity.linkerd.cluster.local")
        .contains("linkerd authz -n openfaas-fn deployment/late");
  }

  @Test
  @DisplayName("it is too late to stop where they are meshed already")
  void whatIsRefusedNowIsAWarning() {
    String other = Identity.pattern("openfaas", "default");
    Check check = check(gateway(true), Reading.of(admitting(other)), function("figlet", true));
    assertThat(check.status).isEqualTo(Check.Status.WARN);
    assertThat(check.message).startsWith("requests are refused: deployment openfaas-fn/figlet");
  }

  @Test
  @DisplayName("a gateway that has lost its proxy gets it again: that mends what is refused")
  void theGatewayIsMeshedAgain() {
    Check check = check(gateway(false), Reading.of(admitting(GATEWAYS)), function("figlet", true));
    assertThat(check.status).isEqualTo(Check.Status.PASS);
  }

  @Test
  void aServerWithoutAnyAuthorizationShutsWhatWasOpen() {
    InboundRules rules = new InboundRules(List.of(server()), List.of(), Map.of(), true, List.of());
    Workload open = Sample.function().unmeshed(1).workload();
    assertThat(check(gateway(true), Reading.of(rules), open).failed()).isTrue();
  }

  @Test
  void whatHangsOnTheRequestIsAWarning() {
    InboundRules rules =
        new InboundRules(
            List.of(server()),
            List.of(policy(GATEWAYS)),
            Map.of("server openfaas-fn/functions", "httproute openfaas-fn/invoke"),
            true,
            List.of());
    Check check = check(gateway(true), Reading.of(rules), function("late", false));
    assertThat(check.status).isEqualTo(Check.Status.WARN);
    assertThat(check.message).contains("httproute openfaas-fn/invoke");
  }

  @Test
  @DisplayName(
      "without the right: a warning beside meshed functions, else a failure; both say how to grant"
          + " it")
  void withoutTheRight() {
    Reading<InboundRules> unread = Reading.failed(FORBIDDEN);
    Check beside = check(gateway(true), unread, function("figlet", true), function("late", false));
    assertThat(beside.status).isEqualTo(Check.Status.WARN);
    assertThat(beside.hint).contains("apply the Role");
    Check alone = check(gateway(true), unread, function("late", false));
    assertThat(alone.failed()).isTrue();
    assertThat(alone.hint).contains("apply the Role");
    Workload open = Sample.function().unmeshed(1).workload();
    assertThat(check(gateway(true), unread, open).status).isEqualTo(Check.Status.SKIPPED);
  }

  @Test
  void whereTheClusterKnowsNoServersItIsAsWithoutTheRight() {
    Reading<InboundRules> absent = Reading.of(InboundRules.ABSENT);
    assertThat(
            check(gateway(true), absent, function("figlet", true), function("late", false)).status)
        .isEqualTo(Check.Status.WARN);
  }

  private static InboundRules admitting(String identity) {
    return new InboundRules(
        List.of(server()), List.of(policy(identity)), Map.of(), true, List.of());
  }

  private static Server server() {
    return new Server(
        "openfaas-fn", "functions", Map.of(), Instant.EPOCH, Selector.ALL, "8080", "deny");
  }

  private static Authorization policy(String identity) {
    return new Authorization(
        "authorizationpolicy openfaas-fn/gateway",
        "openfaas-fn",
        "functions",
        Selector.ALL,
        new Clients(List.of(identity), List.of()),
        "");
  }

  private static Workload function(String name, boolean meshed) {
    Sample sample =
        Sample.of(Role.FUNCTION, "openfaas-fn", name).annotated(Annotations.INBOUND_POLICY, "deny");
    return (meshed ? sample.inject("enabled").meshed(1) : sample.unmeshed(1)).workload();
  }

  private static Workload gateway(boolean meshed) {
    Sample sample = Sample.of(Role.GATEWAY, "openfaas", "gateway").account("openfaas-controller");
    return (meshed ? sample.inject("enabled").meshed(1) : sample.unmeshed(1)).workload();
  }

  private static Check check(Workload gateway, Reading<InboundRules> rules, Workload... functions) {
    Scope scope = scope(gateway, rules, functions);
    return InboundCheck.of(scope, new Planner(scope, Sample.MOMENT).plan());
  }

  private static Scope scope(Workload gateway, Reading<InboundRules> rules, Workload... functions) {
    List<Workload> workloads = new ArrayList<>(List.of(functions));
    workloads.add(gateway);
    Platform platform =
        SamplePlatform.of(
            gateway,
            workloads,
            null,
            new Traffic(IngressView.OFF, Calls.TO_PODS, Reading.of(List.of()), rules));
    Invocation apply = new Invocation(Action.APPLY, Set.of(Part.values()), List.of(), 50, null);
    return new Scope(platform, Given.policy(Map.of()), apply);
  }
}
