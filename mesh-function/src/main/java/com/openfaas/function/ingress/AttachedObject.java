package com.openfaas.function.ingress;

import com.openfaas.function.platform.Annotations;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A custom resource of the controller that sets the header, and an annotation on the route that
 * lists it. We write neither: the annotation alone breaks the route, or leaves it without the
 * header.
 */
final class AttachedObject implements RouteSetting {
  private final String kind;
  private final String key;
  private final String entry;
  private final boolean servedWithoutIt;

  /**
   * @param row with the {@code kind} of the object, the route's {@code annotation} (a
   *     comma-separated list), the {@code entry} in that list ({@code {namespace}} is the route's),
   *     and whether the controller serves a route whose object is missing: then the annotation
   *     proves nothing and the operator has to vouch for it
   */
  AttachedObject(ProfileRow row) {
    this.kind = row.text("kind");
    this.key = row.text("annotation");
    this.entry = row.text("entry");
    this.servedWithoutIt = row.flag("servedWithoutIt");
    row.close();
  }

  @Override
  public String mode() {
    return Annotations.INGRESS;
  }

  @Override
  public String missing(Map<String, String> present, String namespace) {
    String desired = entryIn(namespace);
    if (!entries(present).contains(desired)) {
      return "its annotation "
          + key
          + " does not list "
          + desired
          + ", the "
          + kind
          + " that sets "
          + HEADER;
    }
    return servedWithoutIt
        ? "it is served with or without the "
            + kind
            + " its annotation lists; once that is there, annotate the route "
            + ControllerProfile.VOUCHED
            + "=true"
        : "";
  }

  @Override
  public Map<String, String> afterwards(Map<String, String> present, String namespace) {
    Set<String> entries = entries(present);
    entries.add(entryIn(namespace));
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(key, String.join(",", entries));
    if (servedWithoutIt) {
      annotations.put(ControllerProfile.VOUCHED, "true");
    }
    return annotations;
  }

  @Override
  public boolean holdsForAllPaths() {
    return true;
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
