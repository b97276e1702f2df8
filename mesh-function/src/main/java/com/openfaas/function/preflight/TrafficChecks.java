package com.openfaas.function.preflight;

import com.openfaas.function.ingress.GatewayRoute;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Kubectl;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.NetworkRules;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Traffic.IngressView;
import com.openfaas.function.platform.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks of the traffic into the gateway, and from it to the functions and to NATS, whose port the
 * proxies must skip. Pure.
 */
final class TrafficChecks {
  private static final String NETWORK = "network-policy";
  private static final int FUNCTION_PORT = 8080;
  private static final int PROXY_PORT = 4143;

  private TrafficChecks() {}

  static Check ingress(Scope scope) {
    String id = "ingress";
    IngressView ingress = scope.platform.ingress;
    if (!ingress.unread.isEmpty()) {
      return Check.skipped(id, ingress.unread.get(0));
    }
    if (!ingress.withoutRoute.isEmpty()) {
      return Check.skipped(id, ingress.withoutRoute);
    }
    List<String> open =
        scope.routes.stream()
            .filter(route -> !isWhole(scope, route))
            .map(route -> route.view.object.subject() + " through " + route.profile.title)
            .collect(Collectors.toList());
    return open.isEmpty()
        ? Check.pass(id, "every route to the gateway has a meshed controller and is set")
        : Check.warn(
            id,
            "ingress traffic is not entirely on the mesh: " + String.join(", ", open),
            scope.changesIngress()
                ? "apply changes that, unless a finding says why it cannot"
                : "the findings have the commands; or "
                    + Kubectl.set(scope.platform.workloads, "mesh_ingress=apply"));
  }

  private static boolean isWhole(Scope scope, GatewayRoute route) {
    Workload controller = route.view.controller;
    return controller != null
        && scope.platform.status(controller).state.isMeshed()
        && route.isSet();
  }

  /** Whether Linkerd's retries and timeouts, which are set on Services, can take effect. */
  static Check serviceFeatures(Scope scope) {
    String id = "service-features";
    if (scope.platform.calls.toServices) {
      return Check.pass(
          id, "the gateway calls Services: retries and timeouts set on them take effect");
    }
    String message =
        "the gateway calls pods, not Services (direct_functions is not true): mTLS holds, but"
            + " retries and timeouts of Linkerd cannot take effect";
    return scope.policy.serviceAnnotations.isEmpty()
        ? Check.pass(id, message + "; none are asked for")
        : Check.warn(
            id,
            message,
            "gateway.directFunctions=true in the OpenFaaS chart; or remove them: "
                + Kubectl.set(scope.platform.workloads, "mesh_retries- mesh_timeout-"));
  }

  static Check natsPort(Platform platform, Plan plan) {
    String id = "nats-port";
    if (platform.natsPorts.isKnown()) {
      return platform.natsPorts.value.isEmpty()
          ? Check.pass(id, "the gateway uses no NATS")
          : Check.pass(id, "NATS clients skip outbound port " + platform.natsPorts.value);
    }
    Problem problem = platform.natsPorts.problem;
    return touchesClients(plan)
        ? Check.fail(id, problem)
        : Check.warn(id, problem.toString(), problem.hint);
  }

  /**
   * In NATS the server speaks first, and its clients' proxies skip its port: a proxy of NATS' own,
   * which its namespace may have injected, that neither skips the port nor treats it as opaque
   * waits for a client's bytes that never come. The gateway, which exits without NATS, then cannot
   * restart. Empty if nothing is wrong.
   */
  static List<Check> natsInbound(Platform platform, Plan plan) {
    String id = "nats-inbound";
    Optional<Workload> shut =
        Stream.concat(platform.calls.neighbours.stream(), platform.workloads.stream())
            .filter(nats -> isShutNats(platform, nats))
            .filter(nats -> plan.steps.stream().noneMatch(s -> s.subject().equals(nats.subject())))
            .findFirst();
    if (shut.isEmpty()) {
      return List.of();
    }
    Workload nats = shut.get();
    String ports = platform.servedNatsPorts(nats);
    String message =
        nats.subject()
            + (nats.pods.stream().anyMatch(PodView::isMeshed)
                ? " has a proxy that"
                : ", because of linkerd.io/inject, gets a proxy at its next start that")
            + " does not skip NATS' inbound port "
            + ports
            + ": a NATS server speaks first, so its clients hang";
    String hint = skippingInbound(platform, nats, ports);
    return List.of(
        touchesClients(plan) ? Check.fail(id, message, hint) : Check.warn(id, message, hint));
  }

  private static boolean isShutNats(Platform platform, Workload nats) {
    String ports = platform.servedNatsPorts(nats);
    String passed =
        Ports.union(
            platform.skippedPorts(Annotations.SKIP_INBOUND_PORTS, nats),
            platform.skippedPorts(Annotations.OPAQUE_PORTS, nats));
    State state = platform.status(nats).state;
    boolean asked =
        Annotations.asksForInjection(platform.annotation(Annotations.INJECT, nats))
            && state != State.OPTED_OUT
            && state != State.UNSUPPORTED;
    boolean proxied = asked || nats.pods.stream().anyMatch(PodView::isMeshed);
    return !ports.isEmpty() && proxied && !Ports.covers(passed, ports);
  }

  private static String skippingInbound(Platform platform, Workload nats, String ports) {
    String key = Annotations.SKIP_INBOUND_PORTS;
    return nats.object.templatePatch(
            "annotations", Map.of(key, Ports.union(ports, platform.skippedPorts(key, nats))))
        + "; that restarts it"
        + (nats.object.kind == Kind.STATEFUL_SET
            ? ""
            : "; so does mesh-setup where mesh_core names it");
  }

  private static boolean touchesClients(Plan plan) {
    return !plan.of(Wave.GATEWAY).isEmpty() || !plan.of(Wave.CORE).isEmpty();
  }

  /**
   * Whether NetworkPolicies admit the meshed gateway to meshed functions: it dials port 4143 of a
   * meshed pod, not 8080 (linkerd2 since 2.18, {@code outboundTransportMode: transport-header}),
   * while probes and callers without a proxy still dial 8080, so they do not reveal it. Functions
   * without a proxy are dialled at 8080 as before, and so are all of them in another mode or with
   * Linkerd before 2.18: there no policy blocks more than before. Empty if none selects a function.
   */
  static List<Check> networkPolicies(Platform platform, Plan plan) {
    if (!platform.networkRules.isKnown()) {
      return List.of(Check.skipped(NETWORK, platform.networkRules.problem));
    }
    if (platform.networkRules.value.isEmpty()
        || !platform.gateway.isKnown()
        || !dialsProxies(platform)) {
      return List.of();
    }
    Set<String> cut = new TreeSet<>();
    Set<String> open = new TreeSet<>();
    platform.workloads.stream()
        .filter(workload -> workload.role.isFunction() && isToBeMeshed(platform, workload))
        .forEach(function -> judge(platform, function, cut, open));
    if (!cut.isEmpty()) {
      return List.of(cut(platform, plan, cut));
    }
    return open.isEmpty()
        ? List.of()
        : List.of(
            Check.pass(
                NETWORK,
                some(open)
                    + " admits the gateway on port 4143, through which a meshed caller reaches"
                    + " every port of the pods: its other ports no longer restrict callers on the"
                    + " mesh"));
  }

  private static boolean dialsProxies(Platform platform) {
    return !platform.controlPlane.isKnown()
        || platform.controlPlane.value.configOrDefaults().defaults.dialsProxies;
  }

  private static boolean isToBeMeshed(Platform platform, Workload function) {
    State state = platform.status(function).state;
    return state != State.OPTED_OUT && state != State.UNSUPPORTED;
  }

  private static void judge(
      Platform platform, Workload function, Set<String> cut, Set<String> open) {
    List<NetworkRules> policies =
        platform.networkRules.value.stream()
            .filter(policy -> policy.selects(function))
            .collect(Collectors.toList());
    List<String> names = policies.stream().map(NetworkRules::subject).collect(Collectors.toList());
    if (!policies.isEmpty() && admits(platform, policies, PROXY_PORT)) {
      open.addAll(names);
    } else if (!policies.isEmpty() && admits(platform, policies, FUNCTION_PORT)) {
      cut.addAll(names);
    }
  }

  private static boolean admits(Platform platform, List<NetworkRules> policies, int port) {
    Workload gateway = platform.gateway.value;
    return policies.stream()
        .anyMatch(policy -> policy.admits(gateway, platform.namespaceOf(gateway), port));
  }

  /**
   * Only a warning if the gateway is meshed already and the plan changes nothing: it is too late to
   * stop.
   */
  private static Check cut(Platform platform, Plan plan, Set<String> policies) {
    String message =
        some(policies)
            + " admits the gateway on port 8080 and not on 4143, which a meshed gateway dials:"
            + " every call to a meshed function would fail";
    String hint =
        "add {protocol: TCP, port: 4143} to the ports of its rule for the gateway: kubectl -n "
            + new ArrayList<>(policies)
                .get(0)
                .replaceFirst("networkpolicy (.+)/(.+)", "$1 edit networkpolicy $2");
    boolean meshed = platform.status(platform.gateway.value).state.isMeshed();
    boolean changes =
        !plan.of(Wave.GATEWAY).isEmpty()
            || !plan.of(Wave.CANARY).isEmpty()
            || !plan.of(Wave.FUNCTIONS).isEmpty();
    return meshed && !changes
        ? Check.warn(NETWORK, message, hint)
        : Check.fail(NETWORK, message, hint);
  }

  private static String some(Set<String> policies) {
    return policies.stream().limit(3).collect(Collectors.joining(", "));
  }
}
