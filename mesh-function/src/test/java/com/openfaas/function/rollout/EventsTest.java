package com.openfaas.function.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.LocalClient;
import com.openfaas.function.cluster.ServerClock;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload.Role;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What kubectl describe shows of a change")
class EventsTest {
  private static final Problem LOST =
      new Problem("taken_back", "deployment openfaas/gateway", "GET /x: status 403", "see");

  private final List<JsonObject> sent = new CopyOnWriteArrayList<>();
  private final Step step =
      Steps.enabling(Sample.of(Role.GATEWAY, "openfaas", "gateway").unmeshed(1).workload());
  private int status = 201;
  private HttpServer api;
  private CountDownLatch held = new CountDownLatch(0);
  private KubernetesClient client;
  private Events events;

  @BeforeEach
  void start() throws IOException {
    api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.createContext("/apis/events.k8s.io/v1/namespaces/openfaas/events", this::answer);
    api.start();
    client = LocalClient.of(api.getAddress().getPort());
    ServerClock clock = new ServerClock(Clock.systemUTC());
    events = new Events(new Cluster(client, clock, () -> Duration.ofSeconds(10)));
  }

  @AfterEach
  void stop() {
    client.close();
    api.stop(0);
  }

  @Test
  void aChangeThatIsConfirmed() {
    events.done(step);
    events.confirmed(step);
    Events.await();

    assertThat(words(0)).isEqualTo("Normal MeshEnabled: added to the Linkerd mesh");
    assertThat(words(1))
        .isEqualTo("Normal MeshConfirmed: calls through the gateway work as before");
  }

  @Test
  void aChangeThatIsTakenBack() {
    events.rolledBack(step, LOST);
    events.takenBack(step, LOST);
    Events.await();

    assertThat(words(0)).isEqualTo("Warning MeshRolledBack: rolled back: GET /x: status 403");
    assertThat(words(1)).isEqualTo("Warning MeshTakenBack: rolled back: GET /x: status 403");
  }

  @Test
  void nobodyWaitsForOneThatIsSlow() {
    CountDownLatch slow = new CountDownLatch(1);
    held = slow;

    events.done(step);
    assertThat(sent).as("the API server has not answered yet").isEmpty();
    slow.countDown();
    Events.await();

    assertThat(words(0)).isEqualTo("Normal MeshEnabled: added to the Linkerd mesh");
  }

  @Test
  void liesOnTheGateway() {
    events.confirmed(step);
    Events.await();

    JsonObject regarding = sent.get(0).getAsJsonObject("regarding");
    assertThat(regarding.get("kind").getAsString()).isEqualTo("Deployment");
    assertThat(regarding.get("namespace").getAsString()).isEqualTo("openfaas");
    assertThat(regarding.get("name").getAsString()).isEqualTo("gateway");
  }

  @Test
  void oneThatIsRefusedStopsNothing() {
    status = 403;
    events.takenBack(step, LOST);
    Events.await();
    status = 201;
    events.confirmed(step);
    Events.await();

    assertThat(sent).hasSize(2);
  }

  private String words(int index) {
    JsonObject event = sent.get(index);
    return event.get("type").getAsString()
        + " "
        + event.get("reason").getAsString()
        + ": "
        + event.get("note").getAsString();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try {
      held.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    sent.add(JsonParser.parseString(body).getAsJsonObject());
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.getBytes(UTF_8).length);
    exchange.getResponseBody().write(body.getBytes(UTF_8));
    exchange.close();
  }
}
