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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("OpenFaaS Pro with two function namespaces, and a gateway whose strategy is Recreate")
class ShapesIT {
  private static TestPlatform platform;
  private static Caller caller;
  private static String team;
  private static Answer apply;

  @BeforeAll
  static void install(TestPlatform installed) {
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
  @Order(1)
  void anAnnotatedNamespaceThatMayNotBeReadStopsNothingAndIsTold() {
    Answer plan = caller.get("action=plan");

    assertThat(plan.outcome()).as(plan.body).isEqualTo("planned");
    assertThat(plan.findings()).contains("function_namespace_unread");
    assertThat(plan.body)
        .contains("namespace " + team, "mesh_namespaces", "create role mesh-setup-");
    assertThat(plan.body).doesNotContain("billing");
  }

  @Test
  @Order(1)
  void oneThatTheOperatorNamesBlocksAndSaysWhatToApply() {
    Answer blocked =
        new Caller(platform, Map.of("mesh_namespaces", platform.functions() + "," + team)).apply();

    assertThat(blocked.outcome()).as(blocked.body).isEqualTo("blocked");
    assertThat(blocked.check("platform-readable"))
        .contains("namespace " + team)
        .contains("role mesh-setup-");
  }

  @Test
  @Order(2)
  void aNamespaceAnnotatedForFunctionsIsMeshedLikeTheFirst() {
    platform.account().applyFor(team);

    apply = caller.apply();

    assertThat(apply.outcome()).as(apply.body).isEqualTo("changed");
    assertThat(apply.after("billing")).isEqualTo("meshed");
    assertThat(platform.admin().namespaces().withName(team).get().getMetadata().getAnnotations())
        .containsEntry("linkerd.io/inject", "enabled");
  }

  @Test
  @Order(3)
  void aGatewayThatIsRecreatedIsChangedOnlyAfterTheAnswer() {
    assertThat(apply.checks()).containsEntry("gateway-strategy", "warn");
    assertThat(apply.change("gateway")).isEqualTo("deferred");
    assertThat(apply.after("gateway")).isEqualTo("unmeshed");
    Awaitility.await("the gateway is meshed")
        .until(() -> caller.get("").after("gateway").equals("meshed"));
    caller.awaitTheEnd();
    platform.awaitSettled();
    assertThat(caller.apply().outcome()).isEqualTo("meshed");
    apply.inTable(24, "gateway strategy Recreate");
  }

  @Test
  @Order(4)
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
