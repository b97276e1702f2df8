package com.openfaas.function.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * From the start of the process to the first answer of {@code status}: the image's command against
 * the same jars under OpenFaaS' own entrypoint and plain {@code java}, in turn.
 */
final class ColdStart {
  private static final int STARTS = 10;

  /** OpenFaaS' own entrypoint listens nowhere else. */
  private static final int UPSTREAM_PORT = 8082;

  private static final String STATUS =
      "GET /?action=status HTTP/1.1\r\nHost: function\r\nX-Http-Method: GET\r\n"
          + "Accept: application/json\r\nConnection: close\r\n\r\n";

  private final Map<String, String> environment;

  /**
   * @param environment of the function on a platform of the lab
   */
  ColdStart(Map<String, String> environment) {
    this.environment = environment;
  }

  Table measure(Image image, Goals goals) throws IOException, InterruptedException {
    List<Start> plain = new ArrayList<>();
    List<Start> ours = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      plain.add(start(image.upstreamCommand(), Container.limited(environment), UPSTREAM_PORT));
      ours.add(start(image.command(), Container.deployed(environment), freePort()));
    }
    double ratio = median(ours, start -> start.seconds) / median(plain, start -> start.seconds);
    goals.atMost(0.4, ratio, "x plain", "cold start to the first status");
    Table table = new Table("start", "first answer, s", "CPU, s", "peak memory, MiB");
    row(table, "upstream's entrypoint, plain java", plain);
    row(table, "the template's", ours);
    return table.row(
        "ratio",
        String.format(Locale.ROOT, "%.2f", ratio),
        String.format(Locale.ROOT, "%.2f", median(ours, s -> s.cpu) / median(plain, s -> s.cpu)),
        String.format(
            Locale.ROOT, "%.2f", median(ours, s -> s.memory) / median(plain, s -> s.memory)));
  }

  private static void row(Table table, String name, List<Start> starts) {
    table.row(
        name,
        String.format(Locale.ROOT, "%.2f", median(starts, start -> start.seconds)),
        String.format(Locale.ROOT, "%.2f", median(starts, start -> start.cpu)),
        String.format(Locale.ROOT, "%.0f", median(starts, start -> start.memory)));
  }

  private static double median(
      List<Start> starts, java.util.function.ToDoubleFunction<Start> figure) {
    List<Double> figures = new ArrayList<>();
    starts.forEach(start -> figures.add(figure.applyAsDouble(start)));
    return Table.median(figures);
  }

  private static Start start(List<String> command, Map<String, String> environment, int port)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("cold-start", ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("http_port", String.valueOf(port));
    long began = System.nanoTime();
    Process process = builder.start();
    try {
      String answer = firstAnswer(process, port);
      double seconds = (System.nanoTime() - began) / 1e9;
      if (!answer.contains("\"outcome\": \"observed\"")) {
        throw new IllegalStateException(answer + "\n" + Files.readString(log));
      }
      Duration cpu = process.info().totalCpuDuration().orElseThrow();
      return new Start(seconds, cpu.toMillis() / 1e3, peakMebibytes(process));
    } finally {
      process.destroyForcibly().waitFor();
      Files.delete(log);
    }
  }

  private static String firstAnswer(Process process, int port)
      throws IOException, InterruptedException {
    while (process.isAlive()) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write(STATUS.getBytes(UTF_8));
        return new String(socket.getInputStream().readAllBytes(), UTF_8);
      } catch (SocketException e) {
        // Nobody listens yet.
        TimeUnit.MILLISECONDS.sleep(2);
      }
    }
    return "the process ended with " + process.exitValue();
  }

  private static double peakMebibytes(Process process) throws IOException {
    for (String line : Files.readAllLines(Paths.get("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IllegalStateException("Linux tells no VmHWM of " + process.pid());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** One start. */
  private static final class Start {
    final double seconds;
    final double cpu;
    final double memory;

    Start(double seconds, double cpu, double memory) {
      this.seconds = seconds;
      this.cpu = cpu;
      this.memory = memory;
    }
  }
}
