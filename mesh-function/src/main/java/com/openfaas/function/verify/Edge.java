package com.openfaas.function.verify;

import com.google.gson.annotations.SerializedName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/** One caller and one callee, what was proven between them, and their traffic. */
public final class Edge {
  /** {@code namespace/name} of the calling workload. */
  public final String from;

  /** {@code namespace/name} of the called workload. */
  public final String to;

  public final Mtls mtls;

  /** The identities that the proxies saw of each other; empty if none was seen. */
  public final String clientId;

  public final String serverId;

  /** What was counted between the two reads. */
  public final Traffic traffic;

  /** The reason for the verdict. */
  public final String message;

  /** Whether only the gateway is admitted; null if not checked. */
  public final Boolean isProtected;

  public Edge(
      String from,
      String to,
      Mtls mtls,
      String clientId,
      String serverId,
      Traffic traffic,
      String message) {
    this(from, to, mtls, clientId, serverId, traffic, message, null);
  }

  private Edge(
      String from,
      String to,
      Mtls mtls,
      String clientId,
      String serverId,
      Traffic traffic,
      String message,
      Boolean isProtected) {
    this.from = Objects.requireNonNull(from);
    this.to = Objects.requireNonNull(to);
    this.mtls = Objects.requireNonNull(mtls);
    this.clientId = Objects.requireNonNull(clientId);
    this.serverId = Objects.requireNonNull(serverId);
    this.traffic = Objects.requireNonNull(traffic);
    this.message = Objects.requireNonNull(message);
    this.isProtected = isProtected;
  }

  /** The same edge, with the callee's protection. */
  public Edge guarded(boolean isProtected) {
    return new Edge(from, to, mtls, clientId, serverId, traffic, message, isProtected);
  }

  /** The verdict on an edge. */
  public enum Mtls {
    /** Requests of this run used it with both identities known. */
    @SerializedName("proven")
    PROVEN,
    /** Requests used it without encryption. */
    @SerializedName("plaintext")
    PLAINTEXT,
    /** Nothing observed proves it; never "ok". */
    @SerializedName("noEvidence")
    NO_EVIDENCE;

    /** The word used in reports. */
    @Override
    public String toString() {
      return this == NO_EVIDENCE ? "noEvidence" : name().toLowerCase(Locale.ROOT);
    }
  }

  /** Requests, success rate and latency; null if unknown. */
  public static final class Traffic {
    public static final Traffic NONE = new Traffic(0, null, null, null, null);

    public final long requests;

    /** From 0 to 1. */
    public final Double successRate;

    /** Latency percentiles in milliseconds. */
    public final Double p50Ms;

    public final Double p95Ms;
    public final Double p99Ms;

    public Traffic(long requests, Double successRate, Double p50Ms, Double p95Ms, Double p99Ms) {
      this.requests = requests;
      this.successRate = successRate;
      this.p50Ms = p50Ms;
      this.p95Ms = p95Ms;
      this.p99Ms = p99Ms;
    }

    /**
     * From the series of one edge; the success rate is never rounded up, which would hide a loss.
     */
    static Traffic of(List<Series> series) {
      double requests = 0;
      double answered = 0;
      double succeeded = 0;
      NavigableMap<Double, Double> buckets = new TreeMap<>();
      for (Series one : series) {
        if (one.name.equals(Metrics.REQUESTS)) {
          requests += one.grown;
        } else if (one.name.equals(Metrics.RESPONSES)) {
          answered += one.grown;
          succeeded += one.label("classification").equals("success") ? one.grown : 0;
        } else if (one.name.equals(Metrics.LATENCY)) {
          one.buckets.addTo(buckets);
        }
      }
      return new Traffic(
          Math.round(requests),
          answered > 0 ? Math.floor(succeeded / answered * 1e4) / 1e4 : null,
          quantile(0.5, buckets),
          quantile(0.95, buckets),
          quantile(0.99, buckets));
    }

    /**
     * Linear within the bucket that holds the quantile, as Prometheus' histogram_quantile: the
     * lowest bucket begins at 0, and above the highest bound that bound is returned. Null if
     * nothing was counted.
     *
     * @param buckets the cumulated count of each upper bound
     */
    static Double quantile(double share, NavigableMap<Double, Double> buckets) {
      Double all = buckets.get(Double.POSITIVE_INFINITY);
      Double highest = buckets.lowerKey(Double.POSITIVE_INFINITY);
      if (all == null || all <= 0 || highest == null) {
        return null;
      }
      double rank = share * all;
      double from = 0;
      double below = 0;
      for (Map.Entry<Double, Double> bucket : buckets.headMap(highest, true).entrySet()) {
        double count = Math.max(below, bucket.getValue());
        if (count >= rank && count > below) {
          double part = (rank - below) / (count - below);
          return rounded(from + (bucket.getKey() - from) * part);
        }
        from = bucket.getKey();
        below = count;
      }
      return highest;
    }

    /** Four decimal places are more than a histogram knows. */
    private static double rounded(double value) {
      return Math.round(value * 1e4) / 1e4;
    }
  }
}
