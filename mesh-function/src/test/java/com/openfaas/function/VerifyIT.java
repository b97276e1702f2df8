package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.FakeGateway;
import com.openfaas.function.lab.FunctionPods;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Real requests through the fake gateway, counted by the fake proxies. The platform is meshed
 * before each test, and no test leaves a pod without a proxy that had one.
 */
@ExtendWith(ClusterExtension.class)
@DisplayName("verify: mTLS between the gateway and each function")
class VerifyIT {
  private static TestPlatform platform;
  private static FakeGateway gateway;
  private static Caller caller;
  private static Answer neverMeshed;
  private static Answer applied;

  @BeforeAll
  static void mesh(TestPlatform installed) {
    platform = installed.installWithLinkerd();
    gateway = FakeGateway.before(platform);
    caller = new Caller(platform, Map.of("gateway_url", gateway.url().toString()));
    neverMeshed = serving().get("action=verify");
    applied = caller.apply();
    platform.awaitSettled();
  }

  @AfterAll
  static void end() {
    if (gateway != null) {
      gateway.close();
    }
  }

  @Test
  @DisplayName("nothing is meshed: plaintext, HTTP 500, and the gateway is named once")
  void aPlatformThatWasNeverMeshedIsPlaintext() {
    assertThat(neverMeshed.status).as(neverMeshed.body).isEqualTo(500);
    assertThat(neverMeshed.outcome()).isEqualTo("unproven");
    assertThat(neverMeshed.verdicts().values()).containsOnly("plaintext");
    assertThat(neverMeshed.findings()).containsOnlyOnce("pod_without_proxy");
  }

  @Test
  @DisplayName("by GET and by POST: proven, with both identities, requests and latency")
  void aMeshedPlatformIsProven() {
    assertThat(applied.outcome()).isEqualTo("changed");
    for (Answer answer : List.of(serving().get("action=verify"), caller.post("verify"))) {
      assertThat(answer.status).as(answer.body).isEqualTo(200);
      assertThat(answer.outcome()).isEqualTo("verified");
      assertThat(answer.verdicts())
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "env", "proven",
                  "figlet", "proven",
                  "markdown", "plaintext",
                  "mesh-setup", "proven",
                  "nmap", "plaintext",
                  "nodeinfo", "proven"));
      JsonObject edge = answer.edge("nodeinfo");
      String trust =
          ".serviceaccount.identity." + platform.linkerd().namespace() + ".cluster.local";
      assertThat(edge.get("clientId").getAsString())
          .isEqualTo("openfaas-controller." + platform.openfaas() + trust);
      assertThat(edge.get("serverId").getAsString())
          .isEqualTo("default." + platform.functions() + trust);
      assertThat(edge.get("requests").getAsInt()).isEqualTo(1);
      assertThat(edge.get("successRate").getAsDouble()).isEqualTo(1);
      assertThat(edge.get("p95Ms").getAsDouble()).isPositive();
      assertThat(answer.edge("figlet").get("requests").getAsInt()).isEqualTo(6);
    }
  }

  @Test
  @DisplayName("writes nothing, and reads no more of the API than status does")
  void needsNoMoreThanStatus() {
    AuditLog log = new AuditLog(platform);
    assertThat(caller.get("action=status").status).isEqualTo(200);
    List<String> ofStatus = asked(log);
    log.forget();
    assertThat(serving().get("action=verify").outcome()).isEqualTo("verified");

    assertThat(log.writes()).isEmpty();
    assertThat(ofStatus).containsSubsequence(asked(log));
  }

  @Test
  void functionsAndOnlyNarrowIt() {
    assertThat(serving().get("action=verify&functions=env,nodeinfo").verdicts())
        .containsOnlyKeys("env", "nodeinfo");
    assertThat(caller.get("action=verify&only=self").verdicts()).containsOnlyKeys("mesh-setup");

    Answer idle = caller.get("action=verify&functions=sentiment");
    assertThat(idle.outcome()).as("what was not seen is not verified").isEqualTo("unproven");
    assertThat(idle.status).isEqualTo(200);
    assertThat(idle.json().get("next").getAsString()).contains("1 idle");
    assertThat(FunctionPods.of(platform, "sentiment")).isEmpty();
  }

  @Test
  @DisplayName("metrics answered 403: noEvidence, HTTP 200, and how to allow them")
  void aPolicyThatDeniesMetricsIsNoEvidence() {
    gateway.proxies().deny("figlet", true);
    Answer answer = serving().get("action=verify");
    gateway.proxies().deny("figlet", false);

    assertThat(answer.status).as(answer.body).isEqualTo(200);
    assertThat(answer.outcome()).isEqualTo("unproven");
    assertThat(answer.verdicts())
        .containsEntry("figlet", "noEvidence")
        .containsEntry("env", "proven");
    assertThat(answer.edge("figlet").get("message").getAsString()).contains("403");
    assertThat(answer.findings()).contains("metrics_forbidden");
    assertThat(answer.body)
        .contains("kind: AuthorizationPolicy", "namespace: " + platform.functions())
        .doesNotContain("allow-scrapes");
  }

  @Test
  @DisplayName("metrics of the gateway answered 403: no edge is proven, one finding says why")
  void withoutTheGatewaysMetricsNothingIsProven() {
    gateway.proxies().deny("gateway", true);
    Answer answer = serving().get("action=verify");
    gateway.proxies().deny("gateway", false);

    assertThat(answer.status).as(answer.body).isEqualTo(200);
    assertThat(answer.verdicts().values()).doesNotContain("proven");
    assertThat(answer.findings()).containsOnlyOnce("metrics_forbidden");
  }

  @Test
  @DisplayName("a pod that is replaced between the reads: noEvidence; the next run proves it")
  void aPodThatIsReplacedBetweenTheReadsIsNoEvidence() {
    Pod before = FunctionPods.of(platform, "env").get(0);
    gateway.proxies().whenCalled("env", () -> replace(before));
    Answer answer = serving().get("action=verify");
    platform.awaitSettled();

    assertThat(answer.status).as(answer.body).isEqualTo(200);
    assertThat(answer.verdicts())
        .containsEntry("env", "noEvidence")
        .containsEntry("figlet", "proven");
    assertThat(answer.findings()).contains("pod_replaced");
    assertThat(serving().get("action=verify").verdicts()).containsEntry("env", "proven");
  }

  @Test
  @DisplayName("a function that came up without a proxy: plaintext, HTTP 500, the others proven")
  void aFunctionWithoutAProxyIsPlaintext() {
    FaultScenario.on(platform).deployUninjected("late");
    gateway.awaitServing("late");
    Answer answer = serving().get("action=verify");
    platform.deleteFunction("late");
    platform.awaitSettled();

    assertThat(answer.status).as(answer.body).isEqualTo(500);
    assertThat(answer.outcome()).isEqualTo("unproven");
    assertThat(answer.verdicts()).containsEntry("late", "plaintext").containsEntry("env", "proven");
    assertThat(answer.json().get("next").getAsString()).contains("echo apply | faas-cli invoke ");
  }

  @Test
  @DisplayName("a gateway_url where nobody listens: noEvidence, and the setting is named")
  void aWrongGatewayUrlIsNoEvidence() {
    Caller astray = new Caller(platform, Map.of("gateway_url", "http://127.0.0.1:1"));
    Answer answer = astray.get("action=verify&functions=env");

    assertThat(answer.status).as(answer.body).isEqualTo(200);
    assertThat(answer.verdicts()).containsEntry("env", "noEvidence");
    assertThat(answer.body).contains("gateway_url in stack.yml must name it");
  }

  @Test
  @DisplayName("the gateway lost its proxy: every edge is plaintext, HTTP 500")
  void aGatewayWithoutAProxyIsPlaintext() {
    FaultScenario.on(platform).withoutInjector(VerifyIT::replaceGateway);
    Answer answer = serving().get("action=verify");
    replaceGateway();
    platform.awaitSettled();

    assertThat(answer.status).as(answer.body).isEqualTo(500);
    assertThat(answer.verdicts().values()).containsOnly("plaintext");
    assertThat(answer.findings()).containsOnlyOnce("pod_without_proxy");
  }

  private static Caller serving() {
    gateway.awaitServing("env", "figlet", "markdown", "mesh-setup", "nmap", "nodeinfo");
    return caller;
  }

  private static void replace(Pod pod) {
    platform.admin().resource(pod).withGracePeriod(0).delete();
    Awaitility.await("its proxy is gone")
        .until(() -> !gateway.proxies().isMeshed(pod.getMetadata().getUid()));
  }

  private static void replaceGateway() {
    platform.admin().pods().inNamespace(platform.openfaas()).withLabel("app", "gateway").delete();
  }

  private static List<String> asked(AuditLog log) {
    List<String> asked = new ArrayList<>();
    log.requests().forEach(request -> asked.add(request.toString()));
    return asked;
  }
}
