package com.openfaas.function.lab;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The servers on the addresses of pods. A kubelet gives the address of a pod that is gone to the
 * next one at once; where the two are told of by different watches, the end of the first may be
 * told later than the beginning of the second, to whom the address belongs.
 */
final class PodServers {
  private static final Map<InetSocketAddress, HttpServer> BY_ADDRESS = new HashMap<>();

  private PodServers() {}

  /** Listens on the pod's address, in place of a server that is still there. */
  static synchronized HttpServer listen(
      Pod pod, int port, Executor workers, String path, HttpHandler handler) {
    InetSocketAddress address = new InetSocketAddress(pod.getStatus().getPodIP(), port);
    stop(BY_ADDRESS.get(address));
    try {
      HttpServer server = HttpServer.create(address, 0);
      server.setExecutor(workers);
      server.createContext(path, handler);
      server.start();
      BY_ADDRESS.put(address, server);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(pod.getMetadata().getName() + " on " + address, e);
    }
  }

  /** Cuts its calls, and its port refuses; null, or one that had to make room: nothing. */
  static synchronized void stop(HttpServer server) {
    if (server != null && BY_ADDRESS.values().remove(server)) {
      server.stop(0);
    }
  }
}
