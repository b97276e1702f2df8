package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.FakeGateway;
import com.openfaas.function.lab.FunctionPods;
import com.openfaas.function.lab.InboundPolicy;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Calls past the fake gateway, counted and refused by the fake proxies. */
@ExtendWith(ClusterExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("Who calls functions past the gateway is told by status and verify")
class CallersIT {
  private static TestPlatform platform;
  private static FakeGateway gateway;
  private static InboundPolicy policy;
  private static Caller caller;
  private static String others;

  @BeforeAll
  static void mesh(TestPlatform installed) {
    platform = installed.installWithLinkerd();
    platform.account().apply("rbac-protect.yml");
    gateway = FakeGateway.before(platform);
    policy = gateway.policy();
    caller = caller("audit", "monitoring/prometheus");
    assertThat(caller.apply().outcome()).isEqualTo("changed");
    platform.awaitSettled();
    gateway.awaitServing("env", "figlet", "mesh-setup", "nodeinfo");
    others = platform.functions() + "/default";
  }

  @AfterAll
  static void end() {
    if (gateway != null) {
      gateway.close();
    }
  }

  @Test
  @Order(1)
  @DisplayName("the gateway's calls, probes, and whom mesh_callers names are none")
  void nobodyIsForeignYet() throws Exception {
    assertThat(gateway.proxies().callPast("monitoring/prometheus", "env", "/metrics"))
        .isEqualTo(200);
    assertThat(gateway.proxies().callPast("a/b", "env", "/_/health")).isEqualTo(200);
    assertThat(caller.get("action=verify").outcome()).isEqualTo("verified");

    assertThat(callers(caller.get("action=status"))).isEmpty();
    assertThat(callers(caller("audit", "monitoring/other").get("action=status")))
        .containsExactly("env by monitoring/prometheus: 1, refused 0");
  }

  @Test
  @Order(2)
  @DisplayName(
      "in audit: answered, counted by caller, and told once each; not of those off the mesh")
  void strangersAreSeenInAudit() throws Exception {
    assertThat(gateway.proxies().callPast(others, "env", "/")).isEqualTo(200);
    assertThat(gateway.proxies().callPast(others, "figlet", "/")).isEqualTo(200);
    assertThat(gateway.proxies().callPast("", "nodeinfo", "/_/ready")).isEqualTo(200);
    Answer status = caller.get("action=status");

    assertThat(callers(status))
        .containsExactly(
            "env by " + others + ": 1, refused 0",
            "figlet by " + others + ": 1, refused 0",
            "nodeinfo by : 1, refused 0");
    assertThat(status.findings()).filteredOn("function_called_past_gateway"::equals).hasSize(2);
    assertThat(status.body)
        .contains("mesh_callers: monitoring/prometheus," + others)
        .contains("it has opted out of the mesh", "it is idle, without a pod");

    Answer verify = caller.get("action=verify");
    assertThat(callers(verify)).containsAll(callers(status));
    assertThat(verify.edge("env").get("protected").getAsBoolean()).isFalse();
    assertThat(caller.get("action=status&format=html").body)
        .contains("Callers past the gateway", "past the gateway: " + others);
  }

  @Test
  @Order(3)
  @DisplayName("mesh_protect off: verify tells it, status asks no proxy")
  void offAsksNoProxy() {
    assertThat(callers(caller("off", "a/b").get("action=status"))).isEmpty();
    assertThat(callers(caller("off", "a/b").get("action=verify"))).isNotEmpty();
  }

  @Test
  @Order(4)
  @DisplayName("a pod that is restarted counts anew")
  void theWindowBeginsAnew() {
    Pod pod = FunctionPods.of(platform, "env").get(0);
    platform.admin().resource(pod).withGracePeriod(0).delete();
    Awaitility.await("its proxy is gone")
        .until(() -> !gateway.proxies().isMeshed(pod.getMetadata().getUid()));
    gateway.awaitServing("env");
    platform.awaitSettled();

    assertThat(callers(caller.get("action=status")))
        .noneMatch(told -> told.startsWith("env "))
        .anyMatch(told -> told.startsWith("figlet "));
  }

  @Test
  @Order(5)
  @DisplayName("denied: refused with 403 and told, the gateway's calls are served, edges protected")
  void strangersAreRefused() throws Exception {
    server()
        .edit(
            server -> {
              Map<String, Object> spec = new HashMap<>(server.<Map<String, Object>>get("spec"));
              spec.put("accessPolicy", "deny");
              server.setAdditionalProperty("spec", spec);
              return server;
            });
    assertThat(gateway.proxies().callPast(others, "env", "/")).isEqualTo(403);
    gateway.awaitServing("env", "figlet", "mesh-setup", "nodeinfo");
    Answer verify = caller.get("action=verify");

    assertThat(verify.outcome()).as(verify.body).isEqualTo("verified");
    assertThat(verify.edge("env").get("protected").getAsBoolean()).isTrue();
    assertThat(verify.edge("markdown").get("protected").getAsBoolean()).as("opted out").isFalse();
    assertThat(callers(verify)).contains("env by " + others + ": 0, refused 1");
    assertThat(verify.findings()).contains("caller_refused");
  }

  @Test
  @Order(6)
  @DisplayName("the policy controller away: what is written protects nobody, and verify says so")
  void whatHasNoEffectProtectsNobody() throws Exception {
    policy.away(true);

    assertThat(gateway.proxies().callPast(others, "env", "/")).isEqualTo(200);
    Answer verify = caller.get("action=verify");
    assertThat(verify.outcome()).isEqualTo("verified");
    assertThat(verify.edge("env").get("protected").getAsBoolean()).isFalse();
  }

  private static Caller caller(String protect, String allowed) {
    return new Caller(
        platform,
        Map.of(
            "gateway_url",
            gateway.url().toString(),
            "mesh_protect",
            protect,
            "mesh_callers",
            allowed));
  }

  private static List<String> callers(Answer answer) {
    List<String> callers = new ArrayList<>();
    for (JsonElement element : answer.json().getAsJsonArray("callers")) {
      JsonObject one = element.getAsJsonObject();
      callers.add(
          one.get("function").getAsString().replaceFirst(".*/", "")
              + " by "
              + one.get("account").getAsString()
              + ": "
              + one.get("requests").getAsInt()
              + ", refused "
              + one.get("refused").getAsInt());
    }
    return callers;
  }

  private static Resource<GenericKubernetesResource> server() {
    ResourceDefinitionContext servers =
        new ResourceDefinitionContext.Builder()
            .withGroup("policy.linkerd.io")
            .withVersion("v1beta3")
            .withKind("Server")
            .withPlural("servers")
            .withNamespaced(true)
            .build();
    return platform
        .admin()
        .genericKubernetesResources(servers)
        .inNamespace(platform.functions())
        .withName("mesh-setup");
  }
}
