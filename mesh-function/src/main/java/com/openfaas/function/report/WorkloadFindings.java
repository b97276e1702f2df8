package com.openfaas.function.report;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Istio;
import com.openfaas.function.platform.MeshStatus;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.report.Finding.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Workloads and namespaces that are not on the mesh as a reader may expect, and why. */
final class WorkloadFindings {
  private final Platform platform;
  private final List<Finding> findings = new ArrayList<>();

  private WorkloadFindings(Platform platform) {
    this.platform = platform;
  }

  /** What is pinned, opted out, unsupported, stale or stuck. */
  static List<Finding> of(Platform platform) {
    WorkloadFindings gathered = new WorkloadFindings(platform);
    platform.functionNamespaces.forEach(gathered::ofNamespace);
    platform.workloads.stream()
        .filter(workload -> !GatewayFindings.isTold(platform, workload))
        .forEach(gathered::ofWorkload);
    return gathered.findings;
  }

  private void ofNamespace(NamespaceView namespace) {
    String subject = "namespace " + namespace.name;
    ofPin(
        subject,
        "kubectl annotate " + subject + " " + Annotations.PINNED_PROXY_VERSION + "-",
        namespace.annotations);
    if (Annotations.DISABLED.equals(namespace.inject())) {
      add(
          Severity.INFO,
          new Problem(
              Code.NAMESPACE_INJECT_DISABLED,
              subject,
              "it says linkerd.io/inject: disabled, which is respected",
              "to undo that: kubectl annotate " + subject + " linkerd.io/inject-"));
    }
  }

  /** The operator's pin is respected, and reported once, where it is set. */
  private void ofPin(String subject, String unpin, Map<String, String> annotations) {
    String pinned = annotations.get(Annotations.PINNED_PROXY_VERSION);
    if (pinned != null) {
      add(
          Severity.INFO,
          new Problem(
              Code.PROXY_VERSION_PINNED,
              subject,
              Annotations.PINNED_PROXY_VERSION
                  + " pins its proxies to "
                  + pinned
                  + ", whatever version the control plane has",
              "to have them follow the control plane from their next restart on: " + unpin));
    }
  }

  private void ofWorkload(Workload workload) {
    ofPin(
        workload.subject(),
        workload.object.templatePatch(
            "annotations", Collections.singletonMap(Annotations.PINNED_PROXY_VERSION, null)),
        workload.template.annotations);
    MeshStatus status = platform.status(workload);
    switch (status.state) {
      case OPTED_OUT:
        add(Severity.INFO, problem(workload, status, optIn(workload)));
        break;
      case UNSUPPORTED:
        add(Severity.WARNING, problem(workload, status, unsupported(workload)));
        break;
      case STALE:
        add(
            Severity.WARNING,
            problem(
                workload,
                status,
                "kubectl -n "
                    + workload.namespace
                    + " rollout restart "
                    + workload.object.kind.word()
                    + " "
                    + workload.name
                    + "; all that are stale: invoke refresh"));
        break;
      case ROLLING:
        if (Code.ROLLOUT_STUCK.is(status.code)) {
          add(Severity.WARNING, problem(workload, status, workload.describe()));
        }
        break;
      default:
        ofNatsClient(workload, status);
    }
  }

  private String optIn(Workload workload) {
    String optIn = workload.optIn(platform.namespaceOf(workload));
    return "to mesh it: " + (optIn.isEmpty() ? "remove the annotation" : optIn);
  }

  private String unsupported(Workload workload) {
    return HintLines.ofUnsupported(
        workload, platform.namespaceOf(workload), platform.status(workload).code);
  }

  private void ofNatsClient(Workload workload, MeshStatus status) {
    String ports = platform.natsPortsOrNone();
    if (platform.isNatsClient(workload)
        && status.state == State.MESHED
        && !Ports.covers(platform.skippedPorts(Annotations.SKIP_OUTBOUND_PORTS, workload), ports)) {
      add(
          Severity.WARNING,
          new Problem(
              Code.NATS_PORT_NOT_SKIPPED,
              workload.subject(),
              "it is meshed, and its proxy does not skip NATS' port " + ports,
              "fine where NATS' Service is marked opaque; else: "
                  + workload.object.templatePatch(
                      "annotations", Map.of(Annotations.SKIP_OUTBOUND_PORTS, ports))));
    }
  }

  private static Problem problem(Workload workload, MeshStatus status, String hint) {
    return new Problem(status.code, workload.subject(), status.message, hint);
  }

  /**
   * Linkerd's annotations where Linkerd does not read them, and those of another mesh. Linkerd
   * reads annotations of namespaces and pods, but no labels, and nothing on a Deployment itself
   * (linkerd2 pkg/inject/report.go; https://linkerd.io/2-edge/reference/proxy-configuration/).
   */
  static List<Finding> misplaced(Platform platform) {
    WorkloadFindings gathered = new WorkloadFindings(platform);
    Set<String> seen = new TreeSet<>();
    for (NamespaceView namespace : platform.functionNamespaces) {
      seen.add(namespace.name);
      gathered.inNamespace(namespace);
    }
    for (Workload workload : platform.workloads) {
      if (seen.add(workload.namespace)) {
        gathered.inNamespace(platform.namespaceOf(workload));
      }
      gathered.inWorkload(workload);
    }
    return gathered.findings;
  }

  private void inNamespace(NamespaceView namespace) {
    ofLabel(namespace.object(), "kubectl");
    Istio.of(namespace).ifPresent(problem -> add(Severity.WARNING, problem));
  }

  private void inWorkload(Workload workload) {
    String kubectl = "kubectl -n " + workload.namespace;
    ofLabel(workload.object, kubectl);
    String label = workload.template.labels.get(Annotations.INJECT);
    if (label != null) {
      add(
          Severity.WARNING,
          new Problem(
              Code.INJECT_IS_A_LABEL,
              workload.subject(),
              "its pod template has linkerd.io/inject: "
                  + label
                  + " as a label, which Linkerd does not read: it must be an annotation",
              workload.object.templatePatch(
                  "labels", Collections.singletonMap(Annotations.INJECT, null))));
    }
    misplaced(workload)
        .forEach((key, value) -> add(Severity.WARNING, onMetadata(workload, kubectl, key, value)));
    Istio.of(workload).ifPresent(problem -> add(Severity.WARNING, problem));
  }

  private void ofLabel(Annotated object, String kubectl) {
    if (object.injectLabel != null) {
      String named = object.subject().replaceFirst(" .*/", " ");
      add(
          Severity.WARNING,
          new Problem(
              Code.INJECT_IS_A_LABEL,
              object.subject(),
              "it has linkerd.io/inject: "
                  + object.injectLabel
                  + " as a label, which Linkerd does not read: it must be an annotation",
              kubectl + " label " + named + " linkerd.io/inject-"));
    }
  }

  /** Without those its pod template has too: faas-netes writes a function's to both. */
  private static Map<String, String> misplaced(Workload workload) {
    Map<String, String> misplaced = new TreeMap<>(workload.object.annotations);
    misplaced
        .keySet()
        .removeIf(key -> !key.equals(Annotations.INJECT) && !key.startsWith("config.linkerd.io/"));
    misplaced
        .entrySet()
        .removeIf(e -> e.getValue().equals(workload.template.annotations.get(e.getKey())));
    return misplaced;
  }

  private static Problem onMetadata(Workload workload, String kubectl, String key, String value) {
    return new Problem(
        key.equals(Annotations.INJECT) ? Code.INJECT_ON_METADATA : Code.CONFIG_ON_METADATA,
        workload.subject(),
        "it has " + key + ": " + value + " on itself, which Linkerd reads on pods only",
        kubectl
            + " annotate "
            + workload.object.kind.word()
            + " "
            + workload.name
            + " "
            + key
            + "-; for its pods: "
            + workload.object.templatePatch("annotations", Map.of(key, value)));
  }

  private void add(Severity severity, Problem problem) {
    findings.add(new Finding(severity, problem));
  }
}
