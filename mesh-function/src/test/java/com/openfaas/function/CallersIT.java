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
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Calls past the fake gateway, counted and refused by the fake proxies. Their story is told once;
 * each test is about what one of its steps has shown.
 */
@ExtendWith(ClusterExtension.class)
@DisplayName("Who calls functions past the gateway is told by status and verify")
class CallersIT {
  private static final String NAMED = "monitoring/prometheus";

  private static TestPlatform platform;
  private static FakeGateway gateway;
  private static Caller caller;
  private static String others;

  private static Answer applied;
  private static Step named;
  private static Step anotherNamed;
  private static Step strangers;
  private static String page;
  private static Step off;
  private static Step restarted;
  private static Step denied;
  private static Step away;

  @BeforeAll
  static void tell(TestPlatform installed) throws IOException {
    platform = installed.installWithLinkerd();
    platform.account().apply("rbac-protect.yml");
    gateway = FakeGateway.before(platform);
    InboundPolicy policy = gateway.policy();
    caller = caller("audit", NAMED);
    applied = caller.apply();
    platform.awaitSettled();
    gateway.awaitServing("env", "figlet", "mesh-setup", "nodeinfo");
    others = platform.functions() + "/default";

    named = new Step(caller, call(NAMED, "env", "/metrics"), call("a/b", "env", "/_/health"));
    anotherNamed = new Step(caller("audit", "monitoring/other"));
    strangersCall();
    off = new Step(caller("off", "a/b"));
    restartEnv();
    restarted = new Step(caller);
    deny();
    int refused = call(others, "env", "/");
    gateway.awaitServing("env", "figlet", "mesh-setup", "nodeinfo");
    denied = new Step(caller, refused);
    policy.away(true);
    away = new Step(caller, call(others, "env", "/"));
  }

  private static void strangersCall() throws IOException {
    strangers =
        new Step(
            caller,
            call(others, "env", "/"),
            call(others, "figlet", "/"),
            call("", "nodeinfo", "/_/ready"));
    page = caller.get("action=status&format=html").body;
  }

  private static void restartEnv() {
    Pod pod = FunctionPods.of(platform, "env").get(0);
    platform.admin().resource(pod).withGracePeriod(0).delete();
    Awaitility.await("its proxy is gone")
        .until(() -> !gateway.proxies().isMeshed(pod.getMetadata().getUid()));
    gateway.awaitServing("env");
    platform.awaitSettled();
  }

  private static void deny() {
    server()
        .edit(
            server -> {
              Map<String, Object> spec = new HashMap<>(server.<Map<String, Object>>get("spec"));
              spec.put("accessPolicy", "deny");
              server.setAdditionalProperty("spec", spec);
              return server;
            });
  }

  @AfterAll
  static void end() {
    if (gateway != null) {
      gateway.close();
    }
  }

  @Test
  @DisplayName("the gateway's calls, probes, and whom mesh_callers names are none")
  void nobodyIsForeignYet() {
    assertThat(applied.outcome()).isEqualTo("changed");
    assertThat(named.answered).containsExactly(200, 200);
    assertThat(named.verify.outcome()).isEqualTo("verified");

    assertThat(callers(named.status)).isEmpty();
    assertThat(callers(anotherNamed.status))
        .containsExactly("env by monitoring/prometheus: 1, refused 0");
  }

  @Test
  @DisplayName(
      "in audit: answered, counted by caller, and told once each; not of those off the mesh")
  void strangersAreSeenInAudit() {
    assertThat(strangers.answered).containsExactly(200, 200, 200);
    assertThat(callers(strangers.status))
        .containsExactly(
            "env by " + others + ": 1, refused 0",
            "figlet by " + others + ": 1, refused 0",
            "nodeinfo by : 1, refused 0");
    assertThat(strangers.status.findings())
        .filteredOn("function_called_past_gateway"::equals)
        .hasSize(2);
    assertThat(strangers.status.body)
        .contains("mesh_callers: monitoring/prometheus," + others)
        .contains("it has opted out of the mesh", "it is idle, without a pod");

    assertThat(callers(strangers.verify)).containsAll(callers(strangers.status));
    assertThat(strangers.verify.edge("env").get("protected").getAsBoolean()).isFalse();
    assertThat(page).contains("Callers past the gateway", "past the gateway: " + others);
  }

  @Test
  @DisplayName("mesh_protect off: verify tells it, status asks no proxy")
  void offAsksNoProxy() {
    assertThat(callers(off.status)).isEmpty();
    assertThat(callers(off.verify)).isNotEmpty();
  }

  @Test
  @DisplayName("a pod that is restarted counts anew")
  void theWindowBeginsAnew() {
    assertThat(callers(restarted.status))
        .noneMatch(told -> told.startsWith("env "))
        .anyMatch(told -> told.startsWith("figlet "));
  }

  @Test
  @DisplayName("denied: refused with 403 and told, the gateway's calls are served, edges protected")
  void strangersAreRefused() {
    assertThat(denied.answered).containsExactly(403);
    assertThat(denied.verify.outcome()).as(denied.verify.body).isEqualTo("verified");
    assertThat(denied.verify.edge("env").get("protected").getAsBoolean()).isTrue();
    assertThat(denied.verify.edge("markdown").get("protected").getAsBoolean())
        .as("opted out")
        .isFalse();
    assertThat(callers(denied.verify)).contains("env by " + others + ": 0, refused 1");
    assertThat(denied.verify.findings()).contains("caller_refused");
  }

  @Test
  @DisplayName("the policy controller away: what is written protects nobody, and verify says so")
  void whatHasNoEffectProtectsNobody() {
    assertThat(away.answered).containsExactly(200);
    assertThat(away.verify.outcome()).isEqualTo("verified");
    assertThat(away.verify.edge("env").get("protected").getAsBoolean()).isFalse();
  }

  private static int call(String account, String function, String path) throws IOException {
    return gateway.proxies().callPast(account, function, path);
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

  /** What calls past the gateway were answered, and what is told after them. */
  private static final class Step {
    final List<Integer> answered;
    final Answer verify;
    final Answer status;

    Step(Caller caller, Integer... answered) {
      this.answered = List.of(answered);
      this.verify = caller.get("action=verify");
      this.status = caller.get("action=status");
    }
  }
}
