package com.openfaas.function.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ClusterExtension.class)
@DisplayName("Watches over a faulty way to the API server, as the Kubernetes client sees them")
class WatchFaultsIT {
  private final TestPlatform platform;
  private ApiFaults api;

  WatchFaultsIT(TestPlatform platform) {
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

  @ParameterizedTest(name = "over HTTP alone: {0}")
  @ValueSource(booleans = {false, true})
  void passesEachEventOfAWatchAtOnce(boolean onlyHttp) throws Exception {
    try (KubernetesClient client = ProxiedClient.open(api, 0, onlyHttp);
        KubernetesClient direct = platform.account().client();
        PodEvents proxied = new PodEvents(platform, client);
        PodEvents unproxied = new PodEvents(platform, direct)) {
      long worst = 0;
      long best = Long.MAX_VALUE;
      for (int i = 0; i < 20; i++) {
        String value = onlyHttp + "-" + i;
        PodEvents.cause(platform, value);
        long lag = proxied.await(value) - unproxied.await(value);
        worst = Math.max(worst, TimeUnit.NANOSECONDS.toMillis(lag));
        best = Math.min(best, TimeUnit.NANOSECONDS.toMillis(lag));
      }
      System.out.printf("watch, onlyHttp=%s: at most %d ms later than direct%n", onlyHttp, worst);
      // Held back until another comes, each would; a busy machine delays some.
      assertThat(best).isLessThan(100);
    }
    assertThat(api.count(request -> request.isWatch() && request.webSocket))
        .isEqualTo(onlyHttp ? 0 : 1);
  }

  @ParameterizedTest(name = "over HTTP alone: {0}")
  @ValueSource(booleans = {false, true})
  void letsAnOpenWatchDieSilently(boolean onlyHttp) throws Exception {
    try (KubernetesClient client = ProxiedClient.open(api, 0, onlyHttp);
        KubernetesClient direct = platform.account().client();
        PodEvents proxied = new PodEvents(platform, client);
        PodEvents unproxied = new PodEvents(platform, direct)) {
      PodEvents.cause(platform, "before" + onlyHttp);
      proxied.await("before" + onlyHttp);
      assertThat(api.silenceOpenWatches()).isEqualTo(1);
      PodEvents.cause(platform, "after" + onlyHttp);
      unproxied.await("after" + onlyHttp);
      assertThat(proxied.next(Duration.ofMillis(300))).as("no event, no end").isNull();
    }
  }

  @Test
  void opensAWatchThatNeverSpeaks() throws Exception {
    Fault silence = api.set(Fault.silencesWatches());
    try (KubernetesClient client = ProxiedClient.open(api, 0, false);
        KubernetesClient direct = platform.account().client();
        PodEvents proxied = new PodEvents(platform, client);
        PodEvents unproxied = new PodEvents(platform, direct)) {
      PodEvents.cause(platform, "unheard");
      unproxied.await("unheard");
      assertThat(proxied.next(Duration.ofMillis(300))).isNull();
    }
    assertThat(silence.hits()).isEqualTo(1);
  }

  @ParameterizedTest(name = "over HTTP alone: {0}")
  @ValueSource(booleans = {false, true})
  void saysThatAnOpenWatchIsGone(boolean onlyHttp) throws Exception {
    try (KubernetesClient client = ProxiedClient.open(api, 0, onlyHttp);
        PodEvents proxied = new PodEvents(platform, client)) {
      PodEvents.cause(platform, "known" + onlyHttp);
      proxied.await("known" + onlyHttp);
      assertThat(api.expireOpenWatches()).isEqualTo(1);
      assertThat(proxied.awaitEnd().isHttpGone()).isTrue();
      assertThat(PodEvents.pods(platform, client)).as("the client goes on").isNotEmpty();
    }
  }

  @ParameterizedTest(name = "over HTTP alone: {0}")
  @ValueSource(booleans = {false, true})
  void saysThatANewWatchIsGone(boolean onlyHttp) throws Exception {
    Fault gone = api.set(Fault.expiresWatches().times(1));
    try (KubernetesClient client = ProxiedClient.open(api, 0, onlyHttp);
        PodEvents first = new PodEvents(platform, client)) {
      assertThat(first.awaitEnd().isHttpGone()).isTrue();
      try (PodEvents second = new PodEvents(platform, client)) {
        PodEvents.cause(platform, "second" + onlyHttp);
        second.await("second" + onlyHttp);
      }
    }
    assertThat(gone.hits()).isEqualTo(1);
  }

  @Test
  void aDroppedWatchIsTakenUpAgain() throws Exception {
    try (KubernetesClient client = ProxiedClient.open(api, 0, false);
        PodEvents proxied = new PodEvents(platform, client)) {
      PodEvents.cause(platform, "opened");
      proxied.await("opened");
      assertThat(api.dropOpenConnections()).isPositive();
      PodEvents.cause(platform, "again");
      proxied.await("again");
    }
    assertThat(api.count(ApiRequest::isWatch)).isEqualTo(2);
  }
}
