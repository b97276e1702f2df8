package com.openfaas.function.ingress;

import java.util.Map;

/**
 * How a route is made to send its requests to the gateway's Service rather than to a pod of it. One
 * that sets the header must replace a client's, never join it.
 */
interface RouteSetting {
  /** Linkerd's request header for the destination, read by proxies in mode {@code ingress}. */
  String HEADER = "l5d-dst-override";

  /** The annotations to write on an Ingress that has the present ones. */
  default Map<String, String> annotations(Map<String, String> present, String gateway) {
    return Map.of();
  }

  /** What is missing and not ours to write, in one sentence; empty where nothing is. */
  default String missing(Map<String, String> present, String namespace) {
    return "";
  }

  /** Whether the annotations show that a client's own header does not get through. */
  default boolean guards(Map<String, String> present) {
    return false;
  }

  /** Whether the header it sets is one and the same for all paths of the route. */
  default boolean holdsForAllPaths() {
    return false;
  }

  /** For {@code kubectl apply -f -}, commands as comments; empty where nothing is needed. */
  default String objects(RouteName route, Map<String, String> present, String gateway) {
    return "";
  }
}
