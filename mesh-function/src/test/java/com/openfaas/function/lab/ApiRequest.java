package com.openfaas.function.lab;

import java.util.Set;
import java.util.function.Predicate;

/** What a client asked of the API server. */
public final class ApiRequest {
  private static final Set<String> READS = Set.of("GET", "HEAD");

  public final String method;

  /** With its query. */
  public final String path;

  /** Over a WebSocket, as the Kubernetes client prefers it for watches. */
  public final boolean webSocket;

  ApiRequest(HttpHead head) {
    this.method = head.word(0);
    this.path = head.word(1);
    this.webSocket = head.header("Upgrade").filter("websocket"::equalsIgnoreCase).isPresent();
  }

  public boolean isWatch() {
    return method.equals("GET") && path.contains("watch=true");
  }

  /** Neither a dry run, nor a question that is asked by creating a review. */
  public boolean isWrite() {
    return !READS.contains(method)
        && !path.contains("dryRun=All")
        && !path.contains("/selfsubject");
  }

  public static Predicate<ApiRequest> of(String method) {
    return request -> request.method.equals(method);
  }

  public static Predicate<ApiRequest> of(String method, String inPath) {
    return request -> request.method.equals(method) && request.path.contains(inPath);
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
