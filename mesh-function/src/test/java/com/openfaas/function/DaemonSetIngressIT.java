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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("Ingress: Traefik as a DaemonSet, which needs a header before it may be meshed")
class DaemonSetIngressIT {
  private static final String MIDDLEWARES = "traefik.ingress.kubernetes.io/router.middlewares";
  private static TestPlatform platform;
  private static IngressController traefik;
  private static Caller caller;

  private static Answer withoutHeader;
  private static Answer withoutHeaderAgain;
  private static Answer withABadPod;
  private static List<String> untouched;
  private static Map<String, String> templateAfterABadPod;
  private static Answer withHeader;
  private static Map<String, String> templateWithHeader;
  private static Answer withHeaderAgain;
  private static Answer revert;
  private static Map<String, String> templateAfterRevert;
  private static Answer replacedByHand;

  @BeforeAll
  static void meshAndRevertTraefik(TestPlatform installed) {
    platform = installed.installWithLinkerd();
    traefik = new IngressController(platform, "traefik");
    traefik.grant();
    caller = new Caller(platform, Map.of("mesh_ingress", "apply"));

    applyWithoutTheHeader();
    traefik.annotateRoute(MIDDLEWARES, platform.openfaas() + "-mesh-setup-gateway@kubernetescrd");
    applyWhereAMeshedPodIsNeverReady();
    applyWhereAllIsWell();
    revert();
    askWhereItIsReplacedByHand();
  }

  private static void applyWithoutTheHeader() {
    withoutHeader = caller.apply();
    platform.awaitSettled();
    withoutHeaderAgain = caller.apply();
  }

  private static void applyWhereAMeshedPodIsNeverReady() {
    whenMeshed("never-ready");
    List<String> before = names();
    withABadPod =
        new Caller(platform, Map.of("mesh_ingress", "apply", "mesh_patience", "16s")).apply();
    assertThat(withABadPod.change("traefik")).as(withABadPod.body).isEqualTo("rolledBack");
    traefik.awaitSettled();
    untouched = names();
    untouched.retainAll(before);
    templateAfterABadPod = template();
  }

  private static void applyWhereAllIsWell() {
    whenMeshed("ready");
    withHeader = caller.apply();
    templateWithHeader = template();
    withHeaderAgain = caller.apply();
  }

  private static void revert() {
    revert = caller.signed("revert", Instant.now());
    traefik.awaitSettled();
    templateAfterRevert = template();
  }

  private static void askWhereItIsReplacedByHand() {
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
    replacedByHand = caller.get("");
  }

  @AfterAll
  static void remove() {
    traefik.close();
  }

  @Test
  void itIsNotMeshedBeforeTheHeaderIsInPlaceAndTheFindingHoldsTheObject() {
    assertThat(withoutHeader.outcome()).as(withoutHeader.body).isEqualTo("changed");
    assertThat(withoutHeader.after("traefik")).isEqualTo("unmeshed");
    assertThat(withoutHeader.change("traefik")).isEqualTo("none");
    assertThat(hint(withoutHeader, "ingress_route_needs"))
        .contains("kind: Middleware")
        .contains(
            "l5d-dst-override: \"gateway." + platform.openfaas() + ".svc.cluster.local:8080\"")
        .contains("kubectl apply -f -");
    assertThat(withoutHeaderAgain.outcome())
        .as("that is not left to a next run")
        .isEqualTo("meshed");
  }

  @Test
  void onlyOnePodIsRiskedAndItIsRolledBack() {
    assertThat(withABadPod.outcome()).as(withABadPod.body).isEqualTo("degraded");
    assertThat(withABadPod.change("traefik")).isEqualTo("rolledBack");
    assertThat(untouched).as("pods that were never touched").hasSize(2);
    assertThat(templateAfterABadPod).doesNotContainKey(Annotations.INJECT);
  }

  @Test
  void thenItIsMeshedInModeIngressPodByPod() {
    assertThat(withHeader.outcome()).as(withHeader.body).isEqualTo("changed");
    assertThat(withHeader.workload("traefik").get("kind").getAsString()).isEqualTo("DaemonSet");
    assertThat(withHeader.after("traefik")).isEqualTo("meshed");
    assertThat(templateWithHeader).containsEntry(Annotations.INJECT, "ingress");
    assertThat(withHeader.findings()).contains("ingress_mode_trusts_header");
    assertThat(withHeaderAgain.outcome()).isEqualTo("meshed");
  }

  @Test
  void revertTakesItBack() {
    assertThat(revert.outcome()).as(revert.body).isEqualTo("reverted");
    assertThat(templateAfterRevert).doesNotContainKey(Annotations.INJECT);
  }

  @Test
  void oneThatIsReplacedOnlyByHandIsLeftAlone() {
    assertThat(replacedByHand.after("traefik")).isEqualTo("unsupported");
    assertThat(replacedByHand.findings()).contains("update_strategy_on_delete");
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
