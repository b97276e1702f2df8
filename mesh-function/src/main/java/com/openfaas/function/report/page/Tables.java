package com.openfaas.function.report.page;

import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.PastRun;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.report.Figures;
import com.openfaas.function.report.Finding;
import com.openfaas.function.report.Finding.Severity;
import com.openfaas.function.report.HintLines;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.Report.CallerEntry;
import com.openfaas.function.report.Report.NamespaceEntry;
import com.openfaas.function.report.RouteEntry;
import com.openfaas.function.report.WorkloadEntry;
import com.openfaas.function.report.WorkloadEntry.Change;
import com.openfaas.function.report.page.Html.Table;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What needs attention, as lists; everything on the map and more, as tables. */
final class Tables {
  private Tables() {}

  /** What failed, then what else to know, each with what to do about it. */
  static List<Html> attention(Report report) {
    List<Html> grave = items(report, Check.Status.FAIL);
    List<Html> notes = new ArrayList<>();
    for (Finding finding : report.findings) {
      (finding.severity == Severity.INFO ? notes : grave)
          .add(
              item(
                  Look.of(finding.severity),
                  finding.severity + ": " + finding.subject,
                  finding.message,
                  due(report, finding.hint)));
    }
    grave.addAll(items(report, Check.Status.WARN));
    return section(grave, notes);
  }

  private static List<Html> items(Report report, Check.Status status) {
    return report.checks.stream()
        .filter(check -> check.status == status)
        .map(
            check ->
                item(
                    Look.of(status),
                    status + ": check " + check.id,
                    check.message,
                    due(report, check.hint)))
        .collect(Collectors.toList());
  }

  private static List<Html> section(List<Html> grave, List<Html> notes) {
    List<Html> parts = new ArrayList<>();
    if (!grave.isEmpty()) {
      parts.add(Html.of("ul", grave).classed("attention"));
    }
    if (!notes.isEmpty()) {
      Html summary = Html.words(Figures.count(notes.size(), "note", "notes"));
      parts.add(Html.folded(summary, Html.of("ul", notes).classed("attention")));
    }
    return parts.isEmpty()
        ? List.of()
        : List.of(Html.section("attention", "Needs attention", parts));
  }

  /** What stands above all is not told again. */
  private static String due(Report report, String hint) {
    return !hint.isEmpty() && report.next.contains(hint) ? "see Next" : hint;
  }

  /** A command or an object to paste. */
  private static Html pasted(String words) {
    return Html.of("pre", Html.lines(words)).classed("hint");
  }

  /** What to do: words, and below them what to paste. */
  static List<Html> toDo(String title, String hint) {
    List<Html> lines = new ArrayList<>();
    Html label = Html.of("b", title);
    for (HintLines.Part part : HintLines.of(hint)) {
      if (part.pasted) {
        lines.add(Html.of("p", label).classed("hint"));
        lines.add(pasted(part.words));
      } else {
        lines.add(Html.of("p", label, Html.words(part.words)).classed("hint"));
      }
      label = Html.of("b", "");
    }
    return lines;
  }

  private static Html item(Look look, String subject, String message, String hint) {
    List<Html> lines = new ArrayList<>();
    lines.add(Html.of("p", look.word(subject)).classed("subject"));
    lines.add(Html.of("p", message));
    if (!hint.isEmpty()) {
      lines.addAll(toDo("Do: ", hint));
    }
    return Html.of("li", lines);
  }

  /** One table per namespace; on a large platform the meshed workloads are folded. */
  static List<Html> workloads(Report report) {
    Map<String, List<WorkloadEntry>> byNamespace = new TreeMap<>();
    for (WorkloadEntry workload : report.workloads) {
      byNamespace.computeIfAbsent(workload.namespace, n -> new ArrayList<>()).add(workload);
    }
    List<Html> tables = new ArrayList<>();
    byNamespace.forEach((namespace, all) -> tables.addAll(ofNamespace(namespace, all)));
    return tables.isEmpty() ? List.of() : List.of(Html.section("workloads", "Workloads", tables));
  }

  private static List<Html> ofNamespace(String namespace, List<WorkloadEntry> all) {
    String title = "namespace " + namespace + ", ";
    if (all.size() < MeshMap.SINGLY) {
      return List.of(table(title + Figures.count(all.size(), "workload", "workloads"), all));
    }
    Map<State, List<WorkloadEntry>> byState = new TreeMap<>(Look.WORST_FIRST);
    all.forEach(one -> byState.computeIfAbsent(one.after, state -> new ArrayList<>()).add(one));
    List<Html> tables = new ArrayList<>();
    byState.forEach(
        (state, those) -> {
          String caption = title + those.size() + " " + state.words();
          Html table = table(caption, those);
          tables.add(
              MeshMap.folds(state, those.size())
                  ? Html.folded(Look.of(state).word(caption), table)
                  : table);
        });
    return tables;
  }

  private static Html table(String caption, List<WorkloadEntry> workloads) {
    Table table =
        new Table(Html.words(caption), "Name", "Role", "State", "Change", "Time", "Pods", "Why");
    workloads.stream()
        .sorted(Comparator.comparing(workload -> workload.after, Look.WORST_FIRST))
        .forEach(workload -> row(table, workload));
    return table.element("workloads");
  }

  private static void row(Table table, WorkloadEntry workload) {
    Look look = Look.of(workload.after);
    boolean same = workload.before == null || workload.before == workload.after;
    String now = workload.after.words();
    table.row(
        Html.words(workload.name),
        Html.words(workload.role),
        look.word(same ? now : workload.before.words() + " \u2192 " + now),
        Html.words(word(workload.change)),
        Html.words(workload.seconds > 0 ? Figures.seconds(workload.seconds) : ""),
        Html.words(workload.replicas),
        Html.words(workload.message));
  }

  /** The runs recorded by events. */
  static List<Html> runs(Report report) {
    if (report.pastRuns == null || report.pastRuns.isEmpty()) {
      return List.of();
    }
    Html caption =
        Html.words(
            "What changed something, or failed; for as long as the cluster keeps events: an hour,"
                + " where nobody has set that");
    Table table = new Table(caption, "When", "Run", "Outcome", "What came of it", "Call");
    for (PastRun run : report.pastRuns) {
      table.row(
          Html.words(run.at.truncatedTo(ChronoUnit.SECONDS)),
          Html.words(run.action),
          Look.of(run.failed ? Check.Status.FAIL : Check.Status.PASS).word(run.outcome),
          Html.words(run.headline),
          Html.words(run.id));
    }
    return List.of(Html.section("runs", "Last runs", List.of(table.element("runs"))));
  }

  static List<Html> routes(Report report) {
    if (report.routes.isEmpty()) {
      return List.of();
    }
    Html caption =
        Html.words(Figures.count(report.routes.size(), "route", "routes") + " to the gateway");
    Table table =
        new Table(caption, "Route", "Controller", "Workload", "Setting", "State", "Change", "Why");
    for (RouteEntry route : report.routes) {
      boolean missing = "missing".equals(route.after);
      Look look = Look.of(missing ? Check.Status.WARN : Check.Status.PASS);
      table.row(
          Html.words(route.kind + " " + route.namespace + "/" + route.name),
          Html.words(
              route.className.isEmpty()
                  ? route.controller
                  : route.controller + ", class " + route.className),
          Html.words(route.workload),
          route.setting.isEmpty() ? Html.words("") : Html.of("code", route.setting),
          look.word(arrow(routed(route.before), routed(route.after))),
          Html.words(word(route.change)),
          Html.words(route.message));
    }
    return List.of(Html.section("routes", "Routes", List.of(table.element("routes"))));
  }

  private static String routed(String state) {
    return "notNeeded".equals(state) ? "not needed" : state;
  }

  /** Callers of functions past the gateway. */
  static List<Html> callers(Report report) {
    if (report.callers.isEmpty()) {
      return List.of();
    }
    Html caption = Html.words("Counted by the functions' proxies since they started");
    Table table = new Table(caption, "Caller", "Function", "Let in", "Refused", "Since");
    for (CallerEntry caller : report.callers) {
      table.row(
          Html.words(caller.name()),
          Html.words(caller.function),
          Html.words(caller.requests),
          Html.words(caller.refused),
          Html.words(Objects.requireNonNullElse(caller.since, "")));
    }
    Html element = table.element("callers");
    return List.of(Html.section("callers", "Callers past the gateway", List.of(element)));
  }

  static List<Html> namespaces(Report report) {
    if (report.namespaces.isEmpty()) {
      return List.of();
    }
    Table table =
        new Table(Html.words("Function namespaces"), "Name", "linkerd.io/inject", "Change");
    for (NamespaceEntry namespace : report.namespaces) {
      String before = Objects.requireNonNullElse(namespace.before, "absent");
      String after = Objects.requireNonNullElse(namespace.after, "absent");
      table.row(
          Html.words(namespace.name),
          Html.words(arrow(before, after)),
          Html.words(word(namespace.change)));
    }
    return List.of(Html.section("namespaces", "Namespaces", List.of(table.element("namespaces"))));
  }

  static List<Html> checks(Report report) {
    if (report.checks.isEmpty()) {
      return List.of();
    }
    long passed = report.checks.stream().filter(check -> check.status == Check.Status.PASS).count();
    String sum = passed + " of " + report.checks.size() + " passed";
    Table table =
        new Table(Html.words("Checks in their order"), "Check", "Status", "Observed", "Do");
    for (Check check : report.checks) {
      table.row(
          Html.words(check.id),
          Look.of(check.status).word(check.status),
          Html.words(check.message),
          isTold(check) ? Html.words("") : Html.of("div", toDo("", check.hint)));
    }
    Html folded = Html.folded(Html.words(sum), table.element("checks"));
    return List.of(Html.section("checks", "Checks", List.of(folded)));
  }

  /** The other hints are at the top of the page. */
  private static boolean isTold(Check check) {
    return check.status != Check.Status.SKIPPED || check.hint.isEmpty();
  }

  private static String arrow(String before, String after) {
    return before.equals(after) ? after : before + " \u2192 " + after;
  }

  private static String word(Change change) {
    return change == Change.NONE ? "" : change.words();
  }
}
