package com.openfaas.function.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

/** OpenFaaS' gateway, called as an operator's tools call it. */
public final class Gateway {
  /** The gateway itself gives up after 60 s by default. */
  private static final Duration ANSWER = Duration.ofSeconds(75);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Way way;
  private final String authorization;

  /**
   * A gateway.
   *
   * @param way how it is reached
   * @param user of its API, with the password; null: it asks for none
   */
  public Gateway(Way way, String user, String password) {
    this.way = way;
    this.authorization =
        user == null
            ? null
            : "Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
  }

  /** How the gateway is reached for one call: it may be replaced between two. */
  public interface Way {
    Open open() throws IOException;

    /** An address that is always the same. */
    static Way to(URI url) {
      return () ->
          new Open() {
            @Override
            public URI url() {
              return url;
            }

            @Override
            public void close() {}
          };
    }

    /** An address, as long as it is open. */
    interface Open extends AutoCloseable {
      URI url();

      @Override
      void close() throws IOException;
    }
  }

  /** One call of a function, and its answer as JSON. */
  Answer invoke(String function, String method, String query, String body, Map<String, String> more)
      throws IOException {
    String path = "/function/" + function + (query.isEmpty() ? "" : "?" + query);
    return send(method, path, body, more);
  }

  /**
   * A call that is made again until a function answers: for what may be repeated. A gateway that is
   * being replaced may lose a call, and answers for functions that it does not know yet.
   */
  Answer insist(Deadline deadline, Call call) {
    Answer[] last = {new Answer(0, "no answer")};
    try {
      deadline.await("mesh-setup answers through the gateway", () -> isAnswered(call, last));
      return last[0];
    } catch (Unexpected e) {
      throw new Unexpected(e.getMessage() + "; the last answer: " + last[0].seen());
    }
  }

  private boolean isAnswered(Call call, Answer[] last) {
    try {
      last[0] = call.send(this);
      return !last[0].isOfGateway();
    } catch (IOException e) {
      // Of a gateway that is being replaced; kept, for the case that it goes on.
      last[0] = new Answer(0, e.toString());
      return false;
    }
  }

  /** A call that can be made. */
  interface Call {
    Answer send(Gateway gateway) throws IOException;
  }

  /** Whether the function's watchdog answers through the gateway. */
  boolean isHealthy(String function) throws IOException {
    return send("GET", "/function/" + function + "/_/health", "", Map.of()).status == 200;
  }

  Answer deploy(String namespace, String name, String image) throws IOException {
    JsonObject function = new JsonObject();
    function.addProperty("service", name);
    function.addProperty("image", image);
    function.addProperty("namespace", namespace);
    return send("POST", "/system/functions", function.toString(), api());
  }

  Answer delete(String namespace, String name) throws IOException {
    JsonObject function = new JsonObject();
    function.addProperty("functionName", name);
    function.addProperty("namespace", namespace);
    String path = "/system/functions?namespace=" + namespace;
    return send("DELETE", path, function.toString(), api());
  }

  private Map<String, String> api() {
    Map<String, String> json = Map.of("Content-Type", "application/json");
    return authorization == null
        ? json
        : Map.of("Content-Type", "application/json", "Authorization", authorization);
  }

  private Answer send(String method, String path, String body, Map<String, String> headers)
      throws IOException {
    try (Way.Open open = way.open()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(open.url().resolve(path))
              .timeout(ANSWER)
              .method(method, BodyPublishers.ofString(body))
              .header("Accept", "application/json")
              .header("X-Call-Id", UUID.randomUUID().toString());
      headers.forEach(request::setHeader);
      var response = client.send(request.build(), BodyHandlers.ofString(UTF_8));
      return new Answer(response.statusCode(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
