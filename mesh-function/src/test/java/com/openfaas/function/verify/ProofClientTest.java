package com.openfaas.function.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.verify.ScrapeTarget.Room;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Pods that answer badly: what they send is bounded, and so is the time for it. */
class ProofClientTest {
  private static final String POD = "127.96.0." + (ProcessHandle.current().pid() % 250 + 1);
  private static final Workload FIGLET = Sample.function().meshed(1).workload();
  private static final List<Workload> PLATFORM =
      List.of(Sample.of(Workload.Role.SELF, "openfaas-fn", "mesh-setup").meshed(1).workload());

  private final ProofClient client =
      new ProofClient(Duration.ofMinutes(1), Duration.ofMinutes(1), 32L << 20);
  private final AtomicReference<HttpHandler> answer = new AtomicReference<>();
  private final AtomicReference<String> path = new AtomicReference<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(POD, 4191), 0);
    server.setExecutor(workers);
    server.createContext("/", this::handle);
    server.start();
  }

  @AfterEach
  void end() {
    over.complete(null);
    server.stop(0);
    workers.shutdownNow();
  }

  @Test
  void readsMetricsAcrossPackets() throws Exception {
    answer.set(
        call -> {
          call.sendResponseHeaders(200, 0);
          try (OutputStream out = call.getResponseBody()) {
            for (String part :
                List.of("request_total{direc", "tion=\"inbound\",tls=\"true\"} ", "7")) {
              out.write(part.getBytes(UTF_8));
              out.flush();
            }
          }
        });
    assertThat(metrics().value.sinceStart())
        .singleElement()
        .satisfies(series -> assertThat(series.grown).isEqualTo(7));
    assertThat(path.get()).isEqualTo("/metrics");
  }

  @Test
  @DisplayName("403 is a policy's: how to allow it; any other status is not")
  void aDeniedReadIsTold() throws Exception {
    answer.set(call -> call.sendResponseHeaders(403, -1));
    assertThat(metrics().problem.code).isEqualTo("metrics_forbidden");
    assertThat(metrics().problem.hint)
        .startsWith("kubectl apply -f - <<'EOF'")
        .contains("{namespace: openfaas-fn, name: mesh-setup-metrics}", "port: linkerd-admin")
        .contains("kind: MeshTLSAuthentication", "kind: AuthorizationPolicy")
        .contains("{kind: ServiceAccount, name: default, namespace: openfaas-fn}")
        .doesNotContain("allow-scrapes");
    answer.set(call -> call.sendResponseHeaders(302, -1));
    assertThat(metrics().problem.code).isEqualTo("metrics_unreadable");
    assertThat(metrics().problem.message).endsWith("status 302");
  }

  @Test
  void whereNobodyListensTheErrorIsTold() throws Exception {
    server.stop(0);
    assertThat(metrics().problem.message)
        .startsWith(
            "the metrics of pod figlet-1, http://" + POD + ":4191/metrics: ConnectException");
  }

  @Test
  void aPodWithoutAnAddressIsNotAsked() throws Exception {
    assertThat(metrics(Sample.pod("figlet-1", true, Proxy.READY), 2).problem.message)
        .isEqualTo("pod figlet-1 has no address");
  }

  @Test
  @DisplayName("a pod's own admin port is followed where it is a port, and told where it is none")
  void thePodsAdminPortIsFollowed() throws Exception {
    answer.set(call -> call.sendResponseHeaders(200, -1));
    HttpServer other = HttpServer.create(new InetSocketAddress(POD, 4999), 0);
    other.createContext("/", this::handle);
    other.start();
    assertThat(metrics(withAdminPort("4999"), 2).isKnown()).isTrue();
    assertThat(path.getAndSet(null)).isEqualTo("/metrics");
    other.stop(0);
    for (String bad : new String[] {"0", "70000", "80/../x", "@evil", ""}) {
      assertThat(metrics(withAdminPort(bad), 2).problem.message)
          .isEqualTo("pod figlet-1: its annotation config.linkerd.io/admin-port is no port number");
    }
    assertThat(path.get()).isNull();
  }

  @Test
  @DisplayName("what the gateway says is kept: capped, in one line, without control characters")
  void whatTheGatewaySaysIsKept() throws Exception {
    URI gateway = URI.create("http://" + POD + ":4191");
    answer.set(call -> says(call, 503, "No endpoints\u001b[31m available\u202e for:\nfiglet.\r\n"));
    assertThat(client.health(gateway, FIGLET).message)
        .endsWith("status 503, \"No endpoints [31m available  for: figlet.\"");
    answer.set(call -> says(call, 502, "x".repeat(5000)));
    assertThat(client.health(gateway, FIGLET).message).endsWith(", \"" + "x".repeat(200) + "\"");
  }

  private static void says(HttpExchange call, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    call.sendResponseHeaders(status, bytes.length);
    call.getResponseBody().write(bytes);
  }

  private static PodView withAdminPort(String port) {
    return new PodView(
            "figlet-1",
            Map.of(),
            Map.of(Annotations.ADMIN_PORT, port),
            Sample.phase(false, true),
            Proxy.READY,
            "")
        .reachedAt(POD, null);
  }

  @Test
  @DisplayName("a body that does not end by itself, drop by drop, ends with the time")
  void aSlowBodyEndsInTime() throws Exception {
    answer.set(
        call -> {
          call.sendResponseHeaders(200, 0);
          call.getResponseBody().write("request_total 1\n".getBytes(UTF_8));
          call.getResponseBody().flush();
          over.join();
        });
    ProofClient hasty = new ProofClient(Duration.ofMillis(400), Duration.ofMinutes(1), 32L << 20);
    // Where the machine halts, its time is over before the answer begins, which is told otherwise.
    Awaitility.await("the body that does not end")
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> hasty.metrics(target(pod(), 2), PLATFORM).problem.message,
            message -> message.endsWith("no complete answer within 400 ms"));
  }

  @Test
  @DisplayName("a line without end is given up after 64 KiB")
  void anEndlessLineIsGivenUp() throws Exception {
    answer.set(call -> endless(call, "x".repeat(8192)));
    isTooLarge(metrics(), "the answer is too long");
  }

  @Test
  @DisplayName("an answer without end is given up; a health check's after 64 KiB")
  void anEndlessAnswerIsGivenUp() throws Exception {
    answer.set(call -> endless(call, "x\n".repeat(4096)));
    assertThat(client.health(URI.create("http://" + POD + ":4191"), FIGLET).message)
        .endsWith("the answer is too long");
  }

  @Test
  @DisplayName("what all pods may tell together is a part of the heap, and each has the same of it")
  void theMoreFunctionsTheLessOfEach() throws Exception {
    String client = "request_total{direction=\"inbound\",tls=\"true\",client_id=\"caller-%d\"} 1\n";
    String callers = String.format(client.repeat(20), IntStream.range(0, 20).boxed().toArray());
    answer.set(call -> says(call, 200, callers));

    assertThat(metrics(pod(), 2000).isKnown()).isTrue();
    isTooLarge(metrics(pod(), 4000), "more callers and targets than fit in memory");
  }

  @Test
  @DisplayName("health is asked of the gateway by the function's name and namespace")
  void healthIsAskedThroughTheGateway() throws Exception {
    URI gateway = URI.create("http://" + POD + ":4191/faas");
    answer.set(call -> call.sendResponseHeaders(200, -1));
    assertThat(client.health(gateway, FIGLET)).isNull();
    assertThat(path.get()).isEqualTo("/faas/function/figlet.openfaas-fn/_/health");

    answer.set(call -> call.sendResponseHeaders(503, -1));
    assertThat(client.health(gateway, FIGLET).message).endsWith("/_/health: status 503");
    server.stop(0);
    assertThat(client.health(gateway, FIGLET).hint).contains("gateway_url");
  }

  private Reading<Metrics> metrics() throws InterruptedException {
    return metrics(pod(), 2);
  }

  private Reading<Metrics> metrics(PodView pod, long readings) throws InterruptedException {
    return client.metrics(target(pod, readings), PLATFORM);
  }

  private static void isTooLarge(Reading<Metrics> reading, String end) {
    assertThat(reading.problem.code).isEqualTo("metrics_too_large");
    assertThat(reading.problem.message).endsWith(end);
  }

  private static ScrapeTarget target(PodView pod, long readings) {
    return new ScrapeTarget(FIGLET, pod, Room.OF_FUNCTION, readings);
  }

  private static PodView pod() {
    return EdgeCase.pod("figlet-1", Proxy.READY, POD);
  }

  private void handle(HttpExchange call) throws IOException {
    path.set(call.getRequestURI().getPath());
    answer.get().handle(call);
    call.close();
  }

  private void endless(HttpExchange call, String part) throws IOException {
    call.sendResponseHeaders(200, 0);
    while (!over.isDone()) {
      call.getResponseBody().write(part.getBytes(UTF_8));
    }
  }
}
