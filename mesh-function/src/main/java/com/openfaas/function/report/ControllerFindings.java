package com.openfaas.function.report;

import com.openfaas.function.ingress.ControllerProfile;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Kubectl;
import com.openfaas.function.platform.MeshStatus;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.report.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an operator should know of one ingress controller. */
final class ControllerFindings {
  private final Scope scope;
  private final Workload controller;
  private final ControllerProfile profile;
  private final MeshStatus status;
  private final List<Finding> findings = new ArrayList<>();

  ControllerFindings(Scope scope, Workload controller) {
    this.scope = scope;
    this.controller = controller;
    this.profile = scope.profile(controller);
    this.status = scope.platform.status(controller);
  }

  List<Finding> gather() {
    if (profile.mode.isEmpty()) {
      add(Severity.WARNING, "ingress_not_ours", profile.verdict, "nothing that mesh-setup can do");
      return findings;
    }
    if (status.code.equals("webhook_excludes_namespace")) {
      add(
          Severity.WARNING,
          "ingress_namespace_excluded",
          "it cannot be meshed in its namespace",
          profile.whereNamespaceIsExcluded);
    } else if (status.state == State.UNMESHED) {
      ofUnmeshed();
    }
    if (Annotations.INGRESS.equals(profile.mode) && scope.obstacle(controller).isEmpty()) {
      add(
          Severity.WARNING,
          "ingress_mode_trusts_header",
          "in mode ingress its proxy obeys l5d-dst-override: the gateway's route overwrites a"
              + " client's value, its other routes were not checked",
          "set or remove that header on every route of "
              + profile.title
              + ", also for other applications");
    }
    return findings;
  }

  private void ofUnmeshed() {
    if (!scope.changesIngress()) {
      add(
          Severity.INFO,
          "ingress_unmeshed",
          profile.title + " is not on the mesh: its requests reach the gateway in plaintext",
          Kubectl.set(scope.platform.workloads, "mesh_ingress=apply")
              + "; or by hand: "
              + command());
    } else if (controller.killsBeforeReady) {
      add(
          Severity.WARNING,
          "ingress_kills_before_ready",
          "its strategy stops the old pod before the new one is ready",
          "calls through it fail meanwhile; a second replica, or a surge, avoids that");
    }
  }

  private String command() {
    Map<String, String> annotations = new TreeMap<>(profile.podAnnotations);
    annotations.put(Annotations.INJECT, profile.mode);
    return controller.object.templatePatch("annotations", annotations);
  }

  private void add(Severity severity, String code, String message, String hint) {
    findings.add(new Finding(severity, new Problem(code, controller.subject(), message, hint)));
  }
}
