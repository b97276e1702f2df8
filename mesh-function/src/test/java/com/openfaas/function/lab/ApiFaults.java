package com.openfaas.function.lab;

import com.openfaas.function.lab.Fault.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import javax.net.ssl.SSLSocketFactory;

/**
 * Stands before the real API server, for the function's client alone, and lets go wrong what a test
 * wants to go wrong. Everything else passes as it comes: a watch's events one by one, over HTTP or
 * over a WebSocket, and the token of each request. It speaks HTTP/1.1, so a client has as many
 * connections as it has requests at a time, where HTTP/2 would have one.
 */
public final class ApiFaults implements AutoCloseable {
  private final Upstream api;
  private final ServerSocket listener;
  private final SSLSocketFactory tls;
  private final ProxiedAccount account;
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final List<ApiRequest> seen = new CopyOnWriteArrayList<>();
  private final Set<WatchStream> watches = ConcurrentHashMap.newKeySet();
  private final Set<ApiConnection> connections = ConcurrentHashMap.newKeySet();

  private ApiFaults(TestPlatform platform) throws IOException {
    Map<String, String> real = platform.functionEnvironment();
    URI server = URI.create(platform.admin().getMasterUrl().toString());
    this.api = new Upstream(server, Paths.get(real.get("secret_mount_path"), "ca.crt"));
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.tls = TestCertificate.shared().sslContext().getSocketFactory();
    this.account =
        new ProxiedAccount(
            real,
            (InetSocketAddress) listener.getLocalSocketAddress(),
            TestCertificate.shared().pem());
  }

  /** Before the API server of a platform on which OpenFaaS is installed and settled. */
  public static ApiFaults before(TestPlatform platform) {
    try {
      ApiFaults faults = new ApiFaults(platform);
      faults.workers.execute(faults::accept);
      return faults;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The environment a mesh-setup process needs to come this way, as its own account. */
  public Map<String, String> environment() {
    return account.environment();
  }

  /** The function's token, in the file it reads it from. */
  public String token() {
    return account.token();
  }

  /** Replaces the token in its file. */
  public void token(String token) {
    account.token(token);
  }

  /** From now on; of several that could answer a request, the one set up first does. */
  public Fault set(Fault fault) {
    fault.begin();
    faults.add(fault);
    return fault;
  }

  /** All faults are gone; a watch that fell silent stays so. */
  public void heal() {
    faults.clear();
  }

  /** The watches that are open now stay open, and nothing more comes of them. */
  public int silenceOpenWatches() {
    List<WatchStream> open = List.copyOf(watches);
    open.forEach(WatchStream::silence);
    return open.size();
  }

  /** The watches that are open now say 410 Gone and end; not those that have fallen silent. */
  public int expireOpenWatches() {
    List<WatchStream> open = new ArrayList<>(watches);
    // Whose client may have gone long ago: only a write would tell.
    open.removeIf(WatchStream::isSilent);
    open.forEach(this::expire);
    return open.size();
  }

  /** Every connection that is open now ends without a word. */
  public int dropOpenConnections() {
    List<ApiConnection> open = List.copyOf(connections);
    open.forEach(ApiFaults::end);
    return open.size();
  }

  /** What was asked so far, in the order in which it came, faults or not. */
  public List<ApiRequest> requests() {
    return new ArrayList<>(seen);
  }

  public long count(Predicate<ApiRequest> which) {
    return seen.stream().filter(which).count();
  }

  /** What was asked so far does not count. */
  public void forget() {
    seen.clear();
  }

  void saw(ApiRequest request) {
    seen.add(request);
  }

  /** The fault of one of these kinds that the request meets. */
  Optional<Fault> met(ApiRequest request, Kind... kinds) {
    Set<Kind> wanted = Set.of(kinds);
    return faults.stream()
        .filter(fault -> wanted.contains(fault.kind))
        .filter(fault -> fault.meets(request))
        .findFirst();
  }

  void opened(WatchStream watch) {
    watches.add(watch);
    met(watch.request, Kind.SILENCE).ifPresent(fault -> watch.silence());
    met(watch.request, Kind.EXPIRE).ifPresent(fault -> expire(watch));
  }

  void closed(WatchStream watch) {
    watches.remove(watch);
  }

  private void expire(WatchStream watch) {
    try {
      watch.expire();
    } catch (IOException e) {
      // Its client went away first, so nobody is left to hear it.
      watches.remove(watch);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket bare = listener.accept();
        try {
          execute(() -> serve(bare));
        } catch (IOException e) {
          bare.close();
          throw e;
        }
      }
    } catch (IOException e) {
      if (!listener.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket bare) {
    try {
      bare.setTcpNoDelay(true);
      ApiConnection connection =
          new ApiConnection(this, api, bare, tls.createSocket(bare, null, true));
      connections.add(connection);
      run(connection::serve, connection);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Beside what the connection's own thread does. */
  void start(Serving serving, ApiConnection connection) throws IOException {
    execute(() -> run(serving, connection));
  }

  /** A client may still ask while this closes: that is its connection's end, and nobody's fault. */
  private void execute(Runnable work) throws IOException {
    try {
      workers.execute(work);
    } catch (RejectedExecutionException e) {
      throw new IOException("no longer before the API server", e);
    }
  }

  private void run(Serving serving, ApiConnection connection) {
    try {
      serving.run();
    } catch (IOException e) {
      // One side has gone: there is nobody to tell but the other side, by closing.
      end(connection);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(connection);
      end(connection);
    }
  }

  private static void end(ApiConnection connection) {
    try {
      connection.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      dropOpenConnections();
      workers.shutdownNow();
      account.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A part of a connection's work. */
  interface Serving {
    void run() throws IOException, InterruptedException;
  }
}
