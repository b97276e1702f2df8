package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ApiFaults;
import com.openfaas.function.lab.ApiRequest;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.Fault;
import com.openfaas.function.lab.TestPlatform;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** One platform with two function namespaces, from nothing; at last another one beside it. */
@ExtendWith(ClusterExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("mesh_protect: settings, kinds, rights, two runs, two namespaces, two gateways")
class ProtectBesideIT {
  private static final Duration LATER = Duration.ofHours(2);

  private static ProtectedPlatform on;
  private static String team;

  @BeforeAll
  static void install(TestPlatform installed) {
    on = new ProtectedPlatform(installed);
    team = installed.addNamespace("team-a", Map.of("openfaas", "1"));
    installed.account().applyFor(team);
    installed.deployFunction(team, "hello", UnaryOperator.identity());
    installed.awaitSettled();
  }

  @AfterAll
  static void end() {
    if (on != null) {
      on.close();
    }
  }

  private static Caller caller(String protect, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("mesh_namespaces", on.platform.functions() + "," + team);
    return on.caller(protect, settings);
  }

  private static Caller caller(String protect) {
    return caller(protect, Map.of());
  }

  @Test
  @Order(1)
  @DisplayName("mesh_callers that names no account: told, and nothing is touched")
  void callersWithoutAccountStopEverything() {
    AuditLog log = new AuditLog(on.platform);
    Answer answer = caller("audit", Map.of("mesh_callers", "monitoring")).apply();

    assertThat(answer.status).isEqualTo(500);
    assertThat(answer.body).contains("mesh_callers: expected NAMESPACE/ACCOUNT");
    assertThat(log.writes()).isEmpty();
  }

  @Test
  @Order(2)
  @DisplayName("no Servers, or those of before 2.16: told; all else is meshed, none is written")
  void withoutTheKindsThePlatformIsMeshedAndNothingIsProtected() {
    on.policy.away(true);
    on.platform.linkerd().removeKinds();
    awaitFinding("policy_objects_unknown");
    Answer absent = caller("enforce").apply();
    assertThat(absent.outcome()).as(absent.body).isEqualTo("changed");
    assertThat(absent.findings()).contains("policy_objects_unknown");
    on.platform.awaitSettled();

    on.platform.linkerd().serveOldServers();
    awaitFinding("access_policy_unknown");
    AuditLog log = new AuditLog(on.platform);
    assertThat(caller("enforce").apply().outcome()).isEqualTo("meshed");
    assertThat(log.writes()).isEmpty();

    on.platform.linkerd().repair();
    Awaitility.await("Servers as they are")
        .atMost(Duration.ofMinutes(5))
        .until(
            () ->
                !caller("audit").get("").findings().contains("access_policy_unknown")
                    && on.objects().isEmpty());
    on.policy.away(false);
  }

  /** The API server takes a moment to serve what is defined, and to serve no more what is not. */
  private static void awaitFinding(String code) {
    Awaitility.await(code)
        .atMost(Duration.ofMinutes(5))
        .until(() -> caller("enforce").get("").findings().contains(code));
  }

  @Test
  @Order(3)
  @DisplayName("rights in one of two namespaces: blocked, names the other, nothing half done")
  void saysWhichRightsItLacks() {
    Answer answer = caller("audit").apply();

    assertThat(answer.outcome()).as(answer.body).isEqualTo("blocked");
    assertThat(answer.check("permissions"))
        .contains("patch servers.policy.linkerd.io mesh-setup in " + team)
        .contains("--resource=servers.policy.linkerd.io --resource-name=mesh-setup")
        .doesNotContain("mesh-setup in " + on.platform.functions());
    assertThat(on.objects()).isEmpty();
    assertThat(on.objects(team)).isEmpty();
    on.platform.account().apply("rbac-protect.yml", "--function-namespace", team);
  }

  @Test
  @Order(4)
  @DisplayName("two runs at once: one does it, the other is busy and writes nothing")
  void ofTwoRunsOneWrites() throws Exception {
    try (ApiFaults api = ApiFaults.before(on.platform)) {
      Fault held =
          api.set(Fault.delays(Duration.ofMinutes(1)).on(ApiRequest.of("PATCH", "/servers/")));
      CompletableFuture<Answer> first = caller("audit", api.environment()).applyMeanwhile();
      Awaitility.await("the first writes")
          .atMost(Duration.ofMinutes(5))
          .until(() -> held.hits() > 0);
      Answer second = caller("audit", KillMatrixIT.ELSEWHERE).apply();
      held.end();

      assertThat(second.status).as(second.body).isEqualTo(409);
      assertThat(second.outcome()).isEqualTo("busy");
      assertThat(first.get().status).isEqualTo(200);
    }
    for (String namespace : List.of(on.platform.functions(), team)) {
      assertThat(on.objects(namespace)).isEqualTo(ProtectedPlatform.KINDS);
      assertThat(on.access(namespace)).isEqualTo("audit");
    }
  }

  @Test
  @Order(5)
  @DisplayName("a stranger in one namespace holds up that one alone; both are taken away")
  void eachNamespaceIsJudgedByItself() throws Exception {
    assertThat(on.gateway.proxies().callPast("", "hello", "/")).isEqualTo(200);
    on.twoHoursLater();
    on.policy.age(team, LATER);

    Answer answer = caller("enforce").apply();

    assertThat(on.access()).as(answer.body).isEqualTo("deny");
    assertThat(on.access(team)).isEqualTo("audit");
    assertThat(answer.body).contains("caller_would_be_cut", "deployment " + team + "/hello");
    assertThat(on.stranger("POST", "nodeinfo", "/")).isEqualTo(403);
    assertThat(on.gateway.proxies().callPast("", "hello", "/")).isEqualTo(200);
    assertThat(on.invoked("nodeinfo")).isEqualTo(200);
    assertThat(on.invoked("hello." + team)).isEqualTo(200);
  }

  @Test
  @Order(6)
  @DisplayName("another gateway's platform: its objects admit it alone, and neither prunes others'")
  void leavesTheOtherPlatformAlone() {
    List<String> before = versions();
    TestPlatform other = on.platform.beside(2).installOpenFaas();
    other.account().apply("rbac-protect.yml");
    Answer answer = new Caller(other, Map.of("mesh_protect", "audit")).apply();

    assertThat(answer.outcome()).as(answer.body).isEqualTo("changed");
    other.awaitSettled();
    assertThat(on.objects(other.functions())).isEqualTo(ProtectedPlatform.KINDS);
    assertThat(admitted(other.functions()))
        .contains(other.openfaas())
        .doesNotContain(on.platform.openfaas());
    assertThat(admitted(on.platform.functions())).doesNotContain(other.openfaas());
    assertThat(caller("enforce").apply().status).isEqualTo(200);
    assertThat(new Caller(other, Map.of("mesh_protect", "off")).apply().status).isEqualTo(200);
    assertThat(on.objects(other.functions())).isEmpty();
    assertThat(versions()).isEqualTo(before);
    assertThat(caller("off").apply().status).isEqualTo(200);
    assertThat(on.objects()).isEmpty();
    assertThat(on.objects(team)).isEmpty();
  }

  private static List<String> versions() {
    return ProtectedPlatform.KINDS.stream()
        .flatMap(kind -> on.named(kind, on.platform.functions()))
        .map(object -> object.getMetadata().getResourceVersion())
        .collect(Collectors.toList());
  }

  private static List<String> admitted(String namespace) {
    return on.named("MeshTLSAuthentication", namespace)
        .flatMap(
            one ->
                one
                    .<Map<String, List<Map<String, String>>>>get("spec")
                    .get("identityRefs")
                    .stream())
        .map(account -> account.get("namespace"))
        .collect(Collectors.toList());
  }
}
