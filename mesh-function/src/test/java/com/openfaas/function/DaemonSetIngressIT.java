package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.IngressController;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("Ingress: Traefik as a DaemonSet, which needs a header before it may be meshed")
class DaemonSetIngressIT {
  private static final String MIDDLEWARES = "traefik.ingress.kubernetes.io/router.middlewares";
  private static TestPlatform platform;
  private static IngressController traefik;
  private static Caller caller;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installWithLinkerd();
    traefik = new IngressController(platform, "traefik");
    traefik.grant();
    caller = new Caller(platform, Map.of("mesh_ingress", "apply"));
  }

  @AfterAll
  static void remove() {
    traefik.close();
  }

  @Test
  @Order(1)
  void itIsNotMeshedBeforeTheHeaderIsInPlaceAndTheFindingHoldsTheObject() {
    Answer run = caller.apply();

    assertThat(run.outcome()).as(run.body).isEqualTo("changed");
    assertThat(run.after("traefik")).isEqualTo("unmeshed");
    assertThat(run.change("traefik")).isEqualTo("none");
    assertThat(hint(run, "ingress_route_needs"))
        .contains("kind: Middleware")
        .contains(
            "l5d-dst-override: \"gateway." + platform.openfaas() + ".svc.cluster.local:8080\"")
        .contains("kubectl apply -f -");
    platform.awaitSettled();
    assertThat(caller.apply().outcome()).as("that is not left to a next run").isEqualTo("meshed");
  }

  @Test
  @Order(2)
  void onlyOnePodIsRiskedAndItIsRolledBack() {
    traefik.annotateRoute(MIDDLEWARES, platform.openfaas() + "-mesh-setup-gateway@kubernetescrd");
    whenMeshed("never-ready");
    List<String> before = names();

    Answer run =
        new Caller(platform, Map.of("mesh_ingress", "apply", "mesh_patience", "16s")).apply();

    assertThat(run.outcome()).as(run.body).isEqualTo("degraded");
    assertThat(run.change("traefik")).isEqualTo("rolledBack");
    traefik.awaitSettled();
    List<String> after = names();
    after.retainAll(before);
    assertThat(after).as("pods that were never touched").hasSize(2);
    assertThat(template()).doesNotContainKey(Annotations.INJECT);
  }

  @Test
  @Order(3)
  void thenItIsMeshedInModeIngressPodByPod() {
    whenMeshed("ready");

    Answer run = caller.apply();

    assertThat(run.outcome()).as(run.body).isEqualTo("changed");
    assertThat(run.workload("traefik").get("kind").getAsString()).isEqualTo("DaemonSet");
    assertThat(run.after("traefik")).isEqualTo("meshed");
    assertThat(template()).containsEntry(Annotations.INJECT, "ingress");
    assertThat(run.findings()).contains("ingress_mode_trusts_header");
    assertThat(caller.apply().outcome()).isEqualTo("meshed");
  }

  @Test
  @Order(4)
  void revertTakesItBack() {
    Answer revert = caller.signed("revert", Instant.now());

    assertThat(revert.outcome()).as(revert.body).isEqualTo("reverted");
    traefik.awaitSettled();
    assertThat(template()).doesNotContainKey(Annotations.INJECT);
  }

  @Test
  @Order(5)
  void oneThatIsReplacedOnlyByHandIsLeftAlone() {
    traefik.edit(
        "traefik",
        set ->
            new DaemonSetBuilder(set)
                .editSpec()
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .endSpec()
                .build());

    Answer status = caller.get("");

    assertThat(status.after("traefik")).isEqualTo("unsupported");
    assertThat(status.findings()).contains("update_strategy_on_delete");
  }

  private static void whenMeshed(String behaviour) {
    traefik.edit(
        "traefik",
        set ->
            new DaemonSetBuilder(set)
                .editSpec()
                .editTemplate()
                .editMetadata()
                .addToAnnotations("lab.mesh-setup/when-meshed", behaviour)
                .endMetadata()
                .endTemplate()
                .endSpec()
                .build());
    traefik.awaitSettled();
  }

  private static List<String> names() {
    return traefik.pods().stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .map((Pod pod) -> pod.getMetadata().getName())
        .collect(Collectors.toList());
  }

  private static Map<String, String> template() {
    return traefik.daemonSet("traefik").getSpec().getTemplate().getMetadata().getAnnotations();
  }

  private static String hint(Answer answer, String code) {
    for (var finding : answer.json().getAsJsonArray("findings")) {
      JsonObject object = finding.getAsJsonObject();
      if (object.get("code").getAsString().equals(code)) {
        return object.get("hint").getAsString();
      }
    }
    throw new AssertionError("no finding " + code + " in " + answer.body);
  }
}
