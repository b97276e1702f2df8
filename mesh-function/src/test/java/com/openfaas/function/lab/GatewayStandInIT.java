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
@DisplayName("The gateway's stand-in")
class GatewayStandInIT {
  private final HttpClient client = HttpClient.newHttpClient();
  private final TestPlatform platform;
  private GatewayStandIn gateway;

  GatewayStandInIT(TestPlatform platform) {
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
    gateway = GatewayStandIn.before(platform).awaitServing("cows", "figlet", "nodeinfo");
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
    gateway = GatewayStandIn.before(platform, Duration.ofMillis(300)).awaitServing("cows");
    gateway.pods().answer("cows", call -> await(over));

    HttpResponse<String> answer = post("cows");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).isEmpty();
    over.countDown();
  }

  @Test
  void cutsTheCallsOfAGatewayPodThatIsDeleted() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    gateway
        .pods()
        .answer(
            "cows",
            call -> {
              arrived.countDown();
              await(over);
            });
    CompletableFuture<HttpResponse<String>> call =
        client.sendAsync(request(gateway, "cows").build(), BodyHandlers.ofString());
    assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

    deleteGatewayPod();

    assertThatThrownBy(() -> call.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
    assertThat(gateway.cut()).isEqualTo(1);
    over.countDown();
    platform.awaitSettled();
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

  private void deleteGatewayPod() {
    platform.admin().pods().inNamespace(platform.openfaas()).withLabel("app", "gateway").delete();
  }

  private List<String> podsOf(String function) {
    return platform
        .admin()
        .pods()
        .inNamespace(platform.functions())
        .withLabel("faas_function", function)
        .list()
        .getItems()
        .stream()
        .map(pod -> pod.getStatus().getPodIP())
        .filter(Objects::nonNull)
        .collect(Collectors.toList());
  }

  private HttpResponse<String> post(String path) throws IOException, InterruptedException {
    return client.send(request(gateway, path).build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(GatewayStandIn gateway, String path) {
    return HttpRequest.newBuilder(gateway.function(path))
        .header("Content-Type", "text/plain")
        .POST(BodyPublishers.ofString("hello"));
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
