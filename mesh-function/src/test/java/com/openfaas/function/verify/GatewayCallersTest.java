package com.openfaas.function.verify;

import static com.openfaas.function.verify.EdgeCase.TRUST;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.PodView.Proxy;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Traffic;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.verify.EdgeEndpoint.MetricsDelta;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who called the gateway, by what its proxy has counted since it started. */
class GatewayCallersTest {
  private static final Workload GATEWAY = of(Role.GATEWAY, "openfaas", "gateway", "controller");
  private static final Workload QUEUE = of(Role.CORE, "openfaas", "queue-worker", "default");
  private static final Workload FIGLET = of(Role.FUNCTION, "openfaas-fn", "figlet", "default");

  @Test
  @DisplayName("queue-worker by its identity; an ingress controller by its account; no functions")
  void namesCallersByTheirIdentity() {
    List<Edge> edges =
        callers(
                received("default.openfaas", 40),
                received("nginx.v1.ingress-nginx", 7),
                received("default.openfaas-fn", 9))
            .gatewayCallers(caller -> true);

    assertThat(edges)
        .extracting(edge -> edge.from + " -> " + edge.to + " " + edge.mtls)
        .containsExactly(
            "openfaas/queue-worker -> openfaas/gateway proven",
            "ingress-nginx/nginx.v1 -> openfaas/gateway proven");
    assertThat(edges.get(0).traffic.requests).isEqualTo(40);
    assertThat(edges.get(0).clientId).isEqualTo("default.openfaas" + TRUST);
    assertThat(edges.get(0).message).contains("since the gateway's proxy started");
  }

  @Test
  @DisplayName("an identity that two share names the account")
  void aSharedIdentityNamesTheAccount() {
    Workload connector = of(Role.CORE, "openfaas", "cron-connector", "default");
    List<Edge> edges =
        callers(List.of(GATEWAY, QUEUE, connector, FIGLET), received("default.openfaas", 1))
            .gatewayCallers(caller -> true);

    assertThat(edges).extracting(edge -> edge.from).containsExactly("openfaas/default");
  }

  @Test
  void onlyWhatIsAskedForIsTold() {
    Assessment callers = callers(received("default.openfaas", 1), received("a.b", 1));

    assertThat(callers.gatewayCallers(caller -> caller == null)).hasSize(1);
    assertThat(callers.gatewayCallers(caller -> false)).isEmpty();
  }

  @Test
  @DisplayName("no identity, or one of no service account, is no caller")
  void strangeIdentitiesAreNoCallers() {
    String odd = received("x", 1).replace("x" + TRUST, "spiffe://elsewhere/x");

    assertThat(callers(odd, received("", 1).replace(TRUST, "")).gatewayCallers(caller -> true))
        .isEmpty();
  }

  @Test
  @DisplayName("requests without TLS, but for probes and other ports, are worth a word")
  void plaintextCallersAreNoted() {
    String plain = plain("8080", "default");

    assertThat(callers(plain).calledInPlaintext().message)
        .contains("counted 3 requests without TLS");
    assertThat(callers(plain("8080", "probe"), plain("8082", "default")).calledInPlaintext())
        .isNull();
    assertThat(callers(plain.replace("route_name=\"default\"", "x=\"\"")).calledInPlaintext())
        .as("proxies without routes count probes, too")
        .isNull();
  }

  private static Assessment callers(String... lines) {
    return callers(List.of(GATEWAY, QUEUE, FIGLET), lines);
  }

  private static Assessment callers(List<Workload> workloads, String... lines) {
    NamespaceView functions = Sample.namespace("openfaas-fn", null);
    Platform platform =
        new Platform(
            Reading.of(GATEWAY),
            Reading.of(Sample.plane(Reading.of(Sample.CONFIG))),
            Reading.of(""),
            new Platform.Namespaces(
                Sample.namespace("openfaas", null), List.of(functions), List.of()),
            workloads,
            Traffic.UNSEEN,
            Platform.ReadErrors.NONE);
    PodView pod = GATEWAY.pods.get(0);
    MetricsDelta delta =
        MetricsDelta.of(
            pod,
            Identity.of(GATEWAY, pod, platform.controlPlane),
            EdgeCase.metrics(),
            EdgeCase.metrics(lines));
    return new Assessment(platform, Map.of(GATEWAY.key(), List.of(delta)), Map.of());
  }

  private static Workload of(Role role, String namespace, String name, String account) {
    PodView pod = Sample.pod(name + "-1", true, Proxy.READY).reachedAt("10.0.0.1", account);
    return Sample.of(role, namespace, name).pods(pod).workload();
  }

  private static String received(String account, int requests) {
    return "request_total{direction=\"inbound\",target_port=\"8080\",tls=\"true\",client_id=\""
        + account
        + TRUST
        + "\",route_name=\"default\"} "
        + requests;
  }

  private static String plain(String port, String route) {
    return "request_total{direction=\"inbound\",target_port=\""
        + port
        + "\",tls=\"no_identity\",no_tls_reason=\"no_tls_from_remote\",route_name=\""
        + route
        + "\"} 3";
  }
}
