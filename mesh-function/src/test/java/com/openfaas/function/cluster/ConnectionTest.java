package com.openfaas.function.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.openfaas.function.cluster.Connection.ServerClock;
import com.openfaas.function.lab.TestCertificate;
import com.openfaas.function.platform.Problem;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The TLS to the API server")
class ConnectionTest {
  @TempDir private Path account;
  private HttpsServer api;
  private volatile String suite;

  @BeforeEach
  void start() throws IOException {
    api = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.setHttpsConfigurator(new AsTheClientPrefers());
    api.createContext("/api/v1/namespaces", this::answer);
    api.start();
    Files.writeString(account.resolve("token"), "t");
    Files.writeString(account.resolve("namespace"), "openfaas-fn");
  }

  @AfterEach
  void stop() {
    api.stop(0);
  }

  @Test
  void trustsTheClustersAuthority() throws Exception {
    trust(TestCertificate.shared().pem());
    listNamespaces();
    assertThat(suite).isNotNull();
  }

  @Test
  void trustsEveryCertificateOfTheAuthoritysFile() throws Exception {
    trust(TestCertificate.create().pem() + TestCertificate.shared().pem());
    listNamespaces();
    assertThat(suite).isNotNull();
  }

  @Test
  void trustsNoOtherAuthority() throws Exception {
    trust(TestCertificate.create().pem());
    assertThat(problem().code).isEqualTo("api_unreachable");
    assertThat(suite).as("nothing was said").isNull();
  }

  @Test
  void saysWhichFileHoldsNoCertificate() throws Exception {
    trust("none");
    Problem problem = problem();
    assertThat(problem.code).isEqualTo("no_account");
    assertThat(problem.subject).isEqualTo(account.resolve("ca.crt").toString());
  }

  @Test
  void saysThatTheTokenOfARequestCannotBeRead() throws Exception {
    trust(TestCertificate.shared().pem());
    Files.delete(account.resolve("token"));
    Files.createDirectory(account.resolve("token"));
    Problem problem = problem();
    assertThat(problem.code).isEqualTo("no_account");
    assertThat(problem.subject).isEqualTo(account.resolve("token").toString());
  }

  @Test
  @DisplayName("prefers ChaCha20, which is fast without the larger compiler")
  void prefersChaCha20() throws Exception {
    assumeTrue(Runtime.version().feature() >= 12, "Java 11 has no ChaCha20 for TLS");
    trust(TestCertificate.shared().pem());
    listNamespaces();
    assertThat(suite).contains("CHACHA20");
  }

  @Test
  @DisplayName("a key is bytes as they are in its file, less one line end")
  void aSecretIsTheBytesOfItsFile() throws Exception {
    byte[] key = {(byte) 0xff, 0, (byte) 0x80, '\n'};
    for (String end : new String[] {"", "\n", "\r\n"}) {
      Files.write(account.resolve("key"), key);
      Files.writeString(account.resolve("key"), end, StandardOpenOption.APPEND);
      byte[] read = Connection.secret(Map.of("secret_mount_path", account.toString()), "key");
      assertThat(read).hasSize(end.isEmpty() ? 3 : 4).startsWith(key[0], key[1], key[2]);
    }
    assertThat(Connection.secret(Map.of("secret_mount_path", account.toString()), "no")).isNull();
  }

  private void trust(String pem) throws IOException {
    Files.writeString(account.resolve("ca.crt"), pem);
  }

  private Problem problem() {
    return assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(this::listNamespaces)
        .actual()
        .problem;
  }

  private void listNamespaces() throws ClusterException {
    Map<String, String> environment =
        Map.of(
            "KUBERNETES_SERVICE_HOST", "127.0.0.1",
            "KUBERNETES_SERVICE_PORT", String.valueOf(api.getAddress().getPort()),
            "secret_mount_path", account.toString());
    ServerClock clock = new ServerClock(Clock.systemUTC());
    try (KubernetesClient client = Connection.of(environment).open(clock)) {
      assertThat(new Cluster(client, clock, () -> Duration.ofSeconds(10)).namespaces()).hasSize(1);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    suite = ((HttpsExchange) exchange).getSSLSession().getCipherSuite();
    byte[] body =
        "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{\"metadata\":{\"name\":\"a\"}}]}"
            .getBytes(UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** Like an API server, which takes its clients' word for whether AES is fast for them. */
  private static final class AsTheClientPrefers extends HttpsConfigurator {
    AsTheClientPrefers() {
      super(TestCertificate.shared().sslContext());
    }

    @Override
    public void configure(HttpsParameters parameters) {
      SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
      ssl.setUseCipherSuitesOrder(false);
      parameters.setSSLParameters(ssl);
    }
  }
}
