package com.openfaas.function.verify;

import java.util.Map;

/** One counter of a proxy, and by how much it has grown. */
final class Series {
  private static final String ADMIN_PORT = "4191";
  private static final String FUNCTION_PORT = "8080";

  final String name;
  final double grown;
  private final Map<String, String> labels;
  private final String detail;

  /**
   * @param labels those that an evaluation needs, shared by the series that have the same
   * @param detail the class of a response, or the bound of a bucket
   */
  Series(String name, Map<String, String> labels, String detail, double grown) {
    this.name = name;
    this.labels = labels;
    this.detail = detail;
    this.grown = grown;
  }

  /** Empty where there is no such label. */
  String label(String key) {
    return Metrics.DETAIL.getOrDefault(name, "").equals(key)
        ? detail
        : labels.getOrDefault(key, "");
  }

  /**
   * What the proxy has sent on to another pod. Its hop from the application, {@code peer="src"}, is
   * loopback and never encrypted, and says nothing of the way between pods.
   */
  boolean isSentOn() {
    return label("direction").equals("outbound") && !label("peer").equals("src") && !isOfAdmin();
  }

  /** What has come in from another pod; not the proxy's own hop to the application. */
  boolean isReceived() {
    return label("direction").equals("inbound") && !label("peer").equals("dst") && !isOfAdmin();
  }

  /**
   * What is needed of a function's proxy: its callers' identities, and how many requests they sent.
   * How long it took the gateway's proxy tells.
   */
  boolean tellsOfCallers() {
    return (isReceived() && isEncrypted() && !name.equals(Metrics.LATENCY)) || tellsOfJudgement();
  }

  /** What the proxy let in to the port of functions, or refused there; but for kubelets' probes. */
  boolean tellsOfJudgement() {
    return (name.equals(Metrics.ALLOWED) || name.equals(Metrics.DENIED))
        && label("target_port").equals(FUNCTION_PORT)
        && !(isOfProbe() && isPlain());
  }

  /**
   * What went to the path of a probe: Linkerd makes a route of it that admits everybody, the
   * kubelet as any other (linkerd2 policy-controller/k8s/index/src/inbound/index.rs).
   */
  boolean isOfProbe() {
    return label("route_name").equals("probe");
  }

  /** The AuthorizationPolicy that let it in; empty where none did. */
  String authorization() {
    boolean let = name.equals(Metrics.ALLOWED) && label("authz_kind").equals("authorizationpolicy");
    return let ? label("authz_name") : "";
  }

  boolean isEncrypted() {
    return label("tls").equals("true");
  }

  /**
   * Neither encrypted nor somebody else's TLS: {@code no_identity}, or {@code disabled} in a proxy
   * without an identity (linkerd2-proxy linkerd/app/core/src/transport/labels.rs).
   */
  boolean isPlain() {
    return label("tls").equals("no_identity") || label("tls").equals("disabled");
  }

  /** Requests, or bytes where the port is opaque and the proxy knows of no requests. */
  boolean isTraffic() {
    return name.equals(Metrics.REQUESTS) || name.equals(Metrics.BYTES);
  }

  /** Scrapes, our own among them. */
  private boolean isOfAdmin() {
    return label("target_port").equals(ADMIN_PORT);
  }
}
