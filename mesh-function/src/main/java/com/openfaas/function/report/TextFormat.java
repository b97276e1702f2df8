package com.openfaas.function.report;

import static com.openfaas.function.verify.Edge.Mtls.NO_EVIDENCE;
import static com.openfaas.function.verify.Edge.Mtls.PLAINTEXT;
import static com.openfaas.function.verify.Edge.Mtls.PROVEN;

import com.openfaas.function.preflight.Check;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.report.Headline.Tone;
import com.openfaas.function.report.Report.CallerEntry;
import com.openfaas.function.report.Report.EdgeEntry;
import com.openfaas.function.report.Report.NamespaceEntry;
import com.openfaas.function.report.WorkloadEntry.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The report for a terminal: the worst and what to do about it first, notes last. */
final class TextFormat {
  private static final String HINT = " ".repeat(11);

  private final Terminal text;
  private final Report report;

  private TextFormat(Report report, int width) {
    this.report = report;
    this.text = new Terminal(width);
  }

  /**
   * @param width the most columns of a line; what cannot be broken is longer
   */
  static String of(Report report, int width) {
    return new TextFormat(report, width).text();
  }

  private String text() {
    text.wrapped("", 2, report.summary.headline);
    text.hint("next: ", 6, report.next, "");
    text.line("");
    text.wrapped("", 2, Formats.runLine(report));
    if (report.underWay != null) {
      text.wrapped(report.underWay.bar() + " ", 2, report.underWay.named());
    }
    title(!hasGrave(), "findings");
    report.checks.stream().filter(this::isGrave).forEach(this::check);
    findings(false);
    edges(report.edges);
    callers(report.callers);
    namespaces();
    workloads(report.workloads);
    routes(report.routes);
    checks(report.checks);
    title(report.findings.stream().noneMatch(f -> f.severity == Severity.INFO), "notes");
    findings(true);
    return text.toString();
  }

  private boolean hasGrave() {
    return report.checks.stream().anyMatch(this::isGrave)
        || report.findings.stream().anyMatch(f -> f.severity != Severity.INFO);
  }

  private boolean isGrave(Check check) {
    return check.failed() || (check.status == Check.Status.WARN && !isTold(check));
  }

  /** The check sums up what the findings report of each route and controller. */
  private boolean isTold(Check check) {
    return check.id.equals("ingress")
        && report.findings.stream().anyMatch(f -> f.code.startsWith("ingress_"));
  }

  private void check(Check check) {
    told(check.status.toString(), "check " + check.id + ": " + check.message, check.hint);
  }

  /** Equal findings on several objects are reported once. */
  private void findings(boolean notes) {
    Map<String, List<Finding>> alike = new LinkedHashMap<>();
    report.findings.stream()
        .filter(finding -> (finding.severity == Severity.INFO) == notes)
        .forEach(
            f ->
                alike
                    .computeIfAbsent(f.severity + f.code + f.message, key -> new ArrayList<>())
                    .add(f));
    for (List<Finding> those : alike.values()) {
      Finding first = those.get(0);
      String subjects =
          Figures.some(those.stream().map(finding -> finding.subject).collect(Collectors.toList()));
      told(first.severity.toString(), subjects + ": " + first.message, first.hint);
      boolean same = those.stream().allMatch(finding -> finding.hint.equals(first.hint));
      if (!same) {
        text.wrapped(HINT, HINT.length(), "and the same for each");
      }
    }
  }

  private void told(String how, String what, String hint) {
    text.wrapped(cells("  %-7s  ", how), HINT.length(), what);
    if (!hint.isEmpty()) {
      text.hint(
          "        -> ",
          HINT.length(),
          report.next.contains(hint) ? "see next" : hint,
          report.next);
    }
  }

  /** Plaintext first, proven last. */
  private void edges(List<EdgeEntry> edges) {
    title(edges.isEmpty(), "edges");
    int width = edges.stream().mapToInt(edge -> way(edge).length()).max().orElse(1);
    edges.stream()
        .sorted(
            Comparator.comparing(
                edge -> List.of(PLAINTEXT, NO_EVIDENCE, PROVEN).indexOf(edge.mtls)))
        .forEach(
            edge ->
                text.row(
                    cells("  %-10s  %-" + width + "s  ", edge.mtls, way(edge)),
                    traffic(edge) + told(edge.to, edge.note())));
  }

  private void callers(List<CallerEntry> callers) {
    title(callers.isEmpty(), "callers past the gateway");
    callers.forEach(c -> text.row(cells("  %s -> %s  ", c.name(), c.function), c.counted()));
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
        "%4d requests  %5s %% ok  p95 %6.1f ms ",
        edge.requests,
        Figures.percent(edge.successRate),
        edge.p95Ms);
  }

  private void namespaces() {
    title(report.namespaces.isEmpty(), "namespaces");
    for (NamespaceEntry namespace : report.namespaces) {
      String before = Objects.requireNonNullElse(namespace.before, "absent");
      String after = Objects.requireNonNullElse(namespace.after, "absent");
      text.row(
          cells(
              "  %s  linkerd.io/inject: %s  %s",
              namespace.name,
              before.equals(after) ? after : before + " -> " + after,
              namespace.change == Change.NONE ? "" : namespace.change),
          "");
    }
  }

  /** What a finding tells of an object is not told of it again. */
  private String told(String key, String message) {
    boolean told =
        report.findings.stream()
            .anyMatch(f -> f.subject.endsWith(" " + key) && f.message.contains(message));
    return told ? "" : message;
  }

  /** Those that are as they should be come last. */
  private void workloads(List<WorkloadEntry> all) {
    List<WorkloadEntry> workloads = new ArrayList<>(all);
    workloads.sort(
        Comparator.comparing(w -> w.change == Change.NONE && Tone.of(w.after) == Tone.GOOD));
    title(workloads.isEmpty(), "workloads");
    int width =
        workloads.stream().mapToInt(w -> (w.namespace + "/" + w.name).length()).max().orElse(1);
    int wide = workloads.stream().mapToInt(w -> states(w).length()).max().orElse(1);
    for (WorkloadEntry workload : workloads) {
      text.row(
          cells(
              "  %-8s  %-" + width + "s  %-" + wide + "s  %-9s  ",
              workload.role,
              workload.namespace + "/" + workload.name,
              states(workload),
              workload.change == Change.NONE ? "" : workload.change),
          workload.seconds > 0
              ? String.format(Locale.ROOT, "%.2f s", workload.seconds)
              : told(workload.namespace + "/" + workload.name, workload.message));
    }
  }

  private static String states(WorkloadEntry workload) {
    return workload.before == null || workload.before == workload.after
        ? workload.after.words()
        : workload.before.words() + " -> " + workload.after.words();
  }

  /** What is missing on a route stands below it, ready to be set by hand. */
  private void routes(List<RouteEntry> routes) {
    title(routes.isEmpty(), "routes");
    int width = routes.stream().mapToInt(route -> subject(route).length()).max().orElse(1);
    for (RouteEntry route : routes) {
      text.row(
          cells(
              "  %-" + width + "s  %-13s  %-14s  %-9s  ",
              subject(route),
              route.controller,
              route.before.equals(route.after) ? route.after : route.before + " -> " + route.after,
              route.change == Change.NONE ? "" : route.change),
          route.message);
      if (route.after.equals("missing") && !isTold(route)) {
        text.wrapped("        -> ", HINT.length(), route.setting);
      }
    }
  }

  private boolean isTold(RouteEntry route) {
    return report.findings.stream().anyMatch(f -> f.subject.equalsIgnoreCase(subject(route)));
  }

  private static String subject(RouteEntry route) {
    return route.kind + " " + route.namespace + "/" + route.name;
  }

  /** Passed checks are only counted. */
  private void checks(List<Check> checks) {
    long passed = checks.stream().filter(check -> check.status == Check.Status.PASS).count();
    title(checks.isEmpty(), "checks: " + passed + " of " + checks.size() + " passed");
    for (Check check : checks) {
      if (check.status != Check.Status.PASS && !isGrave(check) && !isTold(check)) {
        told(check.status.toString(), check.id + ": " + check.message, check.hint);
      }
    }
  }

  private void title(boolean empty, String title) {
    if (!empty) {
      text.line("");
      text.line(title);
    }
  }

  private static String cells(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
