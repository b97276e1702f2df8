package com.openfaas.function.report;

import com.openfaas.function.ingress.GatewayRoute;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.report.WorkloadEntry.Change;
import java.util.Map;
import java.util.stream.Collectors;

/** A route to the gateway: its controller, and what is set on it for the mesh. */
public final class RouteEntry {
  public final String kind;
  public final String namespace;
  public final String name;
  public final String className;

  /** Its name in the controller table, or {@code unknown}. */
  public final String controller;

  /** The controller's workload, as {@code kind namespace/name}; empty if not found. */
  public final String workload;

  /** What should be set on the route; empty if nothing. */
  public final String setting;

  /** Whether it was set when the run began: {@code set}, {@code missing} or {@code notNeeded}. */
  public final String before;

  public final String after;
  public final Change change;
  public final String message;

  RouteEntry(RunRecord record, GatewayRoute route, Change change) {
    Annotated object = route.view.object;
    Workload controller = route.view.controller;
    GatewayRoute before = before(record, object);
    this.kind = object.kind.toString();
    this.namespace = object.namespace;
    this.name = object.name;
    this.className = route.view.className;
    this.controller = route.profile.id;
    this.workload = controller == null ? "" : controller.object.kind + " " + controller.key();
    this.setting = setting(route.desired);
    this.before = state(before == null ? route : before);
    this.after = state(route);
    this.change = change;
    this.message = message(record.scope(), route);
  }

  private static GatewayRoute before(RunRecord record, Annotated object) {
    return new Scope(record.before, record.policy, record.invocation)
        .routes.stream()
            .filter(route -> route.view.object.subject().equals(object.subject()))
            .findFirst()
            .orElse(null);
  }

  private static String setting(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(setting -> setting.getKey() + ": \"" + setting.getValue() + '"')
        .collect(Collectors.joining(", "));
  }

  private static String state(GatewayRoute route) {
    if (route.desired.isEmpty()) {
      return "notNeeded";
    }
    return route.isSet() ? "set" : "missing";
  }

  private static String message(Scope scope, GatewayRoute route) {
    Workload controller = route.view.controller;
    if (controller == null) {
      return "its controller was not found";
    }
    if (route.profile.mode.isEmpty()) {
      return route.profile.verdict;
    }
    if (!route.needs().isEmpty()) {
      return route.needs();
    }
    String obstacle = scope.obstacle(controller);
    if (!obstacle.isEmpty()) {
      return "another route keeps its controller from being meshed: " + obstacle;
    }
    if (route.isSet()) {
      return "";
    }
    return scope.changesIngress()
        ? "set when its controller is on the mesh"
        : "not changed: mesh_ingress is not apply";
  }
}
