package com.openfaas.function.verify;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.regex.Pattern;

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

  /**
   * The buckets of one histogram, in the order in which the proxy tells them: some thirty of each
   * way of a gateway, and so the most of what is kept of its metrics.
   */
  static final class Histogram {
    static final Histogram EMPTY = new Histogram(new double[0], new double[0]);

    private static final int MOST = 128;
    private static final Pattern BOUND = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

    private final double[] bounds;
    private final double[] counts;

    private Histogram(double[] bounds, double[] counts) {
      this.bounds = bounds;
      this.counts = counts;
    }

    /** The upper bound that the label {@code le} names; null if it is none. */
    static Double bound(String le) {
      if (le.equals("+Inf")) {
        return Double.POSITIVE_INFINITY;
      }
      return BOUND.matcher(le).matches() ? Double.valueOf(le) : null;
    }

    /** With one more bucket, the last; more than a proxy ever has are left out. */
    Histogram with(double bound, double count) {
      if (bounds.length == MOST) {
        return this;
      }
      return new Histogram(appended(bounds, bound), appended(counts, count));
    }

    /** What it has grown by: from zero if it fell in a bucket, or has other bounds. */
    Histogram since(Histogram before) {
      if (!Arrays.equals(bounds, before.bounds)) {
        return this;
      }
      double[] grown = counts.clone();
      for (int i = 0; i < grown.length; i++) {
        grown[i] -= grown[i] < before.counts[i] ? 0 : before.counts[i];
      }
      return new Histogram(bounds, grown);
    }

    /** The largest count: all that was counted, as buckets cumulate. */
    double most() {
      return Arrays.stream(counts).max().orElse(0);
    }

    /** Adds each count to the sum for its bound. */
    void addTo(NavigableMap<Double, Double> sums) {
      for (int i = 0; i < bounds.length; i++) {
        sums.merge(bounds[i], counts[i], Double::sum);
      }
    }

    private static double[] appended(double[] values, double last) {
      double[] more = Arrays.copyOf(values, values.length + 1);
      more[values.length] = last;
      return more;
    }
  }
}
