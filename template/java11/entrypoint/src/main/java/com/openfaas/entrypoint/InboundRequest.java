package com.openfaas.entrypoint;

import com.openfaas.model.IRequest;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A request as the handler sees it. No part of it is null, and no map can be changed.
 *
 * <ul>
 *   <li>The body is read for every method, as UTF-8.
 *   <li>Header names are case-insensitive; several values of one name are joined by {@code ", "}.
 *   <li>{@value #METHOD_HEADER} holds the method, which {@link IRequest} lacks. A header of that
 *       name sent by the caller is overwritten.
 *   <li>The path and the raw query are as received, not decoded, without {@code ?}.
 *   <li>{@link #getPath()} reads the path as pairs, {@code /a/b} being a = b, as OpenFaaS' own
 *       entrypoint does; a name without a value has the value {@code ""}.
 * </ul>
 */
final class InboundRequest implements IRequest {

  static final String METHOD_HEADER = "X-Http-Method";

  private final String body;
  private final Map<String, String> headers;
  private final String queryRaw;
  private final Map<String, String> query;
  private final String pathRaw;

  private InboundRequest(HttpExchange exchange, String body) throws RejectedRequestException {
    this.body = body;
    this.headers = headers(exchange);
    this.queryRaw = Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), "");
    this.query = Query.parse(queryRaw);
    this.pathRaw = exchange.getRequestURI().getRawPath();
  }

  /**
   * Reads the request.
   *
   * @param maxBodyBytes at most one byte more than this is held in memory
   * @throws RejectedRequestException 413 for a longer body, 400 for a query that cannot be decoded
   * @throws IOException if the caller disconnected
   */
  static InboundRequest read(HttpExchange exchange, int maxBodyBytes)
      throws RejectedRequestException, IOException {
    byte[] body = exchange.getRequestBody().readNBytes(maxBodyBytes + 1);
    if (body.length > maxBodyBytes) {
      throw new RejectedRequestException(
          413, "The request body is longer than " + maxBodyBytes + " bytes (http_max_body).");
    }
    return new InboundRequest(exchange, new String(body, StandardCharsets.UTF_8));
  }

  private static Map<String, String> headers(HttpExchange exchange) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, List<String>> header : exchange.getRequestHeaders().entrySet()) {
      headers.put(header.getKey(), String.join(", ", header.getValue()));
    }
    // Removed first: put() would keep the caller's spelling of the name.
    headers.remove(METHOD_HEADER);
    headers.put(METHOD_HEADER, exchange.getRequestMethod());
    return Collections.unmodifiableMap(headers);
  }

  @Override
  public String getBody() {
    return body;
  }

  @Override
  public Map<String, String> getHeaders() {
    return headers;
  }

  /** Null if there is no such header, as the interface specifies. */
  @Override
  public String getHeader(String name) {
    return name == null ? null : headers.get(name);
  }

  @Override
  public String getQueryRaw() {
    return queryRaw;
  }

  @Override
  public Map<String, String> getQuery() {
    return query;
  }

  @Override
  public String getPathRaw() {
    return pathRaw;
  }

  @Override
  public Map<String, String> getPath() {
    Map<String, String> pairs = new LinkedHashMap<>();
    String[] segments = pathRaw.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i += 2) {
      if (!segments[i].isEmpty()) {
        pairs.put(segments[i], i + 1 < segments.length ? segments[i + 1] : "");
      }
    }
    return Collections.unmodifiableMap(pairs);
  }
}
