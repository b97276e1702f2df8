package com.openfaas.function.report;

import com.openfaas.function.ingress.ControllerProfile;
import com.openfaas.function.ingress.GatewayRoute;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Kubectl;
import com.openfaas.function.platform.MeshStatus;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.request.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Findings on ingress traffic: routes, their controllers, and what is missing. */
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
      scope.platform.ingress.unread.forEach(problem -> gathered.add(Severity.WARNING, problem));
    }
    scope.routes.forEach(gathered::ofRoute);
    scope.platform.workloads.stream()
        .filter(workload -> workload.role == Role.INGRESS)
        .forEach(gathered::ofController);
    return gathered.findings;
  }

  private void ofRoute(GatewayRoute route) {
    Annotated object = route.view.object;
    if (route.view.controller == null) {
      add(
          Severity.INFO,
          new Problem(
              "ingress_" + route.profile.id.replace('-', '_'),
              object.subject(),
              route.profile.title + ": " + route.profile.verdict,
              objectsOr(
                  route,
                  "kubectl get deployments,daemonsets -A -o wide; if it has pods, name their workload"
                      + " by mesh_ingress_controller in stack.yml, such as ingress-nginx/controller")));
      return;
    }
    String needs = route.needs();
    if (!needs.isEmpty()) {
      add(
          Severity.WARNING,
          Code.INGRESS_ROUTE_NEEDS,
          object.subject(),
          needs,
          objectsOr(route, route.profile.verdict));
    } else if (!route.isSet() && !scope.changesIngress()) {
      add(
          Severity.INFO,
          Code.INGRESS_ROUTE_NOT_SET,
          object.subject(),
          "Linkerd does not treat its requests as traffic to the gateway's Service; missing: "
              + route.desired,
          annotate(route));
    }
    Problem snippet = scope.policy.ingressSnippet ? null : GatewayRoute.ofSnippet(object);
    if (snippet != null) {
      add(Severity.INFO, snippet);
    }
    ofClientAddress(route);
  }

  private void ofClientAddress(GatewayRoute route) {
    Annotated object = route.view.object;
    String ports = platform.skippedPorts(Annotations.SKIP_INBOUND_PORTS, route.view.controller);
    Set<String> affected = route.profile.byClientAddress(object.annotations);
    if (!affected.isEmpty() && !Ports.covers(ports, "80,443")) {
      add(
          Severity.WARNING,
          Code.INGRESS_CLIENT_ADDRESS,
          object.subject(),
          "once its controller is meshed, every client's address is 127.0.0.1, and this depends on"
              + " it: "
              + String.join(", ", affected),
          "to keep clients' addresses, let the ports its containers listen on bypass the proxy: "
              + route.view.controller.object.templatePatch(
                  "annotations", Map.of(Annotations.SKIP_INBOUND_PORTS, "80,443")));
    }
  }

  private static String objectsOr(GatewayRoute route, String otherwise) {
    String objects = route.objects();
    return objects.isEmpty() ? otherwise : HintLines.applying(objects);
  }

  /** The exact command for what is not set. */
  private String annotate(GatewayRoute route) {
    return Kubectl.set(platform.workloads, "mesh_ingress=apply")
        + "; or by hand: "
        + route.command();
  }

  private void ofController(Workload controller) {
    ControllerProfile profile = scope.profile(controller);
    MeshStatus status = scope.platform.status(controller);
    if (profile.mode.isEmpty()) {
      add(
          Severity.WARNING,
          Code.INGRESS_NOT_OURS,
          controller.subject(),
          profile.verdict,
          "nothing that mesh-setup can do");
      return;
    }
    if (Code.WEBHOOK_EXCLUDES_NAMESPACE.is(status.code)) {
      add(
          Severity.WARNING,
          Code.INGRESS_NAMESPACE_EXCLUDED,
          controller.subject(),
          "it cannot be meshed in its namespace",
          profile.whereNamespaceIsExcluded);
    } else if (status.state == State.UNMESHED) {
      ofUnmeshed(controller, profile);
    }
    if (Annotations.INGRESS.equals(profile.mode) && scope.obstacle(controller).isEmpty()) {
      add(
          Severity.WARNING,
          Code.INGRESS_MODE_TRUSTS_HEADER,
          controller.subject(),
          "in mode ingress its proxy obeys l5d-dst-override: the gateway's route overwrites a"
              + " client's value, its other routes were not checked",
          "set or remove that header on every route of "
              + profile.title
              + ", also for other applications");
    }
  }

  private void ofUnmeshed(Workload controller, ControllerProfile profile) {
    if (!scope.changesIngress()) {
      add(
          Severity.INFO,
          Code.INGRESS_UNMESHED,
          controller.subject(),
          profile.title + " is not on the mesh: its requests reach the gateway in plaintext",
          Kubectl.set(scope.platform.workloads, "mesh_ingress=apply")
              + "; or by hand: "
              + command(controller, profile));
    } else if (controller.killsBeforeReady) {
      add(
          Severity.WARNING,
          Code.INGRESS_KILLS_BEFORE_READY,
          controller.subject(),
          "its strategy stops the old pod before the new one is ready",
          "calls through it fail meanwhile; a second replica, or a surge, avoids that");
    }
  }

  private static String command(Workload controller, ControllerProfile profile) {
    Map<String, String> annotations = new TreeMap<>(profile.podAnnotations);
    annotations.put(Annotations.INJECT, profile.mode);
    return controller.object.templatePatch("annotations", annotations);
  }

  private void add(Severity severity, Code code, String subject, String message, String hint) {
    add(severity, new Problem(code, subject, message, hint));
  }

  private void add(Severity severity, Problem problem) {
    findings.add(new Finding(severity, problem));
  }
}
