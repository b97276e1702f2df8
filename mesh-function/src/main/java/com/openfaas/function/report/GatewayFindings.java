package com.openfaas.function.report;

import com.openfaas.function.plan.Scope;
import com.openfaas.function.plan.Unconfirmed;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Kubectl;
import com.openfaas.function.platform.MeshStatus;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Traffic.Calls;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.request.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The gateway, which calls every function: unmeshed, its neighbours, and what it calls. */
final class GatewayFindings {
  private static final Set<State> FOR_GOOD = Set.of(State.OPTED_OUT, State.UNSUPPORTED);
  private static final Set<State> FOR_NOW = Set.of(State.UNMESHED, State.PARTIAL);

  private static final int MOST_NEIGHBOURS = 20;

  private GatewayFindings() {}

  /**
   * Empty if this run has changed the gateway or reverts, or if it is reported already.
   *
   * @param told earlier findings
   */
  static List<Finding> of(RunRecord record, List<Finding> told) {
    Platform platform = record.latest();
    if (!platform.gateway.isKnown() || record.invocation.action == Action.REVERT) {
      return List.of();
    }
    Workload gateway = platform.gateway.value;
    State state = platform.status(gateway).state;
    boolean lost = record.underWay == null && FOR_NOW.contains(state) && isAlone(platform);
    boolean off = (lost || FOR_GOOD.contains(state)) && !isTold(record, told, gateway.subject());
    List<Finding> findings = new ArrayList<>();
    if (off) {
      Severity severity = lost ? Severity.WARNING : Severity.ERROR;
      findings.add(finding(platform, gateway, severity, record.command(Action.APPLY)));
    }
    if (isLeft(record, gateway)) {
      findings.add(unconfirmed(gateway, Unconfirmed.of(gateway)));
    }
    return findings;
  }

  private static boolean isLeft(RunRecord record, Workload gateway) {
    return Unconfirmed.of(gateway) != null && record.underWay == null && record.results.isEmpty();
  }

  /** The next run takes it over; without a call, the next process to start does. */
  private static Finding unconfirmed(Workload gateway, Unconfirmed left) {
    return new Finding(
        Severity.WARNING,
        new Problem(
            Code.GATEWAY_UNCONFIRMED,
            gateway.subject(),
            "its change of "
                + left.since
                + " is neither confirmed nor rolled back, and no run is in progress",
            "to take it over: invoke apply; to keep it as it is: kubectl -n "
                + gateway.namespace
                + " annotate deployment "
                + gateway.name
                + " "
                + Annotations.UNCONFIRMED
                + "-"));
  }

  private static boolean isTold(RunRecord record, List<Finding> told, String subject) {
    return (record.plan != null && record.plan.postpones(subject))
        || record.results.stream().anyMatch(result -> result.step.subject().equals(subject))
        || told.stream().anyMatch(f -> f.severity == Severity.ERROR && f.subject.equals(subject));
  }

  /** Whether the gateway's finding replaces that of the workload. */
  static boolean isTold(Platform platform, Workload workload) {
    return workload.role == Role.GATEWAY && FOR_GOOD.contains(platform.status(workload).state);
  }

  private static boolean isAlone(Platform platform) {
    return platform.workloads.stream()
        .anyMatch(w -> w.role.isFunction() && platform.status(w).state.isMeshed());
  }

  private static Finding finding(
      Platform platform, Workload gateway, Severity severity, String apply) {
    MeshStatus status = platform.status(gateway);
    String optIn = gateway.optIn(platform.namespaceOf(gateway));
    String unsupported =
        status.state == State.UNSUPPORTED
            ? HintLines.ofUnsupported(gateway, platform.namespaceOf(gateway), status.code)
            : "";
    return new Finding(
        severity,
        new Problem(
            Code.GATEWAY_OFF_THE_MESH,
            gateway.subject(),
            "it calls every function in plaintext, whatever proxies they have: " + status.message,
            (optIn.isEmpty() ? unsupported : optIn + "; then ")
                + (unsupported.isEmpty() ? "mesh it: " + apply : "")));
  }

  /** Neighbours that are not covered, and what disables retries and timeouts of its calls. */
  static List<Finding> ofCalls(Scope scope) {
    Calls calls = scope.platform.calls;
    List<Finding> findings = new ArrayList<>();
    if (scope.invocation.action != Action.REVERT || isAskedFor(scope)) {
      calls.unread.forEach(problem -> findings.add(new Finding(Severity.WARNING, problem)));
    }
    Set<String> told =
        scope.platform.degraded.stream().map(p -> p.subject).collect(Collectors.toSet());
    calls.neighbours.stream()
        .filter(neighbour -> !told.contains(neighbour.subject()))
        .limit(MOST_NEIGHBOURS)
        .forEach(neighbour -> findings.add(notCovered(scope, neighbour)));
    for (Annotated service : calls.services) {
      if (isProfiled(calls, service)) {
        findings.add(
            new Finding(
                Severity.WARNING,
                new Problem(
                    Code.SERVICE_PROFILE_DISABLES,
                    service.subject(),
                    "its ServiceProfile disables the retries and timeouts of its annotations",
                    "if nothing else needs it: kubectl -n "
                        + service.namespace
                        + " delete serviceprofile "
                        + service.name
                        + "."
                        + service.namespace
                        + ".svc.cluster.local")));
      }
    }
    return findings;
  }

  private static Finding notCovered(Scope scope, Workload neighbour) {
    long serving = neighbour.pods.stream().filter(PodView::isServing).count();
    long meshed = neighbour.pods.stream().filter(p -> p.isServing() && p.isMeshed()).count();
    return new Finding(
        Severity.INFO,
        new Problem(
            Code.NOT_COVERED,
            neighbour.subject(),
            "runs next to the gateway and is not changed, because mesh_core does not name it; "
                + meshed
                + " of its "
                + serving
                + " ready pods have a proxy",
            neighbour.object.kind == Kind.STATEFUL_SET
                ? "mesh-setup does not change StatefulSets; to mesh it: "
                    + neighbour.object.templatePatch(
                        "annotations", Map.of(Annotations.INJECT, Annotations.ENABLED))
                : "to mesh it with the gateway: "
                    + Kubectl.set(
                        scope.platform.workloads,
                        "mesh_core=" + String.join(",", scope.policy.core) + "," + neighbour.name)
                    + "; and grant: "
                    + Kubectl.letPatch(scope.platform.workloads, neighbour.object)));
  }

  /** A missing permission matters in a revert only if there was something to set with it. */
  private static boolean isAskedFor(Scope scope) {
    return scope.platform.calls.toServices && !scope.policy.serviceAnnotations.isEmpty();
  }

  /** A ServiceProfile has its Service's full name. */
  private static boolean isProfiled(Calls calls, Annotated service) {
    return calls.profiled.stream()
        .anyMatch(name -> name.startsWith(service.name + "." + service.namespace + ".svc."));
  }
}
