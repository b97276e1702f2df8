package com.openfaas.function.report;

import com.google.gson.annotations.SerializedName;
import com.openfaas.function.verify.Edge;

/** An edge in the JSON report. */
public final class EdgeEntry {
  public final String from;
  public final String to;
  public final Edge.Mtls mtls;
  public final String clientId;
  public final String serverId;
  public final long requests;
  public final Double successRate;
  public final Double p50Ms;
  public final Double p95Ms;
  public final Double p99Ms;

  @SerializedName("protected")
  public final Boolean isProtected;

  public final String message;

  EdgeEntry(Edge edge) {
    this.from = edge.from;
    this.to = edge.to;
    this.mtls = edge.mtls;
    this.clientId = edge.clientId;
    this.serverId = edge.serverId;
    this.requests = edge.traffic.requests;
    this.successRate = edge.traffic.successRate;
    this.p50Ms = edge.traffic.p50Ms;
    this.p95Ms = edge.traffic.p95Ms;
    this.p99Ms = edge.traffic.p99Ms;
    this.isProtected = edge.isProtected;
    this.message = edge.message;
  }

  /** What to know besides the verdict. */
  String note() {
    boolean guarded = Boolean.TRUE.equals(isProtected);
    return mtls == Edge.Mtls.PROVEN ? (guarded ? "protected" : "") : message;
  }
}
