package com.openfaas.function.request;

import com.openfaas.model.IRequest;
import com.openfaas.model.Request;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** A request as a test sends it. */
final class Sent {
  private final Map<String, String> headers = new HashMap<>();
  private String body = "";
  private String query = "";

  private Sent() {}

  static Sent by(String method) {
    return unmethodical().with("X-Http-Method", method);
  }

  static Sent post(String body) {
    return by("POST").body(body);
  }

  static Sent get(String query) {
    return by("GET").query(query);
  }

  /** As the upstream entrypoint hands it on: nobody tells the method. */
  static Sent unmethodical() {
    return new Sent();
  }

  Sent with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  Sent body(String text) {
    body = text;
    return this;
  }

  Sent query(String text) {
    query = text;
    return this;
  }

  /** The query goes through raw: the model's own request trips over a broken escape. */
  IRequest request() {
    return new Request(body, headers) {
      @Override
      public String getQueryRaw() {
        return query;
      }
    };
  }

  /** Read under a policy whose budget is 50 seconds. */
  Invocation read() throws BadRequestException {
    return new RequestReader(50, new Signing(null, false, Instant.EPOCH)).read(Asked.of(request()));
  }

  BadRequestException refusal() {
    try {
      read();
    } catch (BadRequestException e) {
      return e;
    }
    throw new AssertionError("accepted: " + body + " ?" + query + " " + headers);
  }
}
