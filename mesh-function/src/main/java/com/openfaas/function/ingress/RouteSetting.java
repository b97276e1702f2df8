package com.openfaas.function.ingress;

import com.openfaas.function.platform.Annotations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a route is made to send requests to the gateway's Service instead of one of its pods. A
 * setting that adds the header must replace a client's, never append to it.
 */
interface RouteSetting {
  /** Linkerd's request header for the destination, read by proxies in mode {@code ingress}. */
  String HEADER = "l5d-dst-override";

  /** The setting that a row of the table names; a second one in the same row is an unknown key. */
  static RouteSetting of(ProfileRow row) {
    if (row.has("serviceAnnotation")) {
      // It makes the controller dial the Service; mode enabled needs no more.
      Map<String, String> annotation = Map.of(row.text("serviceAnnotation"), "true");
      return new FixedSetting(Annotations.ENABLED, annotation, "");
    }
    if (row.has("headerAnnotation")) {
      return new HeaderAnnotation(row.nested("headerAnnotation"));
    }
    if (row.has("attachedObject")) {
      return new AttachedObject(row.nested("attachedObject"));
    }
    return row.has("unseen")
        ? new FixedSetting(Annotations.INGRESS, Map.of(), row.text("unseen"))
        : FixedSetting.NONE;
  }

  /** The value of {@code linkerd.io/inject} it is meant for; empty for any. */
  String mode();

  /** The annotations to write on an Ingress that has the present ones. */
  default Map<String, String> annotations(Map<String, String> present, String gateway) {
    return Map.of();
  }

  /** What is missing and not ours to write, in one sentence; empty if nothing is. */
  default String missing(Map<String, String> present, String namespace) {
    return "";
  }

  /** The annotations that the operator writes, in this order, once what is missing is in place. */
  default Map<String, String> afterwards(Map<String, String> present, String namespace) {
    return Map.of();
  }

  /** Whether the header it sets is the same for all paths of the route. */
  default boolean holdsForAllPaths() {
    return false;
  }

  /** The pieces of an annotation that lists something, without blanks; none if it is absent. */
  private static List<String> pieces(String annotation, String separator) {
    return Stream.of((annotation == null ? "" : annotation).split(Pattern.quote(separator), -1))
        .map(String::strip)
        .filter(piece -> !piece.isEmpty())
        .collect(Collectors.toList());
  }

  /** What a controller needs on every route, whatever the route has. */
  final class FixedSetting implements RouteSetting {
    /** For a route that needs nothing. */
    static final RouteSetting NONE = new FixedSetting("", Map.of(), "");

    private final String mode;
    private final Map<String, String> annotations;
    private final String unseen;

    /**
     * What one controller needs.
     *
     * @param mode the value of {@code linkerd.io/inject} it is meant for; empty for any
     * @param annotations to write on each route
     * @param unseen a setting of the whole controller that overwrites a client's header on every
     *     route: no annotation shows it, so the operator has to vouch for it ({@link
     *     ControllerProfile#VOUCHED}); empty if there is none
     */
    FixedSetting(String mode, Map<String, String> annotations, String unseen) {
      this.mode = mode;
      this.annotations = annotations;
      this.unseen = unseen;
    }

    @Override
    public String mode() {
      return mode;
    }

    @Override
    public Map<String, String> annotations(Map<String, String> present, String gateway) {
      return annotations;
    }

    @Override
    public String missing(Map<String, String> present, String namespace) {
      return unseen.isEmpty()
          ? ""
          : unseen + "; once it is, annotate the route " + ControllerProfile.VOUCHED + "=true";
    }

    @Override
    public Map<String, String> afterwards(Map<String, String> present, String namespace) {
      return unseen.isEmpty() ? Map.of() : Map.of(ControllerProfile.VOUCHED, "true");
    }
  }

  /**
   * An annotation that lists request headers to set; ours is added to those present. Both
   * controllers that have one replace a client's header of the same name.
   */
  final class HeaderAnnotation implements RouteSetting {
    private final String key;
    private final String betweenHeaders;
    private final String afterName;

    /**
     * @param row with the {@code annotation}, {@code betweenHeaders} for what separates two
     *     headers, and {@code afterName} for what separates a header's name from its value
     */
    HeaderAnnotation(ProfileRow row) {
      this.key = row.text("annotation");
      this.betweenHeaders = row.separator("betweenHeaders");
      this.afterName = row.separator("afterName");
      row.close();
    }

    @Override
    public String mode() {
      return Annotations.INGRESS;
    }

    @Override
    public Map<String, String> annotations(Map<String, String> present, String gateway) {
      List<String> headers = new ArrayList<>();
      for (String header : pieces(present.get(key), betweenHeaders)) {
        if (!isOurs(header)) {
          headers.add(header);
        }
      }
      headers.add(HEADER + afterName + gateway);
      return Map.of(key, String.join(betweenHeaders, headers));
    }

    @Override
    public boolean holdsForAllPaths() {
      return true;
    }

    private boolean isOurs(String header) {
      int end = header.indexOf(afterName);
      return end >= 0 && header.substring(0, end).strip().equalsIgnoreCase(HEADER);
    }
  }

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
     *     comma-separated list), the {@code entry} in that list ({@code {namespace}} is the
     *     route's), and whether the controller serves a route whose object is missing: then the
     *     annotation proves nothing and the operator has to vouch for it
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
      return new LinkedHashSet<>(pieces(present.get(key), ","));
    }
  }
}
