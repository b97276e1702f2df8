package com.openfaas.entrypoint;

import com.openfaas.model.AbstractHandler;
import com.openfaas.model.IHandler;
import java.io.IOException;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Serves the function's handler over HTTP until SIGTERM.
 *
 * <p>The handler is built before the port is bound, so whoever can connect can invoke. The line
 * {@code Listening on HOST:PORT} then goes to standard output; it is the only line there. {@link
 * Settings} lists the environment variables.
 *
 * <p>Exit code 1: the handler is missing or cannot be built, a setting is invalid or the port is in
 * use; the reason is on standard error. Exit code 0: SIGTERM. Of-watchdog forwards SIGTERM at once
 * and drops every request it carries if its child then exits with anything but 0, so the shutdown
 * hook finishes what runs and halts the JVM itself, which would otherwise exit with 143.
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
