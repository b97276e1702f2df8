package com.openfaas.function.ingress;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

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
    return annotate(Map.of(key, value));
  }

  /** The same for several. */
  String annotate(Map<String, String> annotations) {
    return "kubectl -n "
        + namespace
        + " annotate "
        + kind.toLowerCase(Locale.ROOT)
        + " "
        + name
        + " --overwrite"
        + annotations.entrySet().stream()
            .map(entry -> " " + quoted(entry.getKey() + "=" + entry.getValue()))
            .collect(Collectors.joining());
  }

  /**
   * One word of a shell's line, whatever is in it: a route's annotations are anybody's, and the
   * command is there to be pasted.
   */
  private static String quoted(String word) {
    String plain = word.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ");
    return "'" + plain.replace("'", "'\\''") + "'";
  }
}
