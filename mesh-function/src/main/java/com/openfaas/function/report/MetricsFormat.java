package com.openfaas.function.report;

import com.openfaas.function.platform.ControlPlane.Certificate;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.verify.Edge;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The report for Prometheus: OpenMetrics 1.0 (prometheus/OpenMetrics,
 * specification/OpenMetrics.md). All are gauges, as a report is one observation: no counter
 * survives a failed scrape. Every possible label value is present, if only with 0, so that an alert
 * can distinguish none from unknown.
 */
final class MetricsFormat {
  private final StringBuilder text = new StringBuilder();

  private MetricsFormat() {}

  static String of(Report report) {
    MetricsFormat format = new MetricsFormat();
    format.family("build_info", "The version of mesh-setup that answers; always 1.");
    format.sample("build_info", 1, "version", report.run.version);
    format.family("outcome", "The outcome of this report; always 1.");
    format.sample("outcome", 1, "action", report.run.action, "outcome", report.outcome.toString());
    format.workloads(report.workloads);
    format.edges(report);
    format.counts(
        "findings",
        "Findings of the report by severity.",
        "severity",
        List.of(Finding.Severity.values()),
        Figures.countBy(report.findings, finding -> finding.severity.toString()));
    format.counts(
        "checks",
        "Checks of the report by status; one that fails blocks a run.",
        "status",
        List.of(Check.Status.values()),
        Figures.countBy(report.checks, check -> check.status.toString()));
    format.family("run_in_progress", "Whether a run goes on, in this process or another.");
    format.sample("run_in_progress", report.underWay == null ? 0 : 1);
    format.lastRun(report.lastRun);
    format.certificates(report.certificates);
    return format.text.append("# EOF\n").toString();
  }

  private void workloads(List<WorkloadEntry> workloads) {
    family("workloads", "Workloads by namespace, role and state.");
    Map<String, Integer> counts = Figures.countBy(workloads, w -> place(w) + "\n" + w.after);
    workloads.stream()
        .sorted(Comparator.comparing(MetricsFormat::place))
        .map(first -> List.of(first.namespace, first.role))
        .distinct()
        .forEach(
            place -> {
              for (State state : State.values()) {
                int count = counts.getOrDefault(String.join("\n", place) + "\n" + state, 0);
                sample(
                    "workloads",
                    count,
                    "namespace",
                    place.get(0),
                    "role",
                    place.get(1),
                    "state",
                    state.toString());
              }
            });
  }

  private static String place(WorkloadEntry workload) {
    return workload.namespace + "\n" + workload.role;
  }

  /** Only after verify: otherwise nothing is known of edges. */
  private void edges(Report report) {
    if (report.outcome.isOfProof()) {
      counts(
          "edges",
          "Edges by the result of verify.",
          "mtls",
          List.of(Edge.Mtls.values()),
          Figures.countBy(report.edges, edge -> edge.mtls.toString()));
    }
  }

  /** A timestamp, as Prometheus advises: the scraper computes the age. */
  private void lastRun(RunRecord.LastRun run) {
    if (run == null) {
      return;
    }
    family(
        "last_run_timestamp_seconds",
        "When the last apply, refresh or revert of this process ended, and its outcome.");
    sample(
        "last_run_timestamp_seconds",
        run.at.getEpochSecond(),
        "action",
        run.action,
        "outcome",
        run.outcome.toString());
  }

  private void certificates(List<Certificate> certificates) {
    if (certificates.isEmpty()) {
      return;
    }
    String name = "certificate_expiry_timestamp_seconds";
    family(name, "When a certificate of Linkerd's control plane ends.");
    Set<String> told = new HashSet<>();
    for (Certificate certificate : certificates) {
      String use = certificate.use.toString();
      if (told.add(use + certificate.name + "\n" + certificate.serial)) {
        sample(
            name,
            certificate.ends.getEpochSecond(),
            "certificate",
            use,
            "name",
            certificate.name,
            "serial",
            certificate.serial);
      }
    }
  }

  private void counts(
      String name, String help, String label, List<?> words, Map<String, Integer> counts) {
    family(name, help);
    words.forEach(
        word -> sample(name, counts.getOrDefault(word.toString(), 0), label, word.toString()));
  }

  private void family(String name, String help) {
    text.append("# HELP mesh_setup_").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE mesh_setup_").append(name).append(" gauge\n");
  }

  /**
   * One line.
   *
   * @param labels name and value in turn
   */
  private void sample(String name, long value, String... labels) {
    text.append("mesh_setup_").append(name);
    for (int i = 0; i < labels.length; i += 2) {
      text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
      text.append(escaped(labels[i + 1])).append('"');
    }
    text.append(labels.length == 0 ? " " : "} ").append(value).append('\n');
  }

  /** Values may come from a tenant and must not end a value or a line. */
  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
