package com.openfaas.function.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands on the way to the API server and counts what comes back, as it is on the wire: encrypted,
 * and compressed where it is. It changes nothing.
 */
final class ByteCounter implements AutoCloseable {
  private final Map<String, String> real;
  private final ServerSocket listener;
  private final ExecutorService copiers = Executors.newCachedThreadPool(ByteCounter::daemon);
  private final AtomicLong received = new AtomicLong();

  /**
   * @param real the environment that leads to the API server itself, on 127.0.0.1
   */
  ByteCounter(Map<String, String> real) throws IOException {
    this.real = Map.copyOf(real);
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    copiers.execute(this::accept);
  }

  /** The environment that leads here. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(real);
    environment.put("KUBERNETES_SERVICE_PORT", String.valueOf(listener.getLocalPort()));
    return environment;
  }

  /** Bytes from the API server so far. */
  long received() {
    return received.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server =
            new Socket(
                real.get("KUBERNETES_SERVICE_HOST"),
                Integer.parseInt(real.get("KUBERNETES_SERVICE_PORT")));
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        copiers.execute(() -> copy(client, server, new AtomicLong()));
        copiers.execute(() -> copy(server, client, received));
      }
    } catch (IOException | RejectedExecutionException e) {
      if (!listener.isClosed()) {
        throw new IllegalStateException("connections are no longer counted", e);
      }
    }
  }

  /** Until one of both hangs up; then the other is hung up on, too. */
  private static void copy(Socket from, Socket to, AtomicLong count) {
    byte[] chunk = new byte[64 * 1024];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        count.addAndGet(length);
        out.write(chunk, 0, length);
      }
    } catch (IOException e) {
      // One side went away, as it may: both sockets are closed by now.
      return;
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "byte-counter");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    copiers.shutdownNow();
  }
}
