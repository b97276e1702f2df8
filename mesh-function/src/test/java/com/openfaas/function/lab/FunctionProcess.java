package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The function as a process of its own under an entrypoint, as of-watchdog starts it. */
public final class FunctionProcess implements AutoCloseable {
  /** Our template's entrypoint, built beside this module. */
  public static final Path TEMPLATE =
      Paths.get(System.getProperty("mesh.test.entrypoint", "../template/java11/entrypoint/target"));

  /** OpenFaaS' own, from Maven Central. */
  public static final Path UPSTREAM = Paths.get("target/upstream");

  private static final int UPSTREAM_PORT = 8082;

  private final Process process;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private URI url;

  private FunctionProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param entrypoint the folder of the entrypoint's jars
   * @param environment beside the variables of this process
   */
  public static FunctionProcess start(Path entrypoint, Map<String, String> environment) {
    String classpath =
        String.join(
            ":",
            List.of(
                entrypoint + "/*",
                entrypoint + "/lib/*",
                "target/mesh-function-1.0.0.jar",
                "target/dependency/*"));
    List<String> command = List.of(java(), "-cp", classpath, "com.openfaas.entrypoint.App");
    return start(command, environment, entrypoint.equals(UPSTREAM));
  }

  /**
   * Starts a command of one's own and waits until it listens.
   *
   * @param command an entrypoint's, with flags and class path
   * @param upstream whether it is OpenFaaS' own, which does not say when it listens
   */
  public static FunctionProcess start(
      List<String> command, Map<String, String> environment, boolean upstream) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.environment().put("http_port", "0");
    builder.redirectErrorStream(true);
    try {
      FunctionProcess function = new FunctionProcess(builder.start());
      function.readLog();
      function.awaitListening(upstream);
      return function;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The java of this JVM. */
  public static String java() {
    return Paths.get(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The most memory it has held so far, in bytes, as Linux counts it (VmHWM). */
  public long peakMemory() throws IOException {
    return Files.readAllLines(Paths.get("/proc", String.valueOf(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }

  /** Lets it run for so many milliseconds of each hundred, until what is returned is closed. */
  public PausedProcess slowTo(int percent) {
    return PausedProcess.running(process.pid(), percent);
  }

  /** Where to invoke it. */
  public URI url() {
    return url;
  }

  /** Everything it printed so far. */
  public String log() {
    return String.join("\n", log);
  }

  /** What the gateway would send for a call of the given method. */
  public HttpResponse<String> invoke(String method, String query, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve("/" + (query.isEmpty() ? "" : "?" + query)))
            .method(method, BodyPublishers.ofString(body))
            .header("Content-Type", "text/plain")
            .header("X-Call-Id", UUID.randomUUID().toString())
            .header("X-Start-Time", String.valueOf(System.currentTimeMillis() * 1_000_000))
            .header("X-Forwarded-For", "127.0.0.1:40000")
            .build();
    return client.send(request, BodyHandlers.ofString(UTF_8));
  }

  /** What a browser gets that is pointed at it. */
  public HttpResponse<String> page() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(url).header("Accept", "text/html").build();
    return client.send(request, BodyHandlers.ofString(UTF_8));
  }

  /** Asks it to stop, as the kubelet does, and gives its exit code. */
  public int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("did not stop within 30 s of SIGTERM:\n" + log());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void readLog() {
    Thread reader = new Thread(this::copyLog, "function-log");
    reader.setDaemon(true);
    reader.start();
  }

  private void copyLog() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        log.add(line);
      }
    } catch (IOException e) {
      // A process that is ended by force takes its output with it.
      log.add("(the log ends here: " + e.getMessage() + ")");
    }
  }

  /** Ours says where it listens; upstream's says nothing and has a port of its own. */
  private void awaitListening(boolean upstream) {
    Awaitility.await("the function listens")
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              // Somebody else may be listening on upstream's port.
              requireAlive();
              return upstream ? answers() : listening();
            });
  }

  private boolean listening() {
    String listening =
        log.stream().filter(line -> line.startsWith("Listening on ")).findFirst().orElse(null);
    if (listening == null) {
      return false;
    }
    url = URI.create("http://" + listening.substring("Listening on ".length()).trim() + "/");
    return true;
  }

  private void requireAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException("the function ended at once:\n" + log());
    }
  }

  private boolean answers() throws InterruptedException {
    url = URI.create("http://127.0.0.1:" + UPSTREAM_PORT + "/");
    try {
      return invoke("POST", "action=none", "").statusCode() == 400;
    } catch (IOException e) {
      return false;
    }
  }
}
