package com.openfaas.function.confirm;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.plan.Unconfirmed;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Traffic;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.rollout.Steps;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The way through the gateway, as callers go it")
class GatewayProbeTest {
  private static final String SELF = "/function/mesh-setup.openfaas-fn/_/ready";

  private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> connections = new CopyOnWriteArrayList<>();
  private HttpServer gateway;

  @BeforeEach
  void start() throws IOException {
    gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.createContext("/", this::answer);
    gateway.start();
  }

  @AfterEach
  void stop() {
    gateway.stop(0);
  }

  @Test
  void aFunctionAndMeshSetupThatAnswerAreReached() {
    assertThat(probe("a").toFunctions()).isNull();
    assertThat(probe("a").toSelf()).isNull();
    assertThat(asked).containsExactly(health("a"), SELF);
  }

  @Test
  @DisplayName(
      "a policy that names another account: health, a probe's path, is 200, every call 403")
  void whatAPolicyJudgesIsAskedForAsWell() {
    statuses.put(SELF, 403);

    assertThat(probe("a").lost(reached(true, false), 1)).isNull();
    Problem lost = probe("a").lost(reached(true, true), 1);

    assertThat(lost.message).contains(SELF).endsWith("status 403");
    assertThat(lost.hint).isEqualTo("kubectl -n openfaas-fn describe deployment mesh-setup");
  }

  @Test
  void whereNobodyIsMeshedThereIsNobodyToAsk() {
    GatewayProbe probe =
        new GatewayProbe(url(), platform(Sample.function().unmeshed(1).workload()));

    assertThat(probe.toFunctions().code).isEqualTo("no_function_to_call");
    assertThat(probe.toSelf().code).isEqualTo("no_function_to_call");
    assertThat(asked).isEmpty();
  }

  @Test
  @DisplayName("one that answers will do: one that is down is not the gateway's fault")
  void theFirstOfThreeIsDown() {
    statuses.put(health("a"), 502);

    assertThat(probe("a", "b", "c").toFunctions()).isNull();
    assertThat(asked).containsExactly(health("a"), health("b"));
  }

  @Test
  void ofManyThatAreDownThreeAreAsked() {
    List.of("a", "b", "c", "d").forEach(name -> statuses.put(health(name), 503));

    Problem lost = probe("a", "b", "c", "d").toFunctions();

    assertThat(lost.message).contains(health("c")).endsWith("status 503");
    assertThat(asked).containsExactly(health("a"), health("b"), health("c"));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 401, 404, 500, 502})
  void onlyAGoodAnswerIsOne(int status) {
    statuses.put(health("a"), status);

    assertThat(probe("a").toFunctions().message).endsWith("status " + status);
    assertThat(asked).as("a redirection is not followed").hasSize(1);
  }

  @Test
  void whatDidNotWorkBeforeIsNotAskedFor() {
    statuses.put(SELF, 403);
    statuses.put(health("a"), 502);

    assertThat(probe("a").lost(reached(false, false), 3)).isNull();
    assertThat(asked).isEmpty();
  }

  @Test
  @DisplayName("asked as often as it takes for each pod of the gateway to get a request")
  void eachTimeByAConnectionOfItsOwn() {
    assertThat(probe("a").lost(reached(true, true), 4)).isNull();

    assertThat(asked).hasSize(8);
    assertThat(connections).doesNotHaveDuplicates();
  }

  @Test
  void oneOfManyThatFailsIsEnoughToBeLost() {
    statuses.put(SELF, 503);

    probe("a").lost(reached(true, true), 4);

    assertThat(asked).containsExactly(health("a"), SELF);
  }

  @Test
  void aGatewayThatDoesNotListenIsToldWithItsAddress() {
    URI nowhere = url();
    gateway.stop(0);

    Problem lost = new GatewayProbe(nowhere, platform(meshed("a"))).toFunctions();

    assertThat(lost.code).isEqualTo("health_unanswered");
    assertThat(lost.message).contains(nowhere + health("a")).contains("ConnectException");
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(path);
    connections.add(exchange.getRemoteAddress().toString());
    exchange.getResponseHeaders().set("Location", "/elsewhere");
    exchange.sendResponseHeaders(statuses.getOrDefault(path, 200), -1);
    exchange.close();
  }

  private URI url() {
    return URI.create("http://127.0.0.1:" + gateway.getAddress().getPort());
  }

  private GatewayProbe probe(String... functions) {
    List<Workload> workloads = new ArrayList<>();
    for (String name : functions) {
      workloads.add(meshed(name));
    }
    workloads.add(Sample.of(Role.SELF, "openfaas-fn", "mesh-setup").meshed(1).workload());
    return new GatewayProbe(url(), platform(workloads.toArray(new Workload[0])));
  }

  private static Workload meshed(String name) {
    return Sample.of(Role.FUNCTION, "openfaas-fn", name).meshed(1).workload();
  }

  private static String health(String function) {
    return "/function/" + function + ".openfaas-fn/_/health";
  }

  private static Unconfirmed reached(boolean functions, boolean self) {
    Workload workload = Sample.of(Role.GATEWAY, "openfaas", "gateway").unmeshed(1).workload();
    return Steps.enabling(workload).toBeConfirmed(Instant.EPOCH, functions, self).unconfirmed();
  }

  private static Platform platform(Workload... workloads) {
    return new Platform(
        Reading.failed(new Problem("", "", "", "")),
        Reading.of(Sample.plane(Reading.of(Sample.CONFIG))),
        Reading.of("4222"),
        new Platform.Namespaces(
            Sample.namespace("openfaas", null),
            List.of(Sample.namespace("openfaas-fn", "enabled")),
            List.of()),
        List.of(workloads),
        Traffic.UNSEEN,
        Platform.ReadErrors.NONE);
  }
}
