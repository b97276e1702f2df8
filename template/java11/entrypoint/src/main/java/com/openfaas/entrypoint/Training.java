package com.openfaas.entrypoint;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Loads the classes that answering takes, then ends. The image build runs it with {@code
 * -XX:ArchiveClassesAtExit}, so that the function's process need not load and verify them anew at
 * each start.
 *
 * <p>It serves the handler as {@link App} does and sends it one GET, whatever becomes of that. A
 * function that needs more than a GET without a cluster or a database can bring a class {@code
 * com.openfaas.function.Training} among its test classes; its {@code main} is run as well.
 *
 * <p>Always exit code 0: what goes wrong is on standard error and costs nothing but a slower start.
 */
public final class Training {

  private static final String OF_FUNCTION = "com.openfaas.function.Training";
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final String REQUEST =
      "GET / HTTP/1.1\r\nHost: function\r\nConnection: close\r\n\r\n";

  private Training() {}

  /** The argument is the folder of the function's test classes. */
  public static void main(String[] args) throws InterruptedException {
    Thread training = new Thread(() -> train(Path.of(args[0])), "training");
    training.setDaemon(true);
    training.start();
    TimeUnit.SECONDS.timedJoin(training, LONGEST.toSeconds());
    System.exit(0);
  }

  private static void train(Path testClasses) {
    try {
      get();
      if (Files.exists(testClasses.resolve(OF_FUNCTION.replace('.', '/') + ".class"))) {
        runOfFunction(testClasses);
      }
    } catch (Exception | LinkageError e) {
      System.err.println(FailureLog.withTrace("Training ended early: " + e.getMessage(), e));
    }
  }

  private static void get() throws IOException {
    Settings settings = Settings.from(Map.of("http_port", "0"));
    FunctionServer server = FunctionServer.bind(App.handler(), settings);
    server.start();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write(REQUEST.getBytes(US_ASCII));
      socket.getInputStream().readAllBytes();
    } finally {
      server.close();
    }
  }

  /** By a loader of its own: only classes of the class path itself go into the archive. */
  private static void runOfFunction(Path testClasses)
      throws IOException, ReflectiveOperationException {
    URL[] classes = {testClasses.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes)) {
      Class<?> training = Class.forName(OF_FUNCTION, true, loader);
      training.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    }
  }
}
