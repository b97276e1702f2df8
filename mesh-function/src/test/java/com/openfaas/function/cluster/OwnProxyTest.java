package com.openfaas.function.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openfaas.function.cluster.Requests.OwnProxy;
import com.openfaas.function.platform.Problem;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName(
    "Where no answer comes from the API server, the proxy of the own pod is named, if there is one")
class OwnProxyTest {
  private ServerSocket admin;
  private ServerSocket api;
  private Thread closing;

  @BeforeEach
  void start() throws IOException {
    admin = listening();
    api = listening();
    ServerSocket closes = api;
    closing = new Thread(() -> closeEach(closes));
    closing.start();
  }

  @AfterEach
  void stop() throws Exception {
    admin.close();
    api.close();
    closing.join();
  }

  @Test
  @Timeout(120)
  void aClosedConnectionMayBeItsWork() {
    Problem problem = problem(Duration.ofSeconds(60));
    assertThat(problem.code).isEqualTo("api_unreachable");
    assertThat(problem.message)
        .contains("no answer from the API server")
        .contains("the Linkerd proxy of mesh-setup's own pod, unless it skips port " + port(api));
    assertThat(problem.hint)
        .contains("if linkerd-destination is down")
        .contains("kubectl -n team-a patch deployment mesh-setup --type merge -p '{")
        .contains(
            "config.linkerd.io/skip-outbound-ports\":\"443,6443," + port(api) + ",4567,4568\"")
        .contains("when the API server can be reached");
  }

  @Test
  @Timeout(120)
  void aRefusedConnectionToo() throws IOException {
    api.close();
    assertThat(problem(Duration.ofSeconds(60)).message).contains("mesh-setup's own pod");
  }

  @Test
  @Timeout(120)
  void andSilence() throws Exception {
    ServerSocket silent = listening();
    api.close();
    api = silent;
    Problem problem = problem(Duration.ofMillis(300));
    assertThat(problem.code).isEqualTo("time_over");
    assertThat(problem.message).contains("mesh-setup's own pod");
  }

  @Test
  @Timeout(120)
  void withoutAProxyNobodyIsSuspected() throws IOException {
    SocketAddress nobody = admin.getLocalSocketAddress();
    admin.close();
    Problem problem = problem(Duration.ofSeconds(60), nobody);
    assertThat(problem.code).isEqualTo("api_unreachable");
    assertThat(problem + problem.hint).doesNotContainIgnoringCase("linkerd");
  }

  private Problem problem(Duration left) {
    return problem(left, admin.getLocalSocketAddress());
  }

  private Problem problem(Duration left, SocketAddress proxy) {
    Requests requests = new Requests(() -> left, new OwnProxy(proxy, "team-a", port(api)));
    try (KubernetesClient client = LocalClient.of(port(api))) {
      return assertThatExceptionOfType(ClusterException.class)
          .isThrownBy(
              () ->
                  new ObjectRequests(client, requests)
                      .get("namespace x", "/api/v1/x", String.class))
          .actual()
          .problem;
    }
  }

  private static void closeEach(ServerSocket mine) {
    while (!mine.isClosed()) {
      try (Socket accepted = mine.accept()) {
        accepted.setSoLinger(true, 0);
      } catch (IOException e) {
        assertThat(mine.isClosed()).as("it ends the test: %s", e).isTrue();
      }
    }
  }

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  private static int port(ServerSocket of) {
    return of.getLocalPort();
  }
}
