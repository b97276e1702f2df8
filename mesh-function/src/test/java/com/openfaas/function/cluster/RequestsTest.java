package com.openfaas.function.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openfaas.function.cluster.Connection.ServerClock;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Problem;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A request to the API server has a deadline, and its answer no more than a page")
class RequestsTest {
  private static final Duration SHORT = Duration.ofMillis(700);

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<Answer> answers = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private HttpServer api;
  private KubernetesClient client;

  @BeforeEach
  void start() throws IOException {
    api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.setExecutor(workers);
    api.createContext("/", this::answer);
    api.start();
    client = LocalClient.of(api.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    over.countDown();
    client.close();
    api.stop(0);
    workers.shutdownNow();
  }

  @Test
  @Timeout(120)
  void aSilentServerIsNotWaitedForBeyondTheTimeThatIsLeft() {
    answers.add(exchange -> silence());
    Problem problem = problem(SHORT, afterOneTry -> asked.size() == 1);
    assertThat(problem.code).isEqualTo("time_over");
    assertThat(problem.message).contains("within 700 ms, all that was left of this run's time");
  }

  @Test
  @Timeout(120)
  void anAnswerThatBreaksOffWithoutEndIsNotWaitedForEither() {
    answers.add(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("{\"metadata\":".getBytes(UTF_8));
          exchange.getResponseBody().flush();
          silence();
        });
    assertThat(problem(cluster(SHORT)).code).isEqualTo("time_over");
  }

  @Test
  @Timeout(120)
  void triesBelongToTheDeadline() {
    answers.add(exchange -> exchange.sendResponseHeaders(500, -1));
    Predicate<Problem> answered = last -> last.code.equals("api_unavailable") && asked.size() > 1;
    problem(Duration.ofSeconds(3), answered);
    assertThat(asked)
        .as("after 0, 200, 600, 1400 and 3000 ms at the earliest")
        .hasSizeBetween(2, 5);
  }

  @Test
  void anAilingServerIsAskedAgain() throws ClusterException {
    answers.add(exchange -> exchange.sendResponseHeaders(503, -1));
    answers.add(page("", "a"));
    assertThat(names(cluster(Duration.ofMinutes(1)))).containsExactly("a");
    assertThat(asked).hasSize(2);
  }

  @Test
  void nothingIsSentWhenTheTimeIsOver() {
    Problem problem = problem(cluster(Duration.ZERO));
    assertThat(problem.code).isEqualTo("time_over");
    assertThat(asked).isEmpty();
  }

  @Test
  void aListIsReadPageByPage() throws ClusterException {
    answers.add(page("next one", "a", "b"));
    answers.add(page("", "c"));
    assertThat(names(cluster(Duration.ofMinutes(1)))).containsExactly("a", "b", "c");
    assertThat(asked.get(0)).contains("limit=1000").doesNotContain("continue");
    assertThat(asked.get(1)).contains("continue=next+one");
  }

  @Test
  @DisplayName("a token that has expired, 410, begins the list anew")
  void anExpiredTokenBeginsTheListAnew() throws ClusterException {
    answers.add(page("old", "a", "b"));
    answers.add(exchange -> exchange.sendResponseHeaders(410, -1));
    answers.add(page("", "a", "c"));
    assertThat(names(cluster(Duration.ofMinutes(1)))).containsExactly("a", "c");
  }

  @Test
  void onlyTheAnnotationsThatAreLookedAtAreKept() throws ClusterException {
    String annotations =
        "{\"a/large\":\""
            + "x".repeat(240 * 1024)
            + "\",\""
            + Annotations.INJECT
            + "\":\"enabled\",\"z\":null,\""
            + Annotations.PREVIOUS
            + "\":\""
            + "y".repeat(10_000)
            + "\"}";
    answers.add(
        body(
            "{\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[{\"metadata\":{\"name\":\"a\","
                + "\"annotations\":"
                + annotations
                + "}}]}"));
    List<Map<String, String>> kept =
        cluster(Duration.ofMinutes(1))
            .pods("fn", null, pod -> pod.getMetadata().getAnnotations())
            .items;
    assertThat(kept).hasSize(1);
    assertThat(kept.get(0)).containsOnlyKeys(Annotations.INJECT, Annotations.PREVIOUS);
    assertThat(kept.get(0).get(Annotations.PREVIOUS)).as("cut").hasSize(4096);
  }

  private Cluster cluster(Duration remaining) {
    return new Cluster(client, new ServerClock(Clock.systemUTC()), () -> remaining);
  }

  private static List<String> names(Cluster cluster) throws ClusterException {
    return new ArrayList<>(
        cluster.workloads(Kind.DEPLOYMENT, "fn", null, w -> w.getMetadata().getName()).items);
  }

  private static Problem problem(Cluster cluster) {
    return assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> names(cluster))
        .actual()
        .problem;
  }

  /**
   * What comes of a request with so much time, made anew where that was over too soon: before the
   * request arrived, say, because the machine halted.
   */
  private Problem problem(Duration left, Predicate<Problem> inTime) {
    return Awaitility.await("a request in time")
        .until(
            () -> {
              asked.clear();
              return problem(cluster(left));
            },
            inTime);
  }

  private void silence() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Answer page(String following, String... names) {
    List<String> items = new ArrayList<>();
    for (String name : names) {
      items.add("{\"metadata\":{\"name\":\"" + name + "\"}}");
    }
    return body(
        "{\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\""
            + following
            + "\"},\"items\":["
            + String.join(",", items)
            + "]}");
  }

  private static Answer body(String json) {
    return exchange -> {
      byte[] bytes = json.getBytes(UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  /** The last answer is given again and again. */
  private void answer(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI().getRawQuery());
    answers.get(Math.min(asked.size(), answers.size()) - 1).give(exchange);
    exchange.close();
  }

  private interface Answer {
    void give(HttpExchange exchange) throws IOException;
  }
}
