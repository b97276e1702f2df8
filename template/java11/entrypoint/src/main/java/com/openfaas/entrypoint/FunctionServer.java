package com.openfaas.entrypoint;

import com.openfaas.model.IHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP server around one handler.
 *
 * <p>Requests run concurrently; {@link Admission} limits how many.
 *
 * <p>{@link #drain()} ends the service in this order, which a handler may rely on:
 *
 * <ol>
 *   <li>Further requests are answered 503 with {@code Retry-After}, so that no caller finds a
 *       closed port while of-watchdog still sends some.
 *   <li>If the handler is {@link AutoCloseable}, {@code close()} is called, once, on its own
 *       thread, while admitted requests still run: it tells long ones to finish.
 *   <li>Admitted requests are awaited, up to {@link Settings#drainTimeout}.
 * </ol>
 */
final class FunctionServer implements AutoCloseable {

  static {
    // The JDK's server writes head and body separately. With Nagle's algorithm the body then waits
    // for
    // the caller's delayed acknowledgement: 40 ms on every answer. HttpServer reads this once.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private final IHandler handler;
  private final Duration drainTimeout;
  private final Admission admission;
  private final HttpServer server;

  private FunctionServer(IHandler handler, Settings settings, HttpServer server) {
    this.handler = handler;
    this.drainTimeout = settings.drainTimeout;
    this.admission = new Admission(settings.threads, settings.queue);
    this.server = server;
    server.setExecutor(admission);
    server.createContext("/", new Invocation(handler, settings.maxBodyBytes, admission));
  }

  /**
   * Binds the address; {@link #start()} starts answering.
   *
   * @throws IOException if the address cannot be bound; the message names it
   */
  static FunctionServer bind(IHandler handler, Settings settings) throws IOException {
    InetSocketAddress address = new InetSocketAddress(settings.host, settings.port);
    if (address.isUnresolved()) {
      throw new IOException("http_host \"" + settings.host + "\" is not a known address");
    }
    try {
      HttpServer server = HttpServer.create(address, settings.threads + settings.queue);
      return new FunctionServer(handler, settings, server);
    } catch (BindException e) {
      throw new IOException(settings.host + ":" + settings.port + ": " + e.getMessage(), e);
    }
  }

  void start() {
    server.start();
  }

  /** The bound port, for when port 0 was requested. */
  int port() {
    return server.getAddress().getPort();
  }

  /** How many requests run or wait for a thread; a snapshot. */
  int admittedCount() {
    return admission.count();
  }

  /** Ends the service as described above; returns when all is done or the timeout is over. */
  void drain() {
    admission.end();
    Thread closing = closeHandler();
    long end = System.nanoTime() + drainTimeout.toNanos();
    try {
      int left = admission.awaitAdmitted(drainTimeout);
      if (left > 0) {
        System.err.println("Ended with " + left + " unfinished requests after " + drainTimeout);
      }
      TimeUnit.NANOSECONDS.timedJoin(closing, end - System.nanoTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Thread closeHandler() {
    Thread closing = new Thread(this::signalHandler, "close-handler");
    closing.setDaemon(true);
    closing.start();
    return closing;
  }

  private void signalHandler() {
    if (!(handler instanceof AutoCloseable)) {
      return;
    }
    try {
      ((AutoCloseable) handler).close();
    } catch (Exception e) {
      System.err.println(FailureLog.withTrace("The handler's close() failed", e));
    }
  }

  /** Stops at once, interrupting running requests. */
  @Override
  public void close() {
    server.stop(0);
    admission.abort();
  }
}
