package com.openfaas.function.platform;

import java.util.Locale;

/** A kind of object that this function changes, or only reads, with its names in the API. */
public enum Kind {
  DEPLOYMENT("Deployment", "apps/v1", "deployments"),
  DAEMON_SET("DaemonSet", "apps/v1", "daemonsets"),
  STATEFUL_SET("StatefulSet", "apps/v1", "statefulsets"),
  NAMESPACE("Namespace", "v1", "namespaces"),
  INGRESS("Ingress", "networking.k8s.io/v1", "ingresses"),
  HTTP_ROUTE("HTTPRoute", "gateway.networking.k8s.io/v1", "httproutes"),
  SERVICE("Service", "v1", "services"),
  /** Linkerd's, like those below; in the first version with accessPolicy. */
  SERVER("Server", "policy.linkerd.io/v1beta3", "servers"),
  AUTHORIZATION_POLICY(
      "AuthorizationPolicy", "policy.linkerd.io/v1alpha1", "authorizationpolicies"),
  MESH_TLS_AUTHENTICATION(
      "MeshTLSAuthentication", "policy.linkerd.io/v1alpha1", "meshtlsauthentications");

  /** The API group; empty for the core group. */
  public final String group;

  public final String resource;
  private final String name;
  private final String apiVersion;

  Kind(String name, String apiVersion, String resource) {
    this.name = name;
    this.group = apiVersion.contains("/") ? apiVersion.replaceFirst("/.*", "") : "";
    this.apiVersion = apiVersion;
    this.resource = resource;
  }

  /** Group and version, as manifests write them. */
  public String apiVersion() {
    return apiVersion;
  }

  /** Whether mesh-setup creates and deletes whole objects of the kind. */
  public boolean isMade() {
    return this == SERVER || this == AUTHORIZATION_POLICY || this == MESH_TLS_AUTHENTICATION;
  }

  /** Its name for kubectl: {@code deployment}. */
  public String word() {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Its name in manifests. */
  @Override
  public String toString() {
    return name;
  }
}
