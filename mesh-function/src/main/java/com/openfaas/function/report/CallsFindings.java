package com.openfaas.function.report;

import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Kubectl;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Traffic.Calls;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.request.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What an operator should know of retries and timeouts on the functions' Services. */
final class CallsFindings {
  private static final int MOST_NEIGHBOURS = 20;

  private CallsFindings() {}

  static List<Finding> of(Scope scope) {
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
            finding(
                "service_profile_disables",
                service.subject(),
                "its ServiceProfile disables the retries and timeouts of its annotations",
                "kubectl -n "
                    + service.namespace
                    + " delete serviceprofile "
                    + service.name
                    + "."
                    + service.namespace
                    + ".svc.cluster.local, if nothing else needs it"));
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
            Finding.NOT_COVERED,
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

  /** Where nothing is to be set, a right that is not there was not there to set it with either. */
  private static boolean isAskedFor(Scope scope) {
    return scope.platform.calls.toServices && !scope.policy.serviceAnnotations.isEmpty();
  }

  /** A ServiceProfile has its Service's full name. */
  private static boolean isProfiled(Calls calls, Annotated service) {
    return calls.profiled.stream()
        .anyMatch(name -> name.startsWith(service.name + "." + service.namespace + ".svc."));
  }

  private static Finding finding(String code, String subject, String message, String hint) {
    return new Finding(Severity.WARNING, new Problem(code, subject, message, hint));
  }
}
