package com.openfaas.function.ingress;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * An object of the controller's own kind that sets the header, and an annotation on the route that
 * lists it. We write neither: with the annotation alone, the route breaks or the header is missing.
 */
final class AttachedObject implements RouteSetting {
  private final String kind;
  private final String key;
  private final String entry;
  private final boolean missingIsServed;
  private final Manifest manifest;

  private AttachedObject(
      String kind, String key, String entry, boolean missingIsServed, String... manifest) {
    this.kind = kind;
    this.key = key;
    this.entry = entry;
    this.missingIsServed = missingIsServed;
    this.manifest = new Manifest(manifest);
  }

  /**
   * Of a controller that serves no route whose object is missing: what the annotation lists, is
   * there.
   *
   * @param kind of the object, for the sentence
   * @param key of the route's annotation, a list with commas
   * @param entry the object in that list; {@code {namespace}} is the route's
   * @param manifest the object, see {@link Manifest}
   */
  static AttachedObject shownByRoute(String kind, String key, String entry, String... manifest) {
    return new AttachedObject(kind, key, entry, false, manifest);
  }

  /** Of a controller that serves a route without the object it lists: the operator has to say. */
  static AttachedObject vouchedFor(String kind, String key, String entry, String... manifest) {
    return new AttachedObject(kind, key, entry, true, manifest);
  }

  @Override
  public String missing(Map<String, String> present, String namespace) {
    String wanted = entryIn(namespace);
    if (!entries(present).contains(wanted)) {
      return "its annotation "
          + key
          + " does not list "
          + wanted
          + ", the "
          + kind
          + " that sets "
          + HEADER;
    }
    return missingIsServed
        ? "it is served with or without the "
            + kind
            + " its annotation lists; once that is there, annotate the route "
            + Controller.VOUCHED
            + "=true"
        : "";
  }

  @Override
  public boolean guards(Map<String, String> present) {
    String end = entryIn("");
    return !missingIsServed && entries(present).stream().anyMatch(each -> each.endsWith(end));
  }

  @Override
  public boolean holdsForAllPaths() {
    return true;
  }

  @Override
  public String objects(RouteName route, Map<String, String> present, String gateway) {
    Set<String> entries = entries(present);
    entries.add(entryIn(route.namespace));
    String then =
        "# then, once it is there:\n# " + route.annotate(key, String.join(",", entries)) + "\n";
    return manifest.fill(route.namespace, gateway)
        + (missingIsServed
            ? then + "# " + route.annotate(Controller.VOUCHED, "true") + "\n"
            : then);
  }

  private String entryIn(String namespace) {
    return entry.replace("{namespace}", namespace);
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
