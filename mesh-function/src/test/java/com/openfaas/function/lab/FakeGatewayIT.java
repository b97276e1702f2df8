package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("The fake gateway")
class FakeGatewayIT {
  private final HttpClient client = HttpClient.newHttpClient();
  private final TestPlatform platform;
  private FakeGateway gateway;

  FakeGatewayIT(TestPlatform platform) {
    this.platform = platform;
  }

  @BeforeAll
  static void install(TestPlatform platform) {
    platform.installOpenFaas();
    platform.deployFunction("cows", FunctionPods.draining());
    platform.awaitSettled();
  }

  @BeforeEach
  void open() {
    gateway = FakeGateway.before(platform).awaitServing("cows", "figlet", "nodeinfo");
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void passesACallToAPodOfTheFunction() throws Exception {
    gateway.pods().answer("cows", call -> Forward.answer(call, 201, described(call)));

    HttpResponse<String> answer = post("cows." + platform.functions() + "/a/b?c=d");

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body()).startsWith("POST /a/b?c=d hello ").endsWith("ns");
    assertThat(answer.headers().firstValue("X-Call-Id")).isPresent();
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain");
    assertThat(post("figlet").body()).startsWith("figlet-");
  }

  @Test
  void saysSoWhenAFunctionHasNoReadyPod() throws Exception {
    platform.deployFunction("broken", Change.behaviour("never-ready"));
    Awaitility.await("its pod runs").until(() -> !podsOf("broken").isEmpty());

    for (String name : List.of("broken", "sentiment", "unheard-of")) {
      HttpResponse<String> answer = post(name);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("No endpoints available for: " + name + ".");
    }
    platform.deleteFunction("broken");
  }

  @Test
  void forgetsAPodThatIsGone() {
    platform.deployFunction("brief");
    gateway.awaitServing("brief");
    String address = podsOf("brief").get(0);
    platform.deleteFunction("brief");

    Awaitility.await("no endpoint").until(() -> post("brief").statusCode() == 503);
    Awaitility.await("refused")
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> new Socket(address, 8080).close())
                    .isInstanceOf(ConnectException.class));
  }

  @Test
  void givesUpOnASlowFunction() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    gateway.close();
    gateway = FakeGateway.before(platform, Duration.ofMillis(300)).awaitServing("cows");
    gateway.pods().answer("cows", call -> await(over));

    HttpResponse<String> answer = post("cows");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).isEmpty();
    over.countDown();
  }

  @Test
  void cutsTheCallsOfAGatewayPodThatIsDeleted() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    CompletableFuture<HttpResponse<String>> call = inFlight("cows", over);

    deletePods(platform.openfaas(), "app", "gateway");

    assertThatThrownBy(() -> call.get(2, TimeUnit.MINUTES)).hasCauseInstanceOf(IOException.class);
    assertThat(gateway.cut()).isEqualTo(1);
    over.countDown();
    platform.awaitSettled();
  }

  @Test
  void answersACallWhoseFunctionPodIsDrained() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    CompletableFuture<HttpResponse<String>> call = inFlight("cows", over);

    deletePods(platform.functions(), "faas_function", "cows");
    over.countDown();

    assertThat(call.get(2, TimeUnit.MINUTES).statusCode()).isEqualTo(200);
    platform.awaitSettled();
  }

  @Test
  void losesACallWhoseFunctionPodIsGone() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    CompletableFuture<HttpResponse<String>> call = inFlight("nodeinfo", over);

    deletePods(platform.functions(), "faas_function", "nodeinfo");

    HttpResponse<String> answer = call.get(2, TimeUnit.MINUTES);
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).isEqualTo("Can't reach service for: nodeinfo.");
    over.countDown();
    platform.awaitSettled();
  }

  @Test
  void carriesACallToTheFunctionsOwnProcess() throws Exception {
    try (ApiFaults api = ApiFaults.before(platform);
        FunctionProcess process =
            FunctionProcess.start(FunctionProcess.TEMPLATE, api.environment())) {
      gateway.awaitServing("mesh-setup").pods().process("mesh-setup", process.url());

      assertThat(post("mesh-setup?format=json", "status").body()).contains("\"observed\"");
      assertThat(api.count(ApiRequest.of("GET", "/deployments"))).isPositive();
      assertThat(api.count(ApiRequest::isWrite)).isZero();
    }
  }

  @Test
  void givesNoAnswerWithoutAGatewayPod() {
    scaleGateway(0);
    Awaitility.await("no gateway").until(() -> gateway.ready() == 0);

    assertThatThrownBy(() -> post("cows")).isInstanceOf(IOException.class);

    assertThat(gateway.refused()).isPositive();
    scaleGateway(1);
    platform.awaitSettled();
  }

  private void scaleGateway(int replicas) {
    platform.edit(platform.openfaas(), "gateway", Change.replicas(replicas));
  }

  private void deletePods(String namespace, String label, String value) {
    platform.admin().pods().inNamespace(namespace).withLabel(label, value).delete();
  }

  /** A call that has arrived at a pod of the function, and is answered 200 when told. */
  private CompletableFuture<HttpResponse<String>> inFlight(String function, CountDownLatch over)
      throws InterruptedException {
    CountDownLatch arrived = new CountDownLatch(1);
    gateway
        .pods()
        .answer(
            function,
            call -> {
              arrived.countDown();
              await(over);
              Forward.answer(call, 200, new byte[0]);
            });
    CompletableFuture<HttpResponse<String>> call =
        client.sendAsync(request(function, "hello"), BodyHandlers.ofString());
    assertThat(arrived.await(2, TimeUnit.MINUTES)).isTrue();
    return call;
  }

  private List<String> podsOf(String function) {
    return FunctionPods.of(platform, function).stream()
        .map(pod -> pod.getStatus().getPodIP())
        .filter(Objects::nonNull)
        .collect(Collectors.toList());
  }

  private HttpResponse<String> post(String path) throws IOException, InterruptedException {
    return post(path, "hello");
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return client.send(request(path, body), BodyHandlers.ofString());
  }

  private HttpRequest request(String path, String body) {
    return HttpRequest.newBuilder(gateway.function(path))
        .header("Content-Type", "text/plain")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static byte[] described(HttpExchange call) throws IOException {
    String body = new String(call.getRequestBody().readAllBytes(), UTF_8);
    String began = call.getRequestHeaders().getFirst("X-Start-Time");
    return (call.getRequestMethod() + " " + call.getRequestURI() + " " + body + " " + began + "ns")
        .getBytes(UTF_8);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
