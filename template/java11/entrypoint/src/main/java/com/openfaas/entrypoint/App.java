package com.openfaas.entrypoint;

import com.openfaas.model.AbstractHandler;
import com.openfaas.model.IHandler;
import java.io.IOException;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Serves the function's handler over HTTP until SIGTERM.
 *
 * <p>The handler is built first and the port is bound after it, so whoever can connect can invoke.
 * Once requests are answered, the line {@code Listening on HOST:PORT} goes to standard output; it
 * is the only line there. {@link Settings} lists the environment variables.
 *
 * <p>Exit code 1: the handler is absent or cannot be built, a setting is wrong or the port is
 * taken; the reason is on standard error. Exit code 0: SIGTERM. of-watchdog passes SIGTERM on at
 * once and gives up every request it carries when its child then ends with anything but 0, so the
 * shutdown hook finishes what runs and ends the JVM by itself, which would otherwise say 143.
 */
public final class App {

  private App() {}

  /** Starts the server; takes no arguments. */
  public static void main(String[] args) {
    try {
      Settings settings = Settings.from(System.getenv());
      FunctionServer server = FunctionServer.bind(handler(), settings);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server), "drain"));
      server.start();
      System.out.println("Listening on " + settings.host + ":" + server.port());
    } catch (IllegalArgumentException | IOException e) {
      System.err.println("Cannot start: " + e.getMessage());
      System.exit(1);
    } catch (ServiceConfigurationError | LinkageError e) {
      System.err.println(FailureLog.withTrace("Cannot start: no handler: " + e.getMessage(), e));
      System.exit(1);
    }
  }

  /** The service file beside this class names {@code com.openfaas.function.Handler}. */
  static IHandler handler() {
    return ServiceLoader.load(AbstractHandler.class).iterator().next();
  }

  private static void end(FunctionServer server) {
    try {
      server.drain();
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }
}
