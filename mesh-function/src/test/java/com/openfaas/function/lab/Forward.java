package com.openfaas.function.lab;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Passes a call on to another server, and the answer back, as a reverse proxy does. */
final class Forward {
  /** Of one connection only, or set anew by the client and the server at both ends. */
  private static final Set<String> OF_A_HOP =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private Forward() {}

  /**
   * The same request to another address.
   *
   * @param added headers of ours, in place of those of the same name
   */
  static HttpRequest.Builder request(HttpExchange call, URI to, Map<String, String> added)
      throws IOException {
    byte[] body = call.getRequestBody().readAllBytes();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(to)
            .method(call.getRequestMethod(), BodyPublishers.ofByteArray(body));
    call.getRequestHeaders().forEach((name, values) -> copy(name, values, request));
    added.forEach(request::setHeader);
    return request;
  }

  private static void copy(String name, List<String> values, HttpRequest.Builder request) {
    if (!OF_A_HOP.contains(name.toLowerCase(Locale.ROOT))) {
      values.forEach(value -> request.header(name, value));
    }
  }

  /** The answer with its headers, beside those that the call's own already have. */
  static void answer(HttpExchange call, HttpResponse<byte[]> answer) throws IOException {
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!name.startsWith(":") && !OF_A_HOP.contains(name.toLowerCase(Locale.ROOT))) {
                call.getResponseHeaders().put(name, values);
              }
            });
    answer(call, answer.statusCode(), answer.body());
  }

  /** Each call has a connection of its own, as from callers that know nothing of each other. */
  static void answer(HttpExchange call, int status, byte[] body) throws IOException {
    call.getResponseHeaders().set("Connection", "close");
    boolean empty = body.length == 0 || call.getRequestMethod().equals("HEAD");
    call.sendResponseHeaders(status, empty ? -1 : body.length);
    if (!empty) {
      call.getResponseBody().write(body);
    }
    call.close();
  }
}
