package com.openfaas.function.ingress;

import com.openfaas.function.platform.Annotations;
import java.util.List;
import java.util.Map;

/** How a controller's pods are put on the mesh, and where they run. */
final class Meshing {
  /** linkerd2 leaves these namespaces out by default: proxy-injector's namespaceSelector. */
  private static final String OWN_NAMESPACE =
      "the injector's webhook leaves this namespace out (kube-system and cert-manager by default):"
          + " install the controller in a namespace of its own";

  final String mode;
  final List<String> namespaces;
  final Map<String, String> podAnnotations;
  final String whereExcluded;

  private Meshing(
      String mode,
      List<String> namespaces,
      Map<String, String> podAnnotations,
      String whereExcluded) {
    this.mode = mode;
    this.namespaces = namespaces;
    this.podAnnotations = podAnnotations;
    this.whereExcluded = whereExcluded;
  }

  static Meshing enabled(String... namespaces) {
    return new Meshing(Annotations.ENABLED, List.of(namespaces), Map.of(), OWN_NAMESPACE);
  }

  static Meshing ingress(String... namespaces) {
    return new Meshing(Annotations.INGRESS, List.of(namespaces), Map.of(), OWN_NAMESPACE);
  }

  /** Not by us: no pod of its own, one that Linkerd refuses, or one that somebody else writes. */
  static Meshing none(String... namespaces) {
    return new Meshing("", List.of(namespaces), Map.of(), OWN_NAMESPACE);
  }

  Meshing with(String annotation, String value) {
    return new Meshing(mode, namespaces, Map.of(annotation, value), whereExcluded);
  }

  Meshing whereExcluded(String hint) {
    return new Meshing(mode, namespaces, podAnnotations, hint);
  }
}
