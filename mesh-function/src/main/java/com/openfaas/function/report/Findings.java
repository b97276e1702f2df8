package com.openfaas.function.report;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.FailedMark;
import com.openfaas.function.platform.MeshStatus;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.request.Action;
import com.openfaas.function.rollout.StepResult;
import com.openfaas.function.rollout.StepResult.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Collects what an operator should know besides the state of each workload. */
final class Findings {
  private static final Comparator<Finding> ORDER =
      Comparator.comparing((Finding finding) -> finding.severity)
          .thenComparing(finding -> finding.code)
          .thenComparing(finding -> finding.subject);

  private final List<Finding> findings = new ArrayList<>();

  private Findings() {}

  /**
   * All findings, sorted.
   *
   * @param now when the run began
   */
  static List<Finding> of(RunRecord record, Instant now) {
    Findings gathered = new Findings();
    if (record.problem != null) {
      gathered.add(Severity.ERROR, record.problem);
    }
    if (record.busy != null) {
      gathered.add(Severity.INFO, record.busy);
    }
    if (record.underWay != null) {
      gathered.add(Severity.INFO, record.underWay.problem(record.command(Action.STATUS)));
    }
    Problem over = ExpiryFindings.over(record.latest(), now);
    record.results.forEach(result -> gathered.ofResult(result, over));
    record.errors.forEach(problem -> gathered.add(Severity.ERROR, problem));
    record.warnings.forEach(problem -> gathered.add(Severity.WARNING, problem));
    record.notes.forEach(problem -> gathered.add(Severity.INFO, problem));
    if (record.plan != null) {
      gathered.ofPlan(record);
    }
    record.leaseProblems.forEach(problem -> gathered.add(Severity.WARNING, problem));
    if (record.heldSince != null) {
      gathered.add(
          Severity.WARNING,
          new Problem(
              Code.HELD,
              "lease mesh-setup",
              "a signed revert holds the platform since " + record.heldSince,
              RevertSentence.release(record)));
    }
    gathered.findings.addAll(ChangeFindings.kept(record));
    Platform platform = record.latest();
    if (platform != null) {
      gathered.ofPlatform(record, platform);
      gathered.findings.addAll(CallerFindings.of(record, gathered.findings));
      gathered.findings.addAll(ExpiryFindings.of(platform, now));
    }
    gathered.findings.sort(ORDER);
    gathered.findings.replaceAll(f -> f.hinted(HintLines.written(record, f.hint)));
    return List.copyOf(gathered.findings);
  }

  private void ofPlan(RunRecord record) {
    Severity severity = record.unreverted().isEmpty() ? Severity.WARNING : Severity.ERROR;
    record.plan.doubts.forEach(problem -> add(severity, problem));
    findings.addAll(ChangeFindings.lastRun(record));
    findings.addAll(ChangeFindings.removed(record.plan));
    findings.addAll(ProtectionFindings.of(record));
    record.plan.failed.stream()
        .filter(left -> FailedMark.on(left) != null)
        .forEach(left -> add(Severity.ERROR, FailedMark.problem(left)));
  }

  private void ofPlatform(RunRecord record, Platform platform) {
    platform.degraded.forEach(problem -> add(Severity.WARNING, problem));
    platform.functionNamespaces.forEach(this::ofNamespace);
    platform.workloads.stream()
        .filter(workload -> !GatewayFindings.isTold(platform, workload))
        .forEach(workload -> ofWorkload(platform, workload));
    findings.addAll(GatewayFindings.of(record, findings));
    Misplaced.of(platform).forEach(problem -> add(Severity.WARNING, problem));
    findings.addAll(IngressFindings.of(record.scope()));
    findings.addAll(GatewayFindings.ofCalls(record.scope()));
  }

  /**
   * The failure of a step.
   *
   * @param over the expired certificate that keeps proxies from starting, or null
   */
  private void ofResult(StepResult result, Problem over) {
    if (result.problem != null && !isTold(result.problem)) {
      boolean starts = result.step.wantsProxy() && result.problem.is(Code.ROLLOUT_STOPPED);
      add(
          result.phase == Phase.SUPERSEDED ? Severity.INFO : Severity.ERROR,
          over == null || !starts ? result.problem : uncertified(result.problem, over));
    }
  }

  private static Problem uncertified(Problem problem, Problem over) {
    return new Problem(
        problem.code,
        problem.subject,
        problem.message + "; its proxy gets no certificate: " + over.message,
        over.hint);
  }

  /** What is rolled back together with a failed step has the same reason. */
  private boolean isTold(Problem problem) {
    return findings.stream()
        .anyMatch(f -> f.subject.equals(problem.subject) && f.message.equals(problem.message));
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

  private void ofWorkload(Platform platform, Workload workload) {
    ofPin(
        workload.subject(),
        workload.object.templatePatch(
            "annotations", Collections.singletonMap(Annotations.PINNED_PROXY_VERSION, null)),
        workload.template.annotations);
    MeshStatus status = platform.status(workload);
    switch (status.state) {
      case OPTED_OUT:
        add(Severity.INFO, problem(workload, status, optIn(platform, workload)));
        break;
      case UNSUPPORTED:
        add(Severity.WARNING, problem(workload, status, unsupported(platform, workload)));
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
        ofNatsClient(platform, workload, status);
    }
  }

  private static String optIn(Platform platform, Workload workload) {
    String optIn = workload.optIn(platform.namespaceOf(workload));
    return "to mesh it: " + (optIn.isEmpty() ? "remove the annotation" : optIn);
  }

  private static String unsupported(Platform platform, Workload workload) {
    return HintLines.ofUnsupported(
        workload, platform.namespaceOf(workload), platform.status(workload).code);
  }

  private void ofNatsClient(Platform platform, Workload workload, MeshStatus status) {
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

  private void add(Severity severity, Problem problem) {
    findings.add(new Finding(severity, problem));
  }
}
