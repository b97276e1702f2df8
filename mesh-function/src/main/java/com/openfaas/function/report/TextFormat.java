package com.openfaas.function.report;

import static com.openfaas.function.verify.Edge.Mtls.NO_EVIDENCE;
import static com.openfaas.function.verify.Edge.Mtls.PLAINTEXT;
import static com.openfaas.function.verify.Edge.Mtls.PROVEN;

import com.openfaas.function.preflight.Check;
import com.openfaas.function.report.Report.NamespaceEntry;
import com.openfaas.function.report.Report.WorkloadEntry;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The report for a terminal: what matters first, one line for each thing. */
final class TextFormat {
  private final StringBuilder text = new StringBuilder();

  private TextFormat() {}

  static String of(Report report) {
    TextFormat format = new TextFormat();
    format.line(headline(report));
    format.line("next: " + report.next);
    if (report.underWay != null) {
      format.line("%s %s", report.underWay.bar(), report.underWay);
    }
    format.findings(report.findings);
    format.edges(report.edges);
    format.namespaces(report);
    format.workloads(report.workloads);
    format.routes(report.routes);
    format.checks(report.checks);
    return format.text.toString();
  }

  /** Also the line of the function's log that stands for the whole run. */
  static String headline(Report report) {
    Map<String, Integer> edges = Count.by(report.edges, edge -> edge.mtls.toString());
    return String.format(
        Locale.ROOT,
        "%s: %s (%s; changes: %s; %s%.1f s, %d API requests, call %s)",
        report.run.action,
        report.outcome,
        counts(report.summary.states),
        counts(report.summary.changes),
        edges.isEmpty() ? "" : "edges: " + counts(edges) + "; ",
        report.run.durationMs / 1000.0,
        report.run.apiRequests,
        report.run.id);
  }

  static String ofRefusal(List<String> faults) {
    return faults.stream()
        .map(fault -> oneLine("mesh-setup: " + fault) + "\n")
        .collect(Collectors.joining());
  }

  private static String counts(Map<String, Integer> counts) {
    return counts.isEmpty()
        ? "none"
        : counts.entrySet().stream()
            .map(count -> count.getValue() + " " + count.getKey())
            .collect(Collectors.joining(", "));
  }

  private void findings(List<Finding> findings) {
    title(findings.isEmpty(), "findings");
    for (Finding finding : findings) {
      line("  %-7s  %s: %s", finding.severity, finding.subject, finding.message);
      List<String> hint = HintLines.of(finding.hint);
      line("           -> %s", hint.get(0));
      hint.stream().skip(1).forEach(this::line);
    }
  }

  /** Plaintext first, what is proven last. */
  private void edges(List<EdgeEntry> edges) {
    title(edges.isEmpty(), "edges");
    int width = edges.stream().mapToInt(edge -> way(edge).length()).max().orElse(1);
    edges.stream()
        .sorted(
            Comparator.comparing(
                edge -> List.of(PLAINTEXT, NO_EVIDENCE, PROVEN).indexOf(edge.mtls)))
        .forEach(
            edge ->
                line(
                    "  %-10s  %-" + width + "s  %s%s",
                    edge.mtls,
                    way(edge),
                    traffic(edge),
                    edge.mtls == PROVEN ? "" : edge.message));
  }

  private static String way(EdgeEntry edge) {
    return edge.from + " -> " + edge.to;
  }

  private static String traffic(EdgeEntry edge) {
    if (edge.requests == 0 || edge.successRate == null || edge.p95Ms == null) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "%4d requests  %5.1f %% ok  p95 %6.1f ms  ",
        edge.requests,
        edge.successRate * 100,
        edge.p95Ms);
  }

  private void namespaces(Report report) {
    title(report.namespaces.isEmpty(), "namespaces");
    for (NamespaceEntry namespace : report.namespaces) {
      String before = Objects.requireNonNullElse(namespace.before, "absent");
      String after = Objects.requireNonNullElse(namespace.after, "absent");
      line(
          "  %s  linkerd.io/inject: %s  %s",
          namespace.name,
          before.equals(after) ? after : before + " -> " + after,
          namespace.change == Change.NONE ? "" : namespace.change);
    }
  }

  private void workloads(List<WorkloadEntry> workloads) {
    title(workloads.isEmpty(), "workloads");
    int width =
        workloads.stream().mapToInt(w -> (w.namespace + "/" + w.name).length()).max().orElse(1);
    for (WorkloadEntry workload : workloads) {
      String states =
          workload.before == null || workload.before == workload.after
              ? workload.after.toString()
              : workload.before + " -> " + workload.after;
      line(
          "  %-8s  %-" + width + "s  %-22s  %-9s  %s",
          workload.role,
          workload.namespace + "/" + workload.name,
          states,
          workload.change == Change.NONE ? "" : workload.change,
          workload.seconds > 0
              ? String.format(Locale.ROOT, "%.2f s", workload.seconds)
              : workload.message);
    }
  }

  /** What is missing on a route stands below it, ready to be set by hand. */
  private void routes(List<RouteEntry> routes) {
    title(routes.isEmpty(), "routes");
    int width = routes.stream().mapToInt(route -> subject(route).length()).max().orElse(1);
    for (RouteEntry route : routes) {
      line(
          "  %-" + width + "s  %-13s  %-14s  %-9s  %s",
          subject(route),
          route.controller,
          route.before.equals(route.after) ? route.after : route.before + " -> " + route.after,
          route.change == Change.NONE ? "" : route.change,
          route.message);
      if (route.after.equals("missing")) {
        line("           -> %s", route.setting);
      }
    }
  }

  private static String subject(RouteEntry route) {
    return route.kind + " " + route.namespace + "/" + route.name;
  }

  /** What passed is only counted. */
  private void checks(List<Check> checks) {
    long passed = checks.stream().filter(check -> check.status == Check.Status.PASS).count();
    title(checks.isEmpty(), "checks: " + passed + " of " + checks.size() + " passed");
    for (Check check : checks) {
      if (check.status != Check.Status.PASS) {
        line("  %-7s  %-23s  %s", check.status, check.id, check.message);
      }
      if (!check.hint.isEmpty()) {
        line("           -> %s", check.hint);
      }
    }
  }

  private void title(boolean empty, String title) {
    if (!empty) {
      line("");
      line(title);
    }
  }

  private void line(String format, Object... values) {
    line(String.format(Locale.ROOT, format, values));
  }

  private void line(String line) {
    text.append(oneLine(line).stripTrailing()).append('\n');
  }

  /** One line stays one line, and plain, whatever a message from the cluster holds. */
  static String oneLine(String line) {
    return line.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ");
  }
}
