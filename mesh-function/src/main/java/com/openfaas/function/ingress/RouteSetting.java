package com.openfaas.function.ingress;

import com.openfaas.function.platform.Annotations;
import java.util.Map;

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
}
