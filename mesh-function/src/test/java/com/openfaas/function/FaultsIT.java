package com.openfaas.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.LinkerdControlPlane;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("Faults of the webhook, of namespaces, of the gateway and of mesh-setup itself")
class FaultsIT {
  private static TestPlatform platform;
  private static FaultScenario scenario;
  private static Caller caller;
  private static AuditLog audit;

  @BeforeAll
  static void mesh(TestPlatform installed) {
    platform = installed;
    scenario = FaultScenario.meshed(platform);
    caller = new Caller(platform);
    audit = new AuditLog(platform);
  }

  @AfterEach
  void theNextRunEndsMeshed() {
    scenario.endsMeshed(caller);
  }

  @Test
  @DisplayName("4 the webhook has a wrong caBundle")
  void aWebhookWithAWrongCaBundleIsFoundByTheRehearsal() {
    scenario.deployUninjected("late-4");
    String wrong =
        Base64.getEncoder().encodeToString(LinkerdControlPlane.otherTrustRoots().getBytes(UTF_8));
    platform.linkerd().editWebhook(webhook -> webhook.getClientConfig().setCaBundle(wrong));

    Answer apply = blockedByRehearsal("came back without linkerd-proxy");
    apply.inTable(4, "webhook with a wrong caBundle");

    platform.linkerd().failurePolicy("Ignore");
    awaitPlanned();
  }

  @Test
  @DisplayName("5 the webhook is slower than its timeout")
  void aWebhookSlowerThanItsTimeoutIsFoundByTheRehearsal() {
    scenario.deployUninjected("late-5");
    platform.linkerd().injector().slowBy(Duration.ofSeconds(3));
    platform.linkerd().editWebhook(webhook -> webhook.setTimeoutSeconds(1));

    blockedByRehearsal("came back without linkerd-proxy")
        .inTable(5, "webhook slower than its timeout, Ignore");
    platform.linkerd().failurePolicy("Fail");
    platform.linkerd().editWebhook(webhook -> webhook.setTimeoutSeconds(1));
    blockedByRehearsal("context deadline exceeded")
        .inTable(5, "webhook slower than its timeout, Fail");

    platform.linkerd().injector().slowBy(Duration.ZERO);
    platform.linkerd().failurePolicy("Ignore");
    awaitPlanned();
  }

  @Test
  @DisplayName("11 mesh-setup's own new pod is never ready")
  void itsOwnStuckRolloutIsRolledBackByALaterRun() {
    Map<String, String> stuck = Map.of("lab.mesh-setup/when-meshed", "never-ready");
    scenario.withoutInjector(() -> platform.redeployFunction("mesh-setup", stuck));
    Caller hasty = new Caller(platform, Map.of("mesh_patience", "12s"));
    assertThat(hasty.apply().change("mesh-setup")).as("after the answer").isEqualTo("deferred");
    assertThat(hasty.get("").after("mesh-setup")).as("not waited for").isEqualTo("rolling");

    Answer later =
        Awaitility.await("its time is over")
            .pollInterval(Duration.ofSeconds(1))
            .until(hasty::apply, answer -> !answer.outcome().equals("inProgress"));

    later.inTable(11, "mesh-setup's own new pod never ready");
    assertThat(later.outcome()).as(later.body).isEqualTo("rolledBack");
    assertThat(later.after("mesh-setup")).as("the old pod serves").isEqualTo("unmeshed");
    scenario.leavesNothingHalfDone();
    platform.edit(
        platform.functions(),
        "mesh-setup",
        Change.templateAnnotated(Map.of("lab.mesh-setup/when-meshed", "ready")));
    platform.awaitSettled();
  }

  @Test
  @DisplayName("23 the gateway's Deployment has another name")
  void aRenamedGatewayBlocksAndSaysWhichSettingNamesIt() {
    scenario.deployUninjected("late-23");
    Deployment gateway = scenario.deployment(platform.openfaas(), "gateway");
    scenario.rename(gateway, "portal");
    audit.forget();

    Answer apply = caller.apply().inTable(23, "gateway Deployment renamed");

    assertThat(apply.outcome()).as(apply.body).isEqualTo("blocked");
    assertThat(apply.check("gateway-found"))
        .contains("deployment " + platform.openfaas() + "/gateway: there is no such Deployment")
        .contains("kubectl get deployments -A -l app=gateway");
    assertThat(audit.writes()).isEmpty();
    scenario.leavesNothingHalfDone();
    scenario.rename(scenario.deployment(platform.openfaas(), "portal"), "gateway");
  }

  @Test
  @DisplayName("27 the namespace's annotation has a value that Linkerd does not know")
  void aNamespaceAnnotationLinkerdDoesNotKnowBlocks() {
    editFunctions(
        ns -> ns.editMetadata().addToAnnotations(Annotations.INJECT, "true").endMetadata());
    scenario.deployUninjected("late-26");
    audit.forget();

    Answer apply = caller.apply().inTable(27, "namespace annotation wrong (true)");

    assertThat(apply.outcome()).as(apply.body).isEqualTo("blocked");
    assertThat(apply.check("inject-annotations")).contains("not one that Linkerd knows");
    assertThat(apply.after("late-26")).isEqualTo("unsupported");
    assertThat(apply.workload("late-26").get("code").getAsString())
        .isEqualTo("invalid_inject_annotation_at_ns");
    assertThat(audit.writes()).isEmpty();
    editFunctions(
        ns -> ns.editMetadata().addToAnnotations(Annotations.INJECT, "enabled").endMetadata());
    awaitPlanned();
  }

  @Test
  @DisplayName("27 the namespace has linkerd.io/inject as a label")
  void aLabelIsNoAnnotationAndTheReportSaysSo() {
    editFunctions(
        namespace ->
            namespace
                .editMetadata()
                .withAnnotations(Map.of())
                .addToLabels("linkerd.io/inject", "enabled")
                .endMetadata());
    scenario.deployUninjected("late-27");

    Answer apply = caller.apply().inTable(27, "namespace annotation set as a label");

    assertThat(apply.outcome()).as(apply.body).isEqualTo("changed");
    assertThat(apply.after("late-27")).isEqualTo("meshed");
    assertThat(apply.findings()).contains("inject_is_a_label");
    assertThat(apply.body).contains("as a label, which Linkerd does not read");
    scenario.leavesNothingHalfDone();
    editFunctions(ns -> ns.editMetadata().removeFromLabels("linkerd.io/inject").endMetadata());
  }

  @Test
  @DisplayName("28 annotations wiped by a helm upgrade")
  void whatAHelmUpgradeWipedIsSetAgain() {
    for (String name : List.of("gateway", "queue-worker")) {
      platform.edit(platform.openfaas(), name, Change.withoutTemplateAnnotations());
    }
    platform.awaitSettled();
    assertThat(caller.get("").after("gateway")).isEqualTo("unmeshed");

    Answer apply = caller.apply().inTable(28, "annotations wiped by a helm upgrade");

    assertThat(apply.outcome()).as(apply.body).isEqualTo("changed");
    assertThat(apply.after("queue-worker")).isEqualTo("meshed");
    scenario.leavesNothingHalfDone();
    assertThat(platform.templateAnnotations(platform.openfaas(), "gateway"))
        .containsEntry(Annotations.INJECT, "enabled")
        .containsEntry(Annotations.SKIP_OUTBOUND_PORTS, "4222,4567,4568");
  }

  /** The API server takes a changed webhook up a little later. */
  private static Answer blockedByRehearsal(String message) {
    Awaitility.await()
        .untilAsserted(() -> assertThat(rehearsal(caller.get("action=plan"))).contains(message));
    audit.forget();
    Answer apply = caller.apply();
    assertThat(apply.outcome()).as(apply.body).isEqualTo("blocked");
    assertThat(rehearsal(apply)).contains(message).contains("linkerd check");
    assertThat(audit.patches()).isEmpty();
    scenario.leavesNothingHalfDone();
    return apply;
  }

  /** The injector reads namespaces from a cache, too. */
  private static void awaitPlanned() {
    Awaitility.await().until(() -> caller.get("action=plan").outcome().equals("planned"));
  }

  private static String rehearsal(Answer answer) {
    return answer.check("rehearsal-function");
  }

  private static void editFunctions(UnaryOperator<NamespaceBuilder> change) {
    platform
        .admin()
        .namespaces()
        .withName(platform.functions())
        .edit(namespace -> change.apply(new NamespaceBuilder(namespace)).build());
  }
}
