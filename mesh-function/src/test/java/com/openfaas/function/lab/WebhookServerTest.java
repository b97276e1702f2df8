package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

class WebhookServerTest {
  private static final String REVIEW =
      "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\","
          + "\"request\":{\"uid\":\"1\"}}";

  private final CountDownLatch asked = new CountDownLatch(1);

  @Test
  void aFailureToAnswerIsToldAtTheEnd() {
    WebhookServer server = new WebhookServer(request -> fail());
    server.start();

    assertThat(ask(server)).failsWithin(Duration.ofMinutes(1));

    assertThatThrownBy(server::close).hasRootCauseMessage("no such object");
  }

  @Test
  void aRequestBrokenOffByItsStopIsNoFailure() throws InterruptedException {
    WebhookServer server = new WebhookServer(request -> interrupted());
    server.start();
    CompletableFuture<HttpResponse<String>> answer = ask(server);
    asked.await();

    assertThatCode(server::close).doesNotThrowAnyException();

    assertThat(answer).failsWithin(Duration.ofMinutes(1));
    assertThatCode(server::close).as("nor later").doesNotThrowAnyException();
  }

  private static List<Map<String, Object>> fail() {
    throw new IllegalStateException("no such object");
  }

  /** As the Kubernetes client does when its thread is interrupted. */
  private List<Map<String, Object>> interrupted() {
    asked.countDown();
    try {
      new CountDownLatch(1).await();
      return List.of();
    } catch (InterruptedException e) {
      throw new IllegalStateException(new IOException(e));
    }
  }

  private static CompletableFuture<HttpResponse<String>> ask(WebhookServer server) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + "/"))
            .POST(HttpRequest.BodyPublishers.ofString(REVIEW))
            .build();
    return HttpClient.newBuilder()
        .sslContext(trusting())
        .build()
        .sendAsync(request, HttpResponse.BodyHandlers.ofString());
  }

  private static SSLContext trusting() {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      byte[] pem = TestCertificate.shared().pem().getBytes(UTF_8);
      trusted.setCertificateEntry(
          "ca",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem)));
      TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
