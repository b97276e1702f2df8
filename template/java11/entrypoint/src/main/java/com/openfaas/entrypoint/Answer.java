package com.openfaas.entrypoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.openfaas.model.IResponse;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An answer that can be sent: a fault in a handler's response shows when it is built, while a 500
 * is still possible.
 */
final class Answer {

  private static final String CONTENT_TYPE = "Content-Type";
  private static final String PLAIN_TEXT = "text/plain; charset=utf-8";
  private static final int PIECE_BYTES = 8192;

  private final int status;
  private final Headers headers;
  private final byte[] body;

  private Answer(int status, Headers headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  static Answer text(int status, String line) {
    return new Answer(status, new Headers(), (line + "\n").getBytes(UTF_8))
        .with(CONTENT_TYPE, PLAIN_TEXT);
  }

  /**
   * Copies the status, the headers and the body, without empty headers, {@code Content-Length} and
   * {@code Transfer-Encoding}, which follow from the body. A response without a content type is
   * plain text: otherwise the OpenFaaS gateway would echo the request's.
   *
   * @throws NullPointerException if there is no response or no body
   * @throws IllegalArgumentException if the status is not from 200 to 599 or a header is malformed
   */
  static Answer of(IResponse response) {
    Objects.requireNonNull(response, "Handle returned null");
    String body = Objects.requireNonNull(response.getBody(), "Handle returned a null body");
    int status = response.getStatusCode();
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("Handle returned the status " + status);
    }
    Answer answer = new Answer(status, new Headers(), body.getBytes(UTF_8));
    response.getHeaders().forEach(answer::with);
    answer.with(CONTENT_TYPE, response.getContentType());
    if (!answer.headers.containsKey(CONTENT_TYPE)) {
      answer.with(CONTENT_TYPE, PLAIN_TEXT);
    }
    return answer;
  }

  /** Sets a header unless the value is null or empty. */
  Answer with(String name, String value) {
    if (value != null && !value.isEmpty()) {
      headers.set(name, value);
    }
    return this;
  }

  /**
   * Sends it. For HEAD the length is set here, as that of the body a GET would get; otherwise the
   * server sets it.
   *
   * @return whether a body was sent, and so whether the exchange is still open
   */
  boolean sendTo(HttpExchange exchange) throws IOException {
    headers.remove("Content-Length");
    headers.remove("Transfer-Encoding");
    boolean bare = status == 204 || status == 304;
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head && !bare) {
      headers.set("Content-Length", Integer.toString(body.length));
    }
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      exchange.getResponseHeaders().put(header.getKey(), header.getValue());
    }
    boolean empty = bare || head || body.length == 0;
    // -1 means "no body"; 0 would mean "chunked".
    exchange.sendResponseHeaders(status, empty ? -1 : body.length);
    if (!empty) {
      OutputStream out = exchange.getResponseBody();
      // In pieces: for as long as the connection lasts, the JDK's server keeps a buffer twice the
      // size of
      // the largest write.
      for (int from = 0; from < body.length; from += PIECE_BYTES) {
        out.write(body, from, Math.min(PIECE_BYTES, body.length - from));
      }
      out.flush();
    }
    return !empty;
  }
}
