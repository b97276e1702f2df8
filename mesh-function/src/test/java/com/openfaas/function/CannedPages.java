package com.openfaas.function;

import com.openfaas.function.report.Report;
import com.openfaas.function.request.Answering;
import com.openfaas.function.request.Asked;
import com.openfaas.model.IResponse;
import com.openfaas.model.Request;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Serves given reports to a browser, with the very headers the function answers with. */
final class CannedPages implements AutoCloseable {
  private final HttpServer server;

  CannedPages() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  URI serve(String path, Report report) {
    server.createContext(path, exchange -> answer(exchange, report));
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private static void answer(HttpExchange exchange, Report report) throws IOException {
    Map<String, String> headers = new HashMap<>();
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
    IResponse response =
        Handler.answer(report, Answering.of(Asked.of(new Request("", headers))), 0);
    byte[] body = response.getBody().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", response.getContentType());
    response.getHeaders().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(response.getStatusCode(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
