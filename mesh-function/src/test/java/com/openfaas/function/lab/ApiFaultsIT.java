package com.openfaas.function.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("A faulty way to the API server, as the Kubernetes client sees it")
class ApiFaultsIT {
  private final TestPlatform platform;
  private ApiFaults api;

  ApiFaultsIT(TestPlatform platform) {
    this.platform = platform;
  }

  @BeforeAll
  static void install(TestPlatform platform) {
    platform.installOpenFaas().awaitSettled();
  }

  @BeforeEach
  void open() {
    api = ApiFaults.before(platform);
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void passesWhatHasNoFault() {
    try (KubernetesClient client = client(0);
        KubernetesClient direct = platform.account().client()) {
      assertThat(names(list(client))).isEqualTo(names(list(direct))).isNotEmpty();
    }
    assertThat(api.count(ApiRequest.of("GET", "/pods"))).isEqualTo(1);
  }

  @Test
  void whatComesWhileItClosesEndsItsConnectionAndFailsNobody() {
    ApiFaults closed = ApiFaults.before(platform);
    closed.close();

    // Anything else would be an uncaught exception, told to whichever test waits at the time.
    assertThatThrownBy(() -> closed.start(() -> {}, null)).isInstanceOf(IOException.class);
  }

  @Test
  void passesTheAccountsRightsAndNotMore() {
    try (KubernetesClient client = client(0)) {
      assertThatThrownBy(() -> client.secrets().inNamespace("kube-system").list())
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("forbidden");
    }
  }

  @Test
  void isBusyForTheNextRequests() throws Exception {
    Fault busy = api.set(Fault.tooManyRequests(Duration.ofSeconds(7)).times(3));
    try (KubernetesClient client = client(0);
        KubernetesClient patient = client(3)) {
      HttpClient http = client.getHttpClient();
      String pods = client.getMasterUrl() + "api/v1/namespaces/" + platform.functions() + "/pods";
      HttpResponse<String> answer =
          http.sendAsync(http.newHttpRequestBuilder().uri(pods).build(), String.class).get();

      assertThat(answer.code()).isEqualTo(429);
      assertThat(answer.header("Retry-After")).isEqualTo("7");
      assertThat(statusOf(client)).isEqualTo(429);
      assertThat(list(patient).getItems()).as("after the third").isNotEmpty();
    }
    assertThat(busy.hits()).isEqualTo(3);
  }

  @Test
  void failsForATime() {
    try (KubernetesClient client = client(0);
        KubernetesClient patient = client(5)) {
      // Connected: what follows is one request, whose connection is there.
      assertThat(list(client).getItems()).isNotEmpty();
      long began = System.nanoTime();
      api.set(Fault.answers(500).lasting(Duration.ofSeconds(2)));
      assertThat(statusOf(client)).isEqualTo(500);
      assertThat(list(patient).getItems()).isNotEmpty();
      assertThat(millisSince(began)).isGreaterThanOrEqualTo(2000);
    }
  }

  @Test
  void failsOnlyTheRequestsItIsToldTo() {
    Fault unwritable = api.set(Fault.answers(500).on(ApiRequest::isWrite));
    Fault unread = api.set(Fault.answers(500).on(ApiRequest.of("GET", "/deployments")));
    try (KubernetesClient client = client(0)) {
      assertThat(list(client).getItems()).isNotEmpty();
      assertThatThrownBy(() -> client.apps().deployments().inNamespace(platform.functions()).list())
          .isInstanceOf(KubernetesClientException.class);
    }
    assertThat(unwritable.hits()).isZero();
    assertThat(unread.hits()).isEqualTo(1);
  }

  @Test
  void dropsConnections() {
    Fault drop = api.set(Fault.dropsTheConnection());
    try (KubernetesClient client = client(0)) {
      assertThatThrownBy(() -> list(client))
          .isInstanceOf(KubernetesClientException.class)
          .hasRootCauseInstanceOf(IOException.class);
      drop.end();
      assertThat(list(client).getItems()).isNotEmpty();
    }
  }

  @Test
  void holdsEachRequestBack() {
    api.set(Fault.delays(Duration.ofMillis(300)));
    Fault then = api.set(Fault.answers(500).times(1));
    try (KubernetesClient client = client(0)) {
      long began = System.nanoTime();
      assertThat(statusOf(client)).isEqualTo(500);
      list(client);
      assertThat(millisSince(began)).isGreaterThanOrEqualTo(600);
    }
    assertThat(then.hits()).isEqualTo(1);
  }

  @Test
  void passesWhateverTokenIsInTheFile() {
    String token = api.token();
    try (KubernetesClient client = client(0)) {
      api.token("expired");
      assertThat(statusOf(client)).as("by the API server itself").isEqualTo(401);
      api.token(token);
      assertThat(list(client).getItems()).isNotEmpty();
      // The client tries again by itself after a first 401.
      api.set(Fault.answers(401).times(2));
      assertThat(statusOf(client)).as("by the lab").isEqualTo(401);
    }
  }

  private KubernetesClient client(int retries) {
    return ProxiedClient.open(api, retries, false);
  }

  private PodList list(KubernetesClient client) {
    return client.pods().inNamespace(platform.functions()).list();
  }

  private int statusOf(KubernetesClient client) {
    try {
      list(client);
      return 200;
    } catch (KubernetesClientException e) {
      return e.getCode();
    }
  }

  private static String names(PodList pods) {
    return pods.getItems().stream()
        .map(pod -> pod.getMetadata().getName())
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }
}
