package com.openfaas.function.report;

import com.openfaas.function.plan.Unconfirmed;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.MeshStatus;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.request.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What it means that the gateway is off the mesh: it is the caller of every function. */
final class GatewayFindings {
  private static final Set<State> FOR_GOOD = Set.of(State.OPTED_OUT, State.UNSUPPORTED);
  private static final Set<State> FOR_NOW = Set.of(State.UNMESHED, State.PARTIAL);

  private GatewayFindings() {}

  /**
   * None where this run has changed it, or takes it off, or where that is told already.
   *
   * @param told what was found so far
   */
  static List<Finding> of(RunRecord record, List<Finding> told) {
    Platform platform = record.latest();
    if (!platform.gateway.isKnown() || record.invocation.action == Action.REVERT) {
      return List.of();
    }
    Workload gateway = platform.gateway.value;
    State state = platform.status(gateway).state;
    boolean lost = FOR_NOW.contains(state) && isAlone(platform);
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

  /** A run that begins takes it over; where nobody calls, a process that starts does. */
  private static Finding unconfirmed(Workload gateway, Unconfirmed left) {
    return new Finding(
        Severity.WARNING,
        new Problem(
            "gateway_unconfirmed",
            gateway.subject(),
            "its change of "
                + left.since
                + " is neither confirmed nor rolled back, and no run is in progress",
            "invoke apply, which takes it over; to keep it as it is: kubectl -n "
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

  /** Whether that says all that there is to say of the workload. */
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
            "gateway_off_the_mesh",
            gateway.subject(),
            "it calls every function in plaintext, whatever proxies they have: " + status.message,
            (optIn.isEmpty() ? unsupported : optIn + "; then ")
                + (unsupported.isEmpty() ? "mesh it: " + apply : "")));
  }
}
