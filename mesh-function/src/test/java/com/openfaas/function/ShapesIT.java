package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.GoingNamespace;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("OpenFaaS Pro with two function namespaces, and a gateway whose strategy is Recreate")
class ShapesIT {
  private static TestPlatform platform;
  private static Caller caller;
  private static String team;

  private static Answer planUnread;
  private static Answer applyUnread;
  private static Answer apply;
  private static Map<String, String> teamAnnotations;
  private static Answer atTheEnd;
  private static Answer next;

  @BeforeAll
  static void meshBothNamespaces(TestPlatform installed) {
    install(installed);
    planUnread = caller.get("action=plan");
    applyUnread =
        new Caller(platform, Map.of("mesh_namespaces", platform.functions() + "," + team)).apply();

    platform.account().applyFor(team);
    apply = caller.apply();
    teamAnnotations =
        platform.admin().namespaces().withName(team).get().getMetadata().getAnnotations();
    caller.awaitTheEnd();
    platform.awaitSettled();
    atTheEnd = caller.get("");
    next = caller.apply();
    caller.awaitTheEnd();
  }

  private static void install(TestPlatform installed) {
    platform = installed.installOpenFaas();
    team = platform.addNamespace("team-a", Map.of("openfaas", "1"));
    platform.deployFunction(team, "billing", UnaryOperator.identity());
    platform.edit(
        platform.openfaas(),
        "gateway",
        d ->
            new DeploymentBuilder(d)
                .editSpec()
                .withNewStrategy()
                .withType("Recreate")
                .endStrategy()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .withImage("ghcr.io/openfaasltd/gateway:0.4.35")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build());
    platform.linkerd().install();
    platform.awaitSettled();
    caller = new Caller(platform).inAHurry();
  }

  @Test
  void anAnnotatedNamespaceThatMayNotBeReadStopsNothingAndIsTold() {
    assertThat(planUnread.outcome()).as(planUnread.body).isEqualTo("planned");
    assertThat(planUnread.findings()).contains("function_namespace_unread");
    assertThat(planUnread.body)
        .contains("namespace " + team, "mesh_namespaces", "create role mesh-setup-");
    assertThat(planUnread.body).doesNotContain("billing");
  }

  @Test
  void oneThatTheOperatorNamesBlocksAndSaysWhatToApply() {
    assertThat(applyUnread.outcome()).as(applyUnread.body).isEqualTo("blocked");
    assertThat(applyUnread.check("platform-readable"))
        .contains("namespace " + team)
        .contains("role mesh-setup-");
  }

  @Test
  void aNamespaceAnnotatedForFunctionsIsMeshedLikeTheFirst() {
    assertThat(apply.outcome()).as(apply.body).isEqualTo("changed");
    assertThat(apply.after("billing")).isEqualTo("meshed");
    assertThat(teamAnnotations).containsEntry("linkerd.io/inject", "enabled");
  }

  @Test
  void aGatewayThatIsRecreatedIsChangedOnlyAfterTheAnswer() {
    assertThat(apply.checks()).containsEntry("gateway-strategy", "warn");
    assertThat(apply.change("gateway")).isEqualTo("deferred");
    assertThat(apply.after("gateway")).isEqualTo("unmeshed");
    assertThat(atTheEnd.after("gateway")).isEqualTo("meshed");
    assertThat(next.outcome()).isEqualTo("meshed");
    apply.inTable(24, "gateway strategy Recreate");
  }

  @Test
  @DisplayName("21 a function namespace is terminating")
  void aNamespaceThatIsGoingIsLeftAloneAndTheRestGoesOn() {
    FaultScenario scenario = FaultScenario.on(platform);
    scenario.deployUninjected("late-21");
    AuditLog audit = new AuditLog(platform);
    Answer going;
    try (GoingNamespace namespace = GoingNamespace.of(platform, "team-21")) {
      going = caller.apply().inTable(21, "a function namespace is terminating");
      assertThat(going.body).contains("namespace " + namespace.name());
    }
    caller.awaitTheEnd();
    assertThat(going.outcome()).as(going.body).isEqualTo("changed");
    assertThat(going.findings()).contains("namespace_terminating");
    assertThat(going.body).contains("the namespace is being deleted and is not changed");
    assertThat(audit.patches()).containsExactly("patch deployments/late-21");
    scenario.leavesNothingHalfDone();
  }
}
