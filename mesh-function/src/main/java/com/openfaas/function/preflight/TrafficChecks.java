package com.openfaas.function.preflight;

import com.openfaas.function.ingress.GatewayRoute;
import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Kubectl;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Traffic.IngressView;
import com.openfaas.function.platform.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks of the traffic into the gateway, and from it to the functions and to NATS, whose port the
 * proxies must skip. Pure.
 */
final class TrafficChecks {
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
}
