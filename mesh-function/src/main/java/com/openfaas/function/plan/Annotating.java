package com.openfaas.function.plan;

import com.openfaas.function.ingress.GatewayRoute;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.request.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Plans what is set on objects without pods: namespaces, routes, and the functions' Services. */
final class Annotating {
  private static final Map<String, String> ASK = Map.of(Annotations.INJECT, Annotations.ENABLED);

  private final Scope scope;
  private final Platform platform;

  Annotating(Scope scope) {
    this.scope = scope;
    this.platform = scope.platform;
  }

  List<Step> namespaces() {
    if (!scope.invocation.covers(Part.NAMESPACES)) {
      return List.of();
    }
    return platform.functionNamespaces.stream()
        .filter(this::lacksAnnotation)
        .map(namespace -> Step.annotate(Wave.NAMESPACES, namespace.object(), ASK))
        .collect(Collectors.toList());
  }

  /** A value, whatever it says, is the operator's word. */
  private boolean lacksAnnotation(NamespaceView namespace) {
    boolean admitted =
        !platform.controlPlane.isKnown()
            || platform.controlPlane.value.namespaceSelector.matches(namespace.labels);
    return namespace.inject() == null && !namespace.terminating && admitted;
  }

  /**
   * Where the controller is on the mesh, or comes to it in this run.
   *
   * @param coming the subjects of the workloads that do
   */
  List<Step> routes(Set<String> coming) {
    List<Step> steps = new ArrayList<>();
    for (GatewayRoute route : scope.routes) {
      Workload controller = route.view.controller;
      if (scope.changesIngress()
          && controller != null
          && !route.isSet()
          && (coming.contains(controller.subject())
              || platform.standing(controller).state.isMeshed())) {
        Wave wave = route.mustComeFirst() ? Wave.OVERRIDES : Wave.ROUTES;
        steps.add(Step.annotate(wave, route.view.object, route.desired));
      }
    }
    return steps;
  }

  /** Only where the gateway's proxy can know that a call is for the Service. */
  List<Step> services() {
    Map<String, String> wanted = scope.policy.serviceAnnotations;
    List<Step> steps = new ArrayList<>();
    for (Annotated service : platform.calls.services) {
      if (platform.calls.toServices
          && scope.invocation.covers(Part.FUNCTIONS)
          && scope.invocation.coversFunction(service.namespace, service.name)
          && !service.annotations.entrySet().containsAll(wanted.entrySet())) {
        steps.add(Step.annotate(Wave.SERVICES, service, wanted));
      }
    }
    return steps;
  }
}
