package com.openfaas.function.report;

import com.openfaas.function.ingress.GatewayRoute;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Workload;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts together what the report says of one route. */
final class RouteReporter {
  private RouteReporter() {}

  static RouteEntry entry(RunRecord record, GatewayRoute route, Change change) {
    Annotated object = route.view.object;
    Workload controller = route.view.controller;
    GatewayRoute before = before(record, object);
    return new RouteEntry(
        new String[] {object.kind.toString(), object.namespace, object.name},
        new String[] {
          route.view.className,
          route.profile.id,
          controller == null ? "" : controller.object.kind + " " + controller.key()
        },
        setting(route.desired),
        new String[] {state(before == null ? route : before), state(route)},
        change,
        message(record.scope(), route));
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
