package com.openfaas.entrypoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An entrypoint in a process of its own, on a free port. */
final class FunctionProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;
  private final Path errors;

  private FunctionProcess(Process process, Path errors) {
    this.process = process;
    this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    this.errors = errors;
  }

  /** Starts the command with these variables besides the test's own, {@code http_port} being 0. */
  static FunctionProcess start(List<String> command, Map<String, String> environment)
      throws IOException {
    Path errors = Files.createTempFile("function-process", ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("http_port", "0");
    return new FunctionProcess(builder.start(), errors);
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Waits for the line that the process prints once it answers; null if it ended without one. */
  String line() throws IOException {
    return output.readLine();
  }

  /** The address in the line {@code Listening on HOST:PORT}. */
  URI address() throws IOException {
    String line = line();
    if (line == null || !line.matches("Listening on 127\\.0\\.0\\.1:\\d+")) {
      throw new AssertionError("Instead of its address: " + line + "\n" + errors());
    }
    return URI.create("http://" + line.substring("Listening on ".length()));
  }

  static CompletableFuture<HttpResponse<String>> get(URI uri) {
    return HttpClient.newHttpClient()
        .sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  String errors() throws IOException {
    return Files.readString(errors);
  }

  /** SIGTERM, as Kubernetes and of-watchdog send it. */
  void terminate() {
    process.destroy();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("Still running after 30 seconds");
    }
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(errors);
  }
}
