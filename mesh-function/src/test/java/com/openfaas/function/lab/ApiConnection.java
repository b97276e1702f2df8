package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.openfaas.function.lab.Fault.Kind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Optional;

/** One connection of the function's client: its requests, one after the other, and their faults. */
final class ApiConnection implements AutoCloseable {
  private final ApiFaults faults;
  private final Upstream api;
  private final Socket bare;
  private final InputStream in;
  private final OutputStream out;
  private volatile Upstream.Connection upstream;

  /**
   * @param bare what TLS runs on: closed, it cuts the client off without a farewell
   */
  ApiConnection(ApiFaults faults, Upstream api, Socket bare, Socket secured) throws IOException {
    this.faults = faults;
    this.api = api;
    this.bare = bare;
    this.in = new BufferedInputStream(secured.getInputStream());
    this.out = secured.getOutputStream();
  }

  /** Until one of both sides has enough, or a fault ends it. */
  void serve() throws IOException, InterruptedException {
    boolean open = true;
    while (open) {
      Optional<HttpHead> head = HttpHead.read(in);
      open = head.isPresent() && serve(head.get(), HttpBody.ofRequest(head.get(), in));
    }
  }

  /** Whether the connection can take another request. */
  private boolean serve(HttpHead head, byte[] body) throws IOException, InterruptedException {
    ApiRequest request = new ApiRequest(head);
    faults.saw(request);
    Optional<Fault> fault = faults.met(request, Kind.DELAY);
    if (fault.isPresent()) {
      fault.get().delay();
    }
    fault = faults.met(request, Kind.ANSWER, Kind.DROP);
    if (fault.isEmpty()) {
      return forward(request, head, body);
    }
    if (fault.get().kind == Kind.ANSWER) {
      write(answer(fault.get()));
      return true;
    }
    return false;
  }

  private boolean forward(ApiRequest request, HttpHead head, byte[] body) throws IOException {
    if (upstream == null) {
      upstream = api.open();
    }
    upstream.send(head, body);
    HttpHead answer =
        HttpHead.read(upstream.in)
            .orElseThrow(() -> new IOException("the API server closed before it answered"));
    write(answer.bytes());
    int status = Integer.parseInt(answer.word(1));
    if (request.isWatch() && (status == 101 || status == 200)) {
      return watch(request, answer);
    }
    if (status == 101) {
      throw new IOException(request + ": only watches are passed over a WebSocket");
    }
    boolean hasBody = !request.method.equals("HEAD") && status != 204 && status != 304;
    if (hasBody) {
      HttpBody.copy(answer, upstream.in, this::write);
    }
    return true;
  }

  private boolean watch(ApiRequest request, HttpHead answer) throws IOException {
    Upstream.Connection source = upstream;
    WatchStream watch = new WatchStream(request, out, source);
    faults.opened(watch);
    try {
      if (request.webSocket) {
        faults.start(() -> HttpBody.copyAll(in, source.out), this);
        HttpBody.copyFrames(source.in, watch::pass);
        return false;
      }
      HttpBody.copy(answer, source.in, watch::pass);
      return true;
    } catch (IOException e) {
      if (!watch.isExpired()) {
        throw e;
      }
      upstream = null;
      return !request.webSocket;
    } finally {
      faults.closed(watch);
    }
  }

  private void write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** As the API server words it. */
  private static byte[] answer(Fault fault) {
    String body =
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
            + ("\"message\":\"" + message(fault.status) + "\",\"code\":" + fault.status + "}\n");
    String retry = fault.status == 429 ? "Retry-After: " + fault.time.toSeconds() + "\r\n" : "";
    return ("HTTP/1.1 "
            + fault.status
            + " Fault\r\nContent-Type: application/json\r\n"
            + retry
            + "Content-Length: "
            + body.getBytes(UTF_8).length
            + "\r\n\r\n"
            + body)
        .getBytes(UTF_8);
  }

  private static String message(int status) {
    switch (status) {
      case 401:
        return "Unauthorized";
      case 429:
        return "Too many requests, please try again later.";
      default:
        return "Internal error occurred: a fault of the lab";
    }
  }

  @Override
  public void close() throws IOException {
    bare.close();
    Upstream.Connection open = upstream;
    if (open != null) {
      open.close();
    }
  }
}
