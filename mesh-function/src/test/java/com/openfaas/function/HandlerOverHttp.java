package com.openfaas.function;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.openfaas.model.IResponse;
import com.openfaas.model.Request;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * A handler of this process where its watchdog would be: as our template's entrypoint serves it.
 */
final class HandlerOverHttp implements HttpHandler {
  private final Handler handler;

  HandlerOverHttp(Handler handler) {
    this.handler = handler;
  }

  @Override
  public void handle(HttpExchange call) throws IOException {
    Map<String, String> headers = new HashMap<>();
    call.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
    headers.put("X-Http-Method", call.getRequestMethod());
    String body = new String(call.getRequestBody().readAllBytes(), UTF_8);
    IResponse answer =
        handler.Handle(new Request(body, headers, call.getRequestURI().getRawQuery(), ""));
    byte[] bytes = answer.getBody().getBytes(UTF_8);
    answer.getHeaders().forEach(call.getResponseHeaders()::set);
    call.getResponseHeaders().set("Content-Type", answer.getContentType());
    call.sendResponseHeaders(answer.getStatusCode(), bytes.length == 0 ? -1 : bytes.length);
    call.getResponseBody().write(bytes);
    call.close();
  }
}
