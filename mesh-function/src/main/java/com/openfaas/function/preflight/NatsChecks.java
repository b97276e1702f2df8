package com.openfaas.function.preflight;

import com.openfaas.function.plan.Plan;
import com.openfaas.function.plan.Wave;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks of the way to NATS: its clients' proxies are passed by, and its own must let it be. Pure.
 */
final class NatsChecks {
  private NatsChecks() {}

  static Check port(Platform platform, Plan plan) {
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
   * NATS speaks first, and its clients pass their proxies by: a proxy of its own that does not let
   * it pass unseen waits for a word that never comes, and the gateway, which ends where it finds no
   * NATS, does not come up again. Its namespace may have given it that proxy. No check where
   * nothing is wrong.
   */
  static List<Check> inbound(Platform platform, Plan plan) {
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
        + ", which restarts it"
        + (nats.object.kind == Kind.STATEFUL_SET
            ? ""
            : "; so does mesh-setup where mesh_core names it");
  }

  private static boolean touchesClients(Plan plan) {
    return !plan.of(Wave.GATEWAY).isEmpty() || !plan.of(Wave.CORE).isEmpty();
  }
}
