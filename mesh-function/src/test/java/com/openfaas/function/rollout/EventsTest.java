package com.openfaas.function.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.Connection.ServerClock;
import com.openfaas.function.cluster.LocalClient;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.PastRun;
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
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
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
  private Cluster cluster;
  private Events events;

  @BeforeEach
  void start() throws IOException {
    api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.createContext("/apis/events.k8s.io/v1/namespaces/openfaas/events", this::answer);
    api.start();
    client = LocalClient.of(api.getAddress().getPort());
    ServerClock clock = new ServerClock(Clock.systemUTC());
    cluster = new Cluster(client, clock, () -> Duration.ofSeconds(10));
    events = new Events(cluster);
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

  @Test
  @DisplayName("a run is read as it was told, newest first; what others write there is left out")
  void aRunIsReadAsItWasTold() throws Exception {
    PastRun failed = run("b0430e4a", "rolledBack", "Rolled back: openfaas-fn/env", true);
    events.ran(step.object, failed);
    events.ran(step.object, run("11aa22bb", "changed", "On the mesh: 4 of 4", false));
    List<JsonObject> core = sent.stream().map(EventsTest::asCore).collect(Collectors.toList());
    JsonObject foreign = core.get(0).deepCopy();
    foreign.addProperty("message", "no word of ours");
    core.add(foreign);
    JsonObject list = new JsonObject();
    JsonObject metadata = new JsonObject();
    metadata.addProperty("resourceVersion", "7");
    list.add("metadata", metadata);
    list.add("items", new Gson().toJsonTree(core));
    List<String> asked = new CopyOnWriteArrayList<>();
    api.createContext(
        "/api/v1/namespaces/openfaas/events",
        exchange -> {
          asked.add(exchange.getRequestURI().getQuery());
          respond(exchange, 200, list.toString());
        });

    List<PastRun> read = cluster.pastRuns("openfaas");

    assertThat(asked)
        .hasSize(1)
        .allMatch(query -> query.contains("reason=MeshRun,reportingComponent=openfaas.com/mesh"));
    assertThat(read.stream().map(run -> run.id)).containsExactly("11aa22bb", "b0430e4a");
    assertThat(read.get(1)).usingRecursiveComparison().ignoringFields("at").isEqualTo(failed);
    assertThat(words(0)).isEqualTo("Warning MeshRun: rolledBack: Rolled back: openfaas-fn/env");
  }

  private static PastRun run(String id, String outcome, String headline, boolean failed) {
    return new PastRun(id, "apply", outcome, headline, failed, Instant.EPOCH);
  }

  /** The API server shows one event in both groups. */
  private static JsonObject asCore(JsonObject event) {
    JsonObject core = event.deepCopy();
    core.add("message", core.remove("note"));
    core.add("involvedObject", core.remove("regarding"));
    core.add("reportingComponent", core.remove("reportingController"));
    return core;
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
    respond(exchange, status, body);
  }

  private static void respond(HttpExchange exchange, int status, String body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.getBytes(UTF_8).length);
    exchange.getResponseBody().write(body.getBytes(UTF_8));
    exchange.close();
  }
}
