package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("Preflight: what would not work is told, and nothing is touched")
class PreflightIT {
  private static TestPlatform platform;
  private static Caller caller;
  private static AuditLog audit;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installWithLinkerd();
    caller = new Caller(platform);
    audit = new AuditLog(platform);
  }

  @AfterEach
  void nothingWasTouchedAndThePlanWorksAgain() {
    assertThat(audit.writes()).isEmpty();
    awaitPlan("\"outcome\": \"planned\"");
  }

  /** The API server takes up what concerns admission a little later. */
  private static void awaitPlan(String says) {
    Awaitility.await("a plan that says " + says)
        .untilAsserted(() -> assertThat(caller.get("action=plan").body).contains(says));
  }

  @AfterAll
  static void withoutAnyFaultItEndsMeshed() {
    assertThat(caller.apply().outcome()).isEqualTo("changed");
    platform.awaitSettled();
    assertThat(caller.apply().outcome()).isEqualTo("meshed");
  }

  @Test
  void injectorDownUnderFailurePolicyIgnore() {
    platform.linkerd().injector().stop();
    Answer answer = caller.apply();
    platform.linkerd().injector().start();

    assertBlocked(answer, "rehearsal-function", "came back without linkerd-proxy");
    answer.inTable(1, "injector down, failurePolicy Ignore");
  }

  @Test
  void injectorDownUnderFailurePolicyFail() {
    platform.linkerd().failurePolicy("Fail");
    platform.linkerd().injector().stop();
    awaitPlan("failed calling webhook");
    Answer answer = caller.apply();
    platform.linkerd().failurePolicy("Ignore");
    awaitPlan("came back without linkerd-proxy");
    platform.linkerd().injector().start();

    assertBlocked(answer, "rehearsal-function", "failed calling webhook");
    assertThat(answer.check("rehearsal-function")).contains("the injector does not answer");
    answer.inTable(2, "injector down, failurePolicy Fail");
  }

  @Test
  void injectorAnswersAndDoesNotInject() {
    platform.linkerd().injector().admitWithoutInjecting(true);
    Answer answer = caller.apply();
    platform.linkerd().injector().admitWithoutInjecting(false);

    assertBlocked(answer, "rehearsal-function", "the injector did not act");
    assertThat(answer.checks()).containsEntry("rehearsal-gateway", "skipped");
    answer.inTable(3, "injector answers and does not inject");
  }

  @Test
  void aControlPlaneDeploymentHasNoPod() {
    platform.linkerd().scale("linkerd-identity", 0);
    platform.awaitSettled();
    Answer answer = caller.apply();
    platform.linkerd().scale("linkerd-identity", 1);
    platform.awaitSettled();

    assertBlocked(answer, "control-plane-available", "no available pod of linkerd-identity");
  }

  @Test
  void noControlPlane() {
    platform.linkerd().uninstall();
    Answer answer = caller.apply();
    platform.linkerd().install();
    platform.awaitSettled();

    assertBlocked(answer, "control-plane-found", "there is no MutatingWebhookConfiguration");
    assertThat(answer.check("control-plane-found")).contains("install Linkerd");
    assertThat(answer.checks()).containsEntry("control-plane-available", "skipped");
  }

  @Test
  void quotaThatHasNoRoomForAnotherPod() throws InterruptedException {
    ResourceQuota quota =
        new ResourceQuotaBuilder()
            .withNewMetadata()
            .withName("tight")
            .withNamespace(platform.functions())
            .endMetadata()
            .withNewSpec()
            .addToHard("pods", new Quantity("1"))
            .endSpec()
            .build();
    platform.admin().resource(quota).create();
    platform
        .admin()
        .resource(quota)
        .waitUntilCondition(
            q -> q != null && q.getStatus() != null && q.getStatus().getUsed() != null,
            5,
            TimeUnit.MINUTES);
    awaitPlan("exceeded quota");
    Answer answer = caller.apply();
    platform.admin().resource(quota).delete();

    assertBlocked(answer, "rehearsal-function", "exceeded quota");
    assertThat(answer.check("rehearsal-function")).contains("raise the ResourceQuota");
    answer.inTable(6, "ResourceQuota has no room for the pod");
  }

  @Test
  void podSecurityThatRefusesLinkerdInit() {
    labelFunctions(Map.of("pod-security.kubernetes.io/enforce", "baseline"));
    awaitPlan("PodSecurity");
    Answer answer = caller.apply();
    labelFunctions(Map.of());

    assertBlocked(answer, "rehearsal-function", "PodSecurity");
    assertThat(answer.check("rehearsal-function"))
        .contains("NET_ADMIN", "--overwrite pod-security.kubernetes.io/enforce=privileged");
    answer.inTable(7, "Pod Security rejects linkerd-init");
  }

  @Test
  void aNatsPortNobodyKnows() {
    platform.edit(platform.openfaas(), "gateway", Change.environment("faas_nats_port", ""));
    platform.awaitSettled();
    Answer answer = caller.apply();
    Answer told =
        new Caller(platform, Map.of("mesh_skip_outbound_ports", "4222")).get("action=plan");
    platform.edit(platform.openfaas(), "gateway", Change.environment("faas_nats_port", "4222"));
    platform.awaitSettled();

    assertBlocked(answer, "nats-port", "faas_nats_port has no valid port");
    assertThat(told.outcome()).as("the operator may say it").isEqualTo("planned");
  }

  @Test
  void noSuchGateway() {
    String elsewhere = platform.openfaas() + "/portal";
    Answer answer = new Caller(platform, Map.of("mesh_gateway", elsewhere)).apply();

    assertBlocked(answer, "gateway-found", "there is no such Deployment");
    assertThat(answer.check("gateway-found")).contains("name it by mesh_gateway");
    answer.inTable(23, "gateway Deployment missing");
  }

  @Test
  void noSuchFunctionNamespace() {
    Answer answer = new Caller(platform, Map.of("mesh_namespaces", "nowhere")).apply();

    assertBlocked(answer, "platform-readable", "namespace nowhere");
    answer.inTable(22, "function namespace missing");
  }

  @Test
  void aNamespaceTheWebhookLeavesOutIsReportedAndLeftAlone() {
    labelFunctions(Map.of("config.linkerd.io/admission-webhooks", "disabled"));
    Answer plan = caller.get("action=plan");
    labelFunctions(Map.of());

    assertThat(plan.checks()).containsEntry("webhook-selectors", "warn");
    assertThat(plan.after("nodeinfo")).isEqualTo("unsupported");
    assertThat(plan.change("nodeinfo")).isEqualTo("none");
    assertThat(plan.change("gateway")).isEqualTo("planned");
  }

  @Test
  void anApiServerThatCannotBeReached() {
    Answer answer = new Caller(platform, Map.of("KUBERNETES_SERVICE_PORT", "1")).apply();

    assertThat(answer.status).isEqualTo(503);
    assertThat(answer.check("platform-readable"))
        .contains("no answer from the API server")
        .contains("nothing is lost");
  }

  private static void assertBlocked(Answer answer, String check, String message) {
    assertThat(answer.outcome()).as(answer.body).isEqualTo("blocked");
    assertThat(answer.status).isEqualTo(503);
    assertThat(answer.checks()).containsEntry(check, "fail");
    assertThat(answer.check(check)).contains(message);
    assertThat(answer.json().get("next").getAsString()).startsWith("Nothing was changed");
  }

  private static void labelFunctions(Map<String, String> labels) {
    List<String> ours =
        List.of("pod-security.kubernetes.io/enforce", "config.linkerd.io/admission-webhooks");
    platform
        .admin()
        .namespaces()
        .withName(platform.functions())
        .edit(
            ns -> {
              var edited = new NamespaceBuilder(ns).editMetadata();
              ours.forEach(edited::removeFromLabels);
              return edited.addToLabels(labels).endMetadata().build();
            });
  }
}
