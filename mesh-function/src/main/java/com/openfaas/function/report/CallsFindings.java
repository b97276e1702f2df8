package com.openfaas.function.report;

import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Calls;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.request.Action;
import java.util.ArrayList;
import java.util.List;

/** What an operator should know of retries and timeouts on the functions' Services. */
final class CallsFindings {
  private CallsFindings() {}

  static List<Finding> of(Scope scope) {
    Calls calls = scope.platform.calls;
    List<Finding> findings = new ArrayList<>();
    if (scope.invocation.action != Action.REVERT || isAskedFor(scope)) {
      calls.unread.forEach(problem -> findings.add(new Finding(Severity.WARNING, problem)));
    }
    for (Annotated service : calls.services) {
      if (isProfiled(calls, service)) {
        findings.add(
            finding(
                "service_profile_disables",
                service.subject(),
                "a ServiceProfile of it ends the retries and timeouts that its annotations ask for",
                "kubectl -n "
                    + service.namespace
                    + " delete serviceprofile "
                    + service.name
                    + "."
                    + service.namespace
                    + ".svc.cluster.local, where nothing else needs it"));
      }
    }
    return findings;
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
