package com.openfaas.function.verify;

import java.util.Map;

/** One counter of a proxy, and by how much it has grown. */
final class Series {
  private static final String ADMIN_PORT = "4191";
  private static final String FUNCTION_PORT = "8080";

  final String name;

  /** Of a histogram: by how many observations. */
  final double grown;

  /** Of a histogram; otherwise empty. */
  final Histogram buckets;

  private final Map<String, String> labels;
  private final String detail;

  /**
   * @param labels those that an evaluation needs, shared by the series that have the same
   * @param detail the class of a response
   */
  Series(String name, Map<String, String> labels, String detail, double grown, Histogram buckets) {
    this.name = name;
    this.labels = labels;
    this.detail = detail;
    this.grown = grown;
    this.buckets = buckets;
  }

  /** Empty if there is no such label. */
  String label(String key) {
    return Metrics.DETAIL.getOrDefault(name, "").equals(key)
        ? detail
        : labels.getOrDefault(key, "");
  }

  /**
   * What the proxy has sent on to another pod. Its hop from the application, {@code peer="src"}, is
   * loopback and never encrypted, and proves nothing about the traffic between pods.
   */
  boolean isSentOn() {
    return label("direction").equals("outbound") && !label("peer").equals("src") && !isOfAdmin();
  }

  /** What came in from another pod, without the proxy's own hop to the application. */
  boolean isReceived() {
    return label("direction").equals("inbound") && !label("peer").equals("dst") && !isOfAdmin();
  }

  /**
   * What is needed of a gateway's proxy: what it sends on and receives, without the hops to and
   * from the gateway itself.
   */
  boolean tellsOfEdges() {
    return isSentOn() || isReceived() || tellsOfJudgement();
  }

  /**
   * What is needed of a function's proxy: its callers' identities, and their number of requests.
   * The latency comes from the gateway's proxy.
   */
  boolean tellsOfCallers() {
    return (isReceived() && isEncrypted() && !name.equals(Metrics.LATENCY)) || tellsOfJudgement();
  }

  /** What the proxy admitted or refused on the functions' port, except for kubelets' probes. */
  boolean tellsOfJudgement() {
    return (name.equals(Metrics.ALLOWED) || name.equals(Metrics.DENIED))
        && label("target_port").equals(FUNCTION_PORT)
        && !(isOfProbe() && isPlain());
  }

  /**
   * Requests to a probe's path: Linkerd adds a route for it that admits everybody, not only the
   * kubelet (linkerd2 policy-controller/k8s/index/src/inbound/index.rs).
   */
  boolean isOfProbe() {
    return label("route_name").equals("probe");
  }

  /** The AuthorizationPolicy that admitted it; empty if none did. */
  String authorization() {
    boolean let = name.equals(Metrics.ALLOWED) && label("authz_kind").equals("authorizationpolicy");
    return let ? label("authz_name") : "";
  }

  boolean isEncrypted() {
    return label("tls").equals("true");
  }

  /**
   * Neither encrypted nor another party's TLS: {@code no_identity}, or {@code disabled} in a proxy
   * without an identity (linkerd2-proxy linkerd/app/core/src/transport/labels.rs).
   */
  boolean isPlain() {
    return label("tls").equals("no_identity") || label("tls").equals("disabled");
  }

  /** Requests, or bytes if the port is opaque and the proxy sees no requests. */
  boolean isTraffic() {
    return name.equals(Metrics.REQUESTS) || name.equals(Metrics.BYTES);
  }

  /** Scrapes, our own included. */
  private boolean isOfAdmin() {
    return label("target_port").equals(ADMIN_PORT);
  }
}
