package com.openfaas.function.ingress;

import java.util.Locale;

/** A route as kubectl names it. */
final class RouteName {
  final String namespace;
  private final String kind;
  private final String name;

  RouteName(String kind, String namespace, String name) {
    this.kind = kind;
    this.namespace = namespace;
    this.name = name;
  }

  /** The command that sets an annotation on it. */
  String annotate(String key, String value) {
    return "kubectl -n "
        + namespace
        + " annotate "
        + kind.toLowerCase(Locale.ROOT)
        + " "
        + name
        + " --overwrite '"
        + key
        + "="
        + value
        + "'";
  }
}
