package com.openfaas.function.ingress;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * An object of the controller's own kind that sets the header, and an annotation on the route that
 * lists it. We write neither: a route that names a missing object may be answered with an error.
 */
final class AttachedObject implements RouteSetting {
  private static final String NAMESPACE = "{namespace}";
  private static final String GATEWAY = "{gateway}";

  private final String kind;
  private final String key;
  private final String entry;
  private final String manifest;

  /**
   * @param kind of the object, for the sentence
   * @param key of the route's annotation, a list with commas
   * @param entry the object in that list, with {@code {namespace}}
   * @param manifest the object, with {@code {namespace}} and {@code {gateway}}
   */
  AttachedObject(String kind, String key, String entry, String... manifest) {
    this.kind = kind;
    this.key = key;
    this.entry = entry;
    this.manifest = String.join("\n", manifest);
  }

  @Override
  public Map<String, String> annotations(Map<String, String> present, String gateway) {
    return Map.of();
  }

  @Override
  public String missing(Map<String, String> present, String namespace) {
    String wanted = entry.replace(NAMESPACE, namespace);
    return entries(present).contains(wanted)
        ? ""
        : "its annotation "
            + key
            + " does not list "
            + wanted
            + ", the "
            + kind
            + " that sets "
            + HEADER;
  }

  @Override
  public boolean guards(Map<String, String> present) {
    String end = entry.replace(NAMESPACE, "");
    return entries(present).stream().anyMatch(each -> each.endsWith(end));
  }

  @Override
  public boolean overwrites() {
    return true;
  }

  @Override
  public String objects(RouteName route, Map<String, String> present, String gateway) {
    Set<String> entries = entries(present);
    entries.add(entry.replace(NAMESPACE, route.namespace));
    return manifest.replace(NAMESPACE, route.namespace).replace(GATEWAY, gateway)
        + "\n# then, and not before, or the route names an object that is not there:\n# "
        + route.annotate(key, String.join(",", entries))
        + "\n";
  }

  private Set<String> entries(Map<String, String> present) {
    Set<String> entries = new LinkedHashSet<>();
    for (String piece : present.getOrDefault(key, "").split(",", -1)) {
      String each = piece.strip();
      if (!each.isEmpty()) {
        entries.add(each);
      }
    }
    return entries;
  }
}
