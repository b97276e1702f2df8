package com.openfaas.function.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Authorization;
import com.openfaas.function.platform.Authorization.Clients;
import com.openfaas.function.platform.InboundRules;
import com.openfaas.function.platform.InboundRules.PolicyObject;
import com.openfaas.function.platform.InboundRules.Server;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.SamplePlatform;
import com.openfaas.function.platform.Selector;
import com.openfaas.function.platform.Traffic;
import com.openfaas.function.platform.Traffic.Calls;
import com.openfaas.function.platform.Traffic.IngressView;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.policy.Policy.Protect;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Invocation;
import com.openfaas.function.request.Invocation.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A platform of one function namespace, and what of policy objects is there. */
abstract class ProtectionCase {
  static final String NS = "openfaas-fn";
  static final List<Kind> KINDS =
      List.of(Kind.AUTHORIZATION_POLICY, Kind.MESH_TLS_AUTHENTICATION, Kind.SERVER);
  static final Instant LONG_AGO = Sample.MOMENT.minus(Duration.ofMinutes(61));

  Action action = Action.APPLY;
  String protect = "enforce";
  String callers = "";
  Workload gateway = gateway(true);
  final List<Workload> functions =
      new ArrayList<>(List.of(function("figlet", true, "figlet"), self()));
  final List<Server> servers = new ArrayList<>();
  final List<Authorization> authorizations = new ArrayList<>();
  final Map<String, String> routes = new HashMap<>();
  final List<PolicyObject> named = new ArrayList<>();
  boolean audits = true;

  /** What a run is asked for: all, or these functions. */
  final List<String> asked = new ArrayList<>();

  void made(Protect now, Instant since) {
    made(now, since, Map.of());
  }

  void made(Protect now, Instant since, Map<String, String> marks) {
    named.clear();
    servers.clear();
    authorizations.clear();
    Scope scope = scope(Reading.of(InboundRules.ABSENT));
    Protection protection = Protection.all(scope, Sample.MOMENT).get(0);
    for (Kind kind : KINDS) {
      Map<String, String> content = new HashMap<>(kind == Kind.SERVER ? marks : Map.of());
      content.put(PolicyObject.SPEC, protection.spec(kind, now));
      Annotated object = new Annotated(kind, NS, PolicyObject.NAME, content);
      named.add(new PolicyObject(object, true, since));
    }
    servers.add(server(PolicyObject.NAME, now == Protect.AUDIT ? "audit" : "deny", since));
    Clients admitted =
        new Clients(List.of("openfaas-controller.openfaas.serviceaccount.identity."), List.of());
    authorizations.add(
        new Authorization(
            "authorizationpolicy openfaas-fn/mesh-setup",
            NS,
            PolicyObject.NAME,
            Selector.ALL,
            admitted,
            ""));
  }

  /** Somebody has written to an object of ours. */
  void tampered(Kind kind, String from, String to) {
    named.replaceAll(
        one -> {
          String spec = one.spec().replace(from, to);
          Annotated changed =
              new Annotated(kind, NS, PolicyObject.NAME, Map.of(PolicyObject.SPEC, spec));
          return one.object.kind == kind ? new PolicyObject(changed, true, LONG_AGO) : one;
        });
  }

  static Server server(String name, String access, Instant created) {
    return server(name, access, created, "faas_function");
  }

  static Server server(String name, String access, Instant created, String label) {
    Selector functions =
        new Selector(
            Map.of(),
            List.of(
                new Selector.Expression(label, "Exists", List.of()),
                new Selector.Expression("faas_function", "NotIn", List.of("mesh-setup"))));
    return new Server(NS, name, Map.of(), created, functions, "8080", access);
  }

  static Workload function(String name, boolean meshed, String label) {
    Sample sample =
        Sample.of(Role.FUNCTION, NS, name).inject("enabled").labelled("faas_function", label);
    return (meshed ? sample.meshed(1) : sample.unmeshed(1)).workload();
  }

  static Workload self() {
    return Sample.of(Role.SELF, NS, "mesh-setup")
        .inject("enabled")
        .annotated(Annotations.SKIP_OUTBOUND_PORTS, "443,4567,4568,6443")
        .labelled("faas_function", "mesh-setup")
        .meshed(1)
        .workload();
  }

  static Workload gateway(boolean meshed) {
    Sample sample = Sample.of(Role.GATEWAY, "openfaas", "gateway").account("openfaas-controller");
    return (meshed ? sample.inject("enabled").meshed(1) : sample.unmeshed(1)).workload();
  }

  /** An authorization of somebody else's lets everybody in. */
  void allowEverybody() {
    Clients everybody = new Clients(List.of(Clients.UNAUTHENTICATED), List.of());
    authorizations.add(
        new Authorization(
            "authorizationpolicy openfaas-fn/all", NS, null, Selector.ALL, everybody, ""));
  }

  List<String> steps() {
    return plan().steps.stream()
        .filter(step -> step.wave != Wave.CANARY && step.wave != Wave.FUNCTIONS)
        .filter(step -> step.wave != Wave.NAMESPACES)
        .map(step -> step.wave + " " + step.subject() + " " + step.reason + access(step))
        .collect(Collectors.toList());
  }

  static String access(Step step) {
    String spec = step.annotations.get(PolicyObject.SPEC);
    return step.object.kind != Kind.SERVER || spec == null
        ? ""
        : spec.contains("\"deny\"") ? " deny" : " audit";
  }

  List<String> codes() {
    return plan().protections.get(0).obstacles.stream()
        .map(problem -> problem.code)
        .collect(Collectors.toList());
  }

  String hindrance() {
    return plan().protections.get(0).hindrance.code;
  }

  String hindrance(Reading<InboundRules> rules) {
    Plan plan = new Planner(scope(rules), Sample.MOMENT).plan();
    assertThat(plan.steps).noneMatch(step -> step.object.kind.isMade());
    return plan.protections.get(0).hindrance.code;
  }

  Plan plan() {
    return new Planner(scope(Reading.of(rules())), Sample.MOMENT).plan();
  }

  InboundRules rules() {
    return new InboundRules(servers, authorizations, routes, audits, named);
  }

  Scope scope(Reading<InboundRules> rules) {
    List<Workload> workloads = new ArrayList<>(functions);
    workloads.add(gateway);
    Platform platform =
        SamplePlatform.of(
            gateway,
            workloads,
            "enabled",
            new Traffic(IngressView.OFF, Calls.TO_PODS, Reading.of(List.of()), rules));
    Invocation invocation = new Invocation(action, Set.of(Part.values()), asked, 50, null);
    Map<String, String> settings = Map.of("mesh_protect", protect, "mesh_callers", callers);
    return new Scope(platform, Given.policy(settings), invocation);
  }
}
