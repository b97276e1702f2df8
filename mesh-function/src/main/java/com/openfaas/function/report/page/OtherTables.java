package com.openfaas.function.report.page;

import com.openfaas.function.preflight.Check;
import com.openfaas.function.report.CallerEntry;
import com.openfaas.function.report.Change;
import com.openfaas.function.report.Report;
import com.openfaas.function.report.Report.NamespaceEntry;
import com.openfaas.function.report.RouteEntry;
import java.util.List;
import java.util.Objects;

/** Routes, namespaces and checks. */
final class OtherTables {
  private OtherTables() {}

  static List<Element> routes(Report report) {
    if (report.routes.isEmpty()) {
      return List.of();
    }
    Content caption =
        Content.words(Figures.count(report.routes.size(), "route", "routes") + " to the gateway");
    Table table =
        new Table(caption, "Route", "Controller", "Workload", "Setting", "State", "Change", "Why");
    for (RouteEntry route : report.routes) {
      boolean missing = "missing".equals(route.after);
      Look look = Look.of(missing ? Check.Status.WARN : Check.Status.PASS);
      table.row(
          Content.words(route.kind + " " + route.namespace + "/" + route.name),
          Content.words(
              route.className.isEmpty()
                  ? route.controller
                  : route.controller + ", class " + route.className),
          Content.words(route.workload),
          route.setting.isEmpty() ? Content.words("") : Element.of("code", route.setting),
          look.word(arrow(route.before, route.after)),
          Content.words(word(route.change)),
          Content.words(route.message));
    }
    return List.of(Section.of("routes", "Routes", table.element("routes")));
  }

  /** Who calls functions past the gateway. */
  static List<Element> callers(Report report) {
    if (report.callers.isEmpty()) {
      return List.of();
    }
    Content caption = Content.words("Counted by the functions' proxies since they started");
    Table table = new Table(caption, "Caller", "Function", "Let in", "Refused", "Since");
    for (CallerEntry caller : report.callers) {
      table.row(
          Content.words(caller.name()),
          Content.words(caller.function),
          Content.words(caller.requests),
          Content.words(caller.refused),
          Content.words(Objects.requireNonNullElse(caller.since, "")));
    }
    return List.of(Section.of("callers", "Callers past the gateway", table.element("callers")));
  }

  static List<Element> namespaces(Report report) {
    if (report.namespaces.isEmpty()) {
      return List.of();
    }
    Table table =
        new Table(Content.words("Function namespaces"), "Name", "linkerd.io/inject", "Change");
    for (NamespaceEntry namespace : report.namespaces) {
      String before = Objects.requireNonNullElse(namespace.before, "absent");
      String after = Objects.requireNonNullElse(namespace.after, "absent");
      table.row(
          Content.words(namespace.name),
          Content.words(arrow(before, after)),
          Content.words(word(namespace.change)));
    }
    return List.of(Section.of("namespaces", "Namespaces", table.element("namespaces")));
  }

  static List<Element> checks(Report report) {
    if (report.checks.isEmpty()) {
      return List.of();
    }
    long passed = report.checks.stream().filter(check -> check.status == Check.Status.PASS).count();
    String sum = passed + " of " + report.checks.size() + " passed";
    Table table =
        new Table(Content.words("Checks in their order"), "Check", "Status", "Observed", "Do");
    for (Check check : report.checks) {
      table.row(
          Content.words(check.id),
          Look.of(check.status).word(check.status),
          Content.words(check.message),
          Content.words(check.hint));
    }
    Element details = Element.of("details", Element.of("summary", sum), table.element("checks"));
    boolean failed = report.checks.stream().anyMatch(Check::failed);
    return List.of(Section.of("checks", "Checks", failed ? details.with("open", "") : details));
  }

  private static String arrow(String before, String after) {
    return before.equals(after) ? after : before + " \u2192 " + after;
  }

  private static String word(Change change) {
    return change == Change.NONE ? "" : change.toString();
  }
}
