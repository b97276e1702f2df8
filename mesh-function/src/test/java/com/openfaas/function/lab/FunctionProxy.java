package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the two containers of a gateway pod make of a call: the gateway adds its headers, faas-netes
 * picks an address of the function and calls it.
 */
public final class FunctionProxy {
  private static final Pattern PATH =
      Pattern.compile("/function/([-\\w]+)(?:\\.([-\\w]+))?(?:/(.*))?");
  private static final Set<String> METHODS =
      Set.of("POST", "PUT", "PATCH", "DELETE", "GET", "OPTIONS", "HEAD");

  private final Endpoints endpoints;
  private final String defaultNamespace;
  private final Duration upstreamTimeout;
  private final FakeProxies proxies;
  private volatile Trouble trouble = (meshed, function, path) -> 0;
  private final HttpClient client = HttpClient.newHttpClient();

  FunctionProxy(
      Endpoints endpoints, String defaultNamespace, Duration upstreamTimeout, FakeProxies proxies) {
    this.proxies = proxies;
    this.endpoints = endpoints;
    this.defaultNamespace = defaultNamespace;
    this.upstreamTimeout = upstreamTimeout;
  }

  /** What befalls calls on their way from the gateway to a function. */
  public interface Trouble {
    /** No answer, until the caller gives up. */
    int SILENCE = -1;

    /**
     * The status that the caller gets instead of the function's answer; 0: the function's.
     *
     * @param meshed whether the gateway's pod has a proxy
     */
    int status(boolean meshed, String function, String path);
  }

  void trouble(Trouble what) {
    trouble = what;
  }

  /** An answer that is ready to go out, if there is still a gateway to send it. */
  interface Reply {
    void send() throws IOException;
  }

  /**
   * Carries the call.
   *
   * @param gateway the uid of the pod that does
   */
  Reply call(String gateway, HttpExchange call) throws IOException, InterruptedException {
    URI uri = call.getRequestURI();
    Matcher path = PATH.matcher(uri.getRawPath());
    if (uri.getPath().equals("/healthz")) {
      return own(call, 200, "");
    }
    if (!path.matches()) {
      return own(call, 404, "404 page not found");
    }
    if (!METHODS.contains(call.getRequestMethod())) {
      return own(call, 405, "");
    }
    String namespace = Optional.ofNullable(path.group(2)).orElse(defaultNamespace);
    String params = Optional.ofNullable(path.group(3)).orElse("");
    int status = trouble.status(proxies.isMeshed(gateway), path.group(1), params);
    if (status != 0) {
      return status == Trouble.SILENCE ? () -> {} : own(call, status, "");
    }
    Optional<String> address = endpoints.pick(namespace, path.group(1));
    if (address.isEmpty()) {
      return internal(call, 503, "No endpoints available for: " + path.group(1) + ".");
    }
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    URI to = URI.create("http://" + address.get() + ":8080/" + params + query);
    return forward(gateway, call, path.group(1), to);
  }

  private Reply forward(String gateway, HttpExchange call, String function, URI to)
      throws IOException, InterruptedException {
    Map<String, String> added = headers(call);
    added.put(FakeProxies.FROM, gateway);
    HttpRequest request = Forward.request(call, to, added).timeout(upstreamTimeout).build();
    Headers headers = call.getResponseHeaders();
    headers.set("X-Call-Id", added.get("X-Call-Id"));
    headers.set("X-Served-By", "openfaas-ce/0.27.14");
    headers.set("Content-Type", contentType(call));
    long sentAt = System.nanoTime();
    try {
      HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
      double millis = (System.nanoTime() - sentAt) / 1e6;
      boolean probe = to.getPath().equals("/_/health");
      proxies.passed(gateway, to.getHost(), probe, answer.statusCode(), millis);
      return () -> Forward.answer(call, answer);
    } catch (HttpTimeoutException e) {
      return own(call, 502, "");
    } catch (IOException e) {
      return internal(call, 500, "Can't reach service for: " + function + ".");
    }
  }

  /** Those of the client stay, but for the time at which the call began. */
  private static Map<String, String> headers(HttpExchange call) {
    Headers given = call.getRequestHeaders();
    Map<String, String> added = new HashMap<>();
    added.put("X-Call-Id", first(given, "X-Call-Id", UUID.randomUUID().toString()));
    long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    added.put("X-Start-Time", String.valueOf(now));
    added.put(
        "X-Forwarded-Host", first(given, "X-Forwarded-Host", first(given, "Host", "gateway")));
    String from =
        call.getRemoteAddress().getAddress().getHostAddress()
            + ":"
            + call.getRemoteAddress().getPort();
    added.put("X-Forwarded-For", first(given, "X-Forwarded-For", from));
    return added;
  }

  /** The function's, which comes in its place, else the request's. */
  private static String contentType(HttpExchange call) {
    return first(call.getRequestHeaders(), "Content-Type", "text/plain");
  }

  private static String first(Headers headers, String name, String otherwise) {
    return Optional.ofNullable(headers.getFirst(name)).orElse(otherwise);
  }

  private static Reply internal(HttpExchange call, int status, String text) {
    call.getResponseHeaders().set("X-OpenFaaS-Internal", "proxy");
    return own(call, status, text);
  }

  private static Reply own(HttpExchange call, int status, String text) {
    return () -> Forward.answer(call, status, text.getBytes(UTF_8));
  }
}
