package com.openfaas.function.report;

import com.openfaas.function.verify.Edge;

/** An edge as it goes over the wire. */
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
    this.message = edge.message;
  }
}
