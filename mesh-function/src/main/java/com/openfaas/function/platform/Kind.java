package com.openfaas.function.platform;

import java.util.Locale;

/** A kind of object that this function annotates, or sees beside those, by its names in the API. */
public enum Kind {
  DEPLOYMENT("Deployment", "apps", "deployments"),
  DAEMON_SET("DaemonSet", "apps", "daemonsets"),
  STATEFUL_SET("StatefulSet", "apps", "statefulsets"),
  NAMESPACE("Namespace", "", "namespaces"),
  INGRESS("Ingress", "networking.k8s.io", "ingresses"),
  HTTP_ROUTE("HTTPRoute", "gateway.networking.k8s.io", "httproutes"),
  SERVICE("Service", "", "services");

  /** Of the API; empty for the core group. */
  public final String group;

  public final String resource;
  private final String name;

  Kind(String name, String group, String resource) {
    this.name = name;
    this.group = group;
    this.resource = resource;
  }

  /** Group and version, as manifests write them. */
  public String apiVersion() {
    return group.isEmpty() ? "v1" : group + "/v1";
  }

  /** As kubectl is told it: {@code deployment}. */
  public String word() {
    return name.toLowerCase(Locale.ROOT);
  }

  /** As manifests write it. */
  @Override
  public String toString() {
    return name;
  }
}
