package com.openfaas.function.cluster;

import com.openfaas.function.platform.Kind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** API paths. */
final class Paths {
  static final String NAMESPACES = "/api/v1/namespaces";

  private Paths() {}

  /**
   * The path of a namespace's objects of a kind.
   *
   * @param label the key every object must carry, or null for all
   */
  static String all(Kind kind, String namespace, String label) {
    return collection(kind, namespace) + labelled(label);
  }

  static String pods(String namespace, String label) {
    return NAMESPACES + "/" + namespace + "/pods" + labelled(label);
  }

  private static String labelled(String label) {
    String selector = label == null ? "" : URLEncoder.encode(label, StandardCharsets.UTF_8);
    return "?labelSelector=" + selector;
  }

  static String collection(Kind kind, String namespace) {
    String group = (kind.group.isEmpty() ? "/api/" : "/apis/") + kind.apiVersion();
    String within = kind == Kind.NAMESPACE ? "" : "/namespaces/" + namespace;
    return group + within + "/" + kind.resource;
  }
}
