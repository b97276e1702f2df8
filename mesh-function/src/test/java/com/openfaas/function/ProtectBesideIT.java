package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One platform with two function namespaces, from nothing until one of them is protected: that
 * story is told once, and a test is about what one of its steps has shown. One test goes on from
 * there: it sets another platform beside this one, and takes all protection away.
 */
@ExtendWith(ClusterExtension.class)
@DisplayName("mesh_protect: settings, kinds, rights, two runs, two namespaces, two gateways")
class ProtectBesideIT {
  private static final Duration LATER = Duration.ofHours(2);

  private static ProtectedPlatform on;
  private static String team;

  private static Answer withoutAccount;
  private static List<String> writesWithoutAccount;
  private static Answer withoutKinds;
  private static Answer withOldServers;
  private static List<String> writesWithOldServers;
  private static Step withoutRights;
  private static Answer busy;
  private static Step besideBusy;
  private static Step enforced;

  private static int strangerBefore;

  /** The statuses of calls, by who calls whom. */
  private static Map<String, Integer> whenEnforced;

  @BeforeAll
  static void tell(TestPlatform installed) throws Exception {
    on = new ProtectedPlatform(installed);
    team = installed.addNamespace("team-a", Map.of("openfaas", "1"));
    installed.account().applyFor(team);
    installed.deployFunction(team, "hello", UnaryOperator.identity());
    installed.awaitSettled();

    callWithoutAnAccount();
    meshWithoutTheKinds();
    withoutRights = new Step(caller("audit").apply());
    on.platform.account().apply("rbac-protect.yml", "--function-namespace", team);
    auditTwiceAtOnce();
    enforceWhereNoStrangerCalls();
  }

  private static void callWithoutAnAccount() {
    AuditLog log = new AuditLog(on.platform);
    withoutAccount = caller("audit", Map.of("mesh_callers", "monitoring")).apply();
    writesWithoutAccount = log.writes();
  }

  private static void meshWithoutTheKinds() {
    on.policy.away(true);
    on.platform.linkerd().removeKinds();
    awaitFinding("policy_objects_unknown");
    withoutKinds = caller("enforce").apply();
    on.platform.awaitSettled();

    on.platform.linkerd().serveOldServers();
    awaitFinding("access_policy_unknown");
    AuditLog log = new AuditLog(on.platform);
    withOldServers = caller("enforce").apply();
    writesWithOldServers = log.writes();

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

  private static void auditTwiceAtOnce() throws Exception {
    try (ApiFaults api = ApiFaults.before(on.platform)) {
      Fault held =
          api.set(Fault.delays(Duration.ofMinutes(1)).on(ApiRequest.of("PATCH", "/servers/")));
      CompletableFuture<Answer> first = caller("audit", api.environment()).applyMeanwhile();
      Awaitility.await("the first writes")
          .atMost(Duration.ofMinutes(5))
          .until(() -> held.hits() > 0);
      busy = caller("audit", KillMatrixIT.ELSEWHERE).apply();
      held.end();
      besideBusy = new Step(first.get());
    }
  }

  private static void enforceWhereNoStrangerCalls() throws Exception {
    strangerBefore = on.gateway.proxies().callPast("", "hello", "/");
    on.twoHoursLater();
    on.policy.age(team, LATER);
    enforced = new Step(caller("enforce").apply());
    whenEnforced =
        Map.of(
            "stranger to nodeinfo", on.stranger("POST", "nodeinfo", "/"),
            "stranger to hello", on.gateway.proxies().callPast("", "hello", "/"),
            "gateway to nodeinfo", on.invoked("nodeinfo"),
            "gateway to hello", on.invoked("hello." + team));
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
  @DisplayName("mesh_callers that names no account: told, and nothing is touched")
  void callersWithoutAccountStopEverything() {
    assertThat(withoutAccount.status).isEqualTo(500);
    assertThat(withoutAccount.body).contains("mesh_callers: expected NAMESPACE/ACCOUNT");
    assertThat(writesWithoutAccount).isEmpty();
  }

  @Test
  @DisplayName("no Servers, or those of before 2.16: told; all else is meshed, none is written")
  void withoutTheKindsThePlatformIsMeshedAndNothingIsProtected() {
    assertThat(withoutKinds.outcome()).as(withoutKinds.body).isEqualTo("changed");
    assertThat(withoutKinds.findings()).contains("policy_objects_unknown");

    assertThat(withOldServers.outcome()).as(withOldServers.body).isEqualTo("meshed");
    assertThat(withOldServers.findings()).contains("access_policy_unknown");
    assertThat(writesWithOldServers).isEmpty();
  }

  @Test
  @DisplayName("rights in one of two namespaces: blocked, names the other, nothing half done")
  void saysWhichRightsItLacks() {
    Answer answer = withoutRights.answer;
    assertThat(answer.outcome()).as(answer.body).isEqualTo("blocked");
    assertThat(answer.check("permissions"))
        .contains("patch servers.policy.linkerd.io mesh-setup in " + team)
        .contains("--resource=servers.policy.linkerd.io --resource-name=mesh-setup")
        .doesNotContain("mesh-setup in " + on.platform.functions());
    assertThat(withoutRights.objects)
        .containsOnly(entry(on.platform.functions(), List.of()), entry(team, List.of()));
  }

  @Test
  @DisplayName("two runs at once: one does it, the other is busy and writes nothing")
  void ofTwoRunsOneWrites() {
    assertThat(busy.status).as(busy.body).isEqualTo(409);
    assertThat(busy.outcome()).isEqualTo("busy");
    assertThat(besideBusy.answer.status).isEqualTo(200);
    assertThat(besideBusy.objects)
        .containsOnly(
            entry(on.platform.functions(), ProtectedPlatform.KINDS),
            entry(team, ProtectedPlatform.KINDS));
    assertThat(besideBusy.access)
        .containsOnly(entry(on.platform.functions(), "audit"), entry(team, "audit"));
  }

  @Test
  @DisplayName("a stranger in one namespace holds up that one alone")
  void eachNamespaceIsJudgedByItself() {
    Answer answer = enforced.answer;
    assertThat(strangerBefore).isEqualTo(200);
    assertThat(enforced.access)
        .as(answer.body)
        .containsOnly(entry(on.platform.functions(), "deny"), entry(team, "audit"));
    assertThat(answer.body).contains("caller_would_be_cut", "deployment " + team + "/hello");
    assertThat(whenEnforced)
        .containsOnly(
            entry("stranger to nodeinfo", 403),
            entry("stranger to hello", 200),
            entry("gateway to nodeinfo", 200),
            entry("gateway to hello", 200));
  }

  @Test
  @DisplayName(
      "another gateway's platform: its objects admit it alone, neither prunes others', off takes all")
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

  /** A call's answer, and what there is after it, by namespace. */
  private static final class Step {
    final Answer answer;
    final Map<String, List<String>> objects;
    final Map<String, String> access;

    Step(Answer answer) {
      this.answer = answer;
      String functions = on.platform.functions();
      objects = Map.of(functions, on.objects(functions), team, on.objects(team));
      access = Map.of(functions, on.access(functions), team, on.access(team));
    }
  }
}
