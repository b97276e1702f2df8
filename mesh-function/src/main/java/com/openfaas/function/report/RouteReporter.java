package com.openfaas.function.report;

import com.openfaas.function.ingress.Passage;
import com.openfaas.function.plan.Scope;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Workload;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts together what the report says of one route. */
final class RouteReporter {
  private RouteReporter() {}

  static RouteEntry entry(RunRecord record, Passage passage, Change change) {
    Annotated route = passage.route.object;
    Workload controller = passage.route.controller;
    Passage before = before(record, route);
    return new RouteEntry(
        new String[] {route.kind.toString(), route.namespace, route.name},
        new String[] {
          passage.route.className,
          passage.line.id,
          controller == null ? "" : controller.object.kind + " " + controller.key()
        },
        setting(passage.settings),
        new String[] {state(before == null ? passage : before), state(passage)},
        change,
        message(record.scope(), passage));
  }

  private static Passage before(RunRecord record, Annotated route) {
    return new Scope(record.before, record.policy, record.invocation)
        .passages.stream()
            .filter(passage -> passage.route.object.subject().equals(route.subject()))
            .findFirst()
            .orElse(null);
  }

  private static String setting(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(setting -> setting.getKey() + ": \"" + setting.getValue() + '"')
        .collect(Collectors.joining(", "));
  }

  private static String state(Passage passage) {
    if (passage.settings.isEmpty()) {
      return "notNeeded";
    }
    return passage.isSet() ? "set" : "missing";
  }

  private static String message(Scope scope, Passage passage) {
    Workload controller = passage.route.controller;
    if (controller == null) {
      return "its controller was not found";
    }
    if (passage.line.mode.isEmpty()) {
      return passage.line.verdict();
    }
    if (!passage.needs().isEmpty()) {
      return passage.needs();
    }
    String obstacle = scope.obstacle(controller);
    if (!obstacle.isEmpty()) {
      return "another route holds its controller back: " + obstacle;
    }
    if (passage.isSet()) {
      return "";
    }
    return scope.changesIngress()
        ? "set when its controller is on the mesh"
        : "left as it is: mesh_ingress is not apply";
  }
}
