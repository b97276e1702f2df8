package com.openfaas.entrypoint;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.openfaas.model.IHandler;
import com.openfaas.model.IRequest;
import com.openfaas.model.IResponse;
import com.openfaas.model.Response;
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
 * Loads the classes needed to answer, then exits. The image build runs it with {@code
 * -XX:ArchiveClassesAtExit} or {@code -XX:AOTCacheOutput}, so that the function's process need not
 * load and verify them at each start.
 *
 * <p>The function's handler is not used, because building or calling it may have effects. A
 * function opts in by a class {@code com.openfaas.function.Training} among its test classes: its
 * handler is then built and sent one GET, whose result is ignored, and the {@code main} of that
 * class is run.
 *
 * <p>Always exit code 0: a failure goes to standard error and only makes the start slower.
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
      if (Files.exists(testClasses.resolve(OF_FUNCTION.replace('.', '/') + ".class"))) {
        get(App.handler());
        runOfFunction(testClasses);
      } else {
        get(Training::echo);
      }
    } catch (Exception | LinkageError e) {
      System.err.println(FailureLog.withTrace("Training ended early: " + e.getMessage(), e));
    }
  }

  private static IResponse echo(IRequest request) {
    Response response = new Response();
    response.setBody(request.getBody());
    return response;
  }

  private static void get(IHandler handler) throws IOException {
    Settings settings = Settings.from(Map.of("http_port", "0"));
    FunctionServer server = FunctionServer.bind(handler, settings);
    server.start();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write(REQUEST.getBytes(US_ASCII));
      socket.getInputStream().readAllBytes();
    } finally {
      server.close();
    }
  }

  /** With a separate class loader: only classes of the class path itself go into the archive. */
  private static void runOfFunction(Path testClasses)
      throws IOException, ReflectiveOperationException {
    URL[] classes = {testClasses.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes)) {
      Class<?> training = Class.forName(OF_FUNCTION, true, loader);
      training.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    }
  }
}
