package com.openfaas.entrypoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.openfaas.model.IHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The real server with a handler of the test's, on a free port, and ways to call it. */
final class RunningServer implements AutoCloseable {

  final FunctionServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private RunningServer(FunctionServer server) {
    this.server = server;
  }

  static RunningServer with(IHandler handler) {
    return with(handler, Map.of());
  }

  static RunningServer with(IHandler handler, Map<String, String> settings) {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("http_port", "0");
    try {
      FunctionServer server = FunctionServer.bind(handler, Settings.from(environment));
      server.start();
      return new RunningServer(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HttpRequest.Builder to(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + pathAndQuery));
  }

  HttpResponse<String> get(String pathAndQuery) throws Exception {
    return send(to(pathAndQuery));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString(UTF_8));
  }

  HttpResponse<String> send(String method, String body) throws Exception {
    return send(to("/").method(method, BodyPublishers.ofString(body)));
  }

  CompletableFuture<HttpResponse<String>> getLater(String pathAndQuery) {
    return client.sendAsync(to(pathAndQuery).build(), BodyHandlers.ofString(UTF_8));
  }

  /** Sends the bytes as they are, for what an HTTP client refuses to send; the whole answer. */
  String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
