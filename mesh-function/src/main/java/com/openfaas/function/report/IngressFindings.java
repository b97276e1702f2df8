package com.openfaas.function.report;

import com.openfaas.function.ingress.ClientAddresses;
import com.openfaas.function.ingress.Passage;
import com.openfaas.function.ingress.Snippet;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Role;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.request.Action;
import java.util.ArrayList;
import java.util.List;

/** What an operator should know of the way in: routes, their controllers, and what is missing. */
final class IngressFindings {
  private final Scope scope;
  private final Platform platform;
  private final List<Finding> findings = new ArrayList<>();

  private IngressFindings(Scope scope) {
    this.scope = scope;
    this.platform = scope.platform;
  }

  static List<Finding> of(Scope scope) {
    IngressFindings gathered = new IngressFindings(scope);
    if (scope.invocation.action != Action.REVERT || scope.changesIngress()) {
      scope.platform.entry.unread.forEach(problem -> gathered.add(Severity.WARNING, problem));
    }
    scope.passages.forEach(gathered::ofRoute);
    scope.platform.workloads.stream()
        .filter(workload -> workload.role == Role.INGRESS)
        .forEach(w -> gathered.findings.addAll(new ControllerFindings(scope, w).gather()));
    return gathered.findings;
  }

  private void ofRoute(Passage passage) {
    Annotated route = passage.route.object;
    if (passage.route.controller == null) {
      add(
          Severity.INFO,
          "ingress_" + passage.line.id.replace('-', '_'),
          route.subject(),
          passage.line.title + ": " + passage.line.verdict(),
          objectsOr(
              passage, "mesh_ingress_controller=NAMESPACE/NAME in stack.yml, where it has pods"));
      return;
    }
    String needs = passage.needs();
    if (!needs.isEmpty()) {
      add(
          Severity.WARNING,
          "ingress_route_needs",
          route.subject(),
          needs,
          objectsOr(passage, passage.line.verdict()));
    } else if (!passage.isSet() && !scope.changesIngress()) {
      add(
          Severity.INFO,
          "ingress_route_not_set",
          route.subject(),
          "Linkerd does not see its requests as the gateway's Service's: not set is "
              + passage.settings,
          annotate(passage));
    }
    if (Snippet.isOn(route.annotations) && !scope.policy.ingressSnippet) {
      add(Severity.INFO, "ingress_snippet", route.subject(), Snippet.message(), Snippet.hint());
    }
    ofClientAddress(passage);
  }

  private void ofClientAddress(Passage passage) {
    Annotated route = passage.route.object;
    String ports = platform.skippedPorts(Annotations.SKIP_INBOUND_PORTS, passage.route.controller);
    String message = ClientAddresses.message(route.annotations);
    if (!message.isEmpty() && !Ports.covers(ports, "80,443")) {
      add(
          Severity.WARNING,
          "ingress_client_address",
          route.subject(),
          message,
          ClientAddresses.hint());
    }
  }

  private static String objectsOr(Passage passage, String otherwise) {
    String objects = passage.objects();
    return objects.isEmpty() ? otherwise : HintLines.applying(objects);
  }

  /** The exact command for what is not set. */
  private static String annotate(Passage passage) {
    return "mesh_ingress=apply in stack.yml, or " + passage.command();
  }

  private void add(Severity severity, String code, String subject, String message, String hint) {
    add(severity, new Problem(code, subject, message, hint));
  }

  private void add(Severity severity, Problem problem) {
    findings.add(new Finding(severity, problem));
  }
}
