package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.IngressController;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import java.time.Instant;
import java.util.Map;
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
@DisplayName("Ingress: ingress-nginx is found, told of, meshed and set, and taken back")
class IngressIT {
  private static final String CONTROLLER = "ingress-nginx-controller";
  private static final String UPSTREAM = "nginx.ingress.kubernetes.io/service-upstream";

  private static TestPlatform platform;
  private static IngressController ingress;
  private static AuditLog audit;
  private static Caller detect;
  private static Caller apply;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installWithLinkerd();
    ingress = new IngressController(platform, "ingress-nginx");
    audit = new AuditLog(platform);
    detect = new Caller(platform);
    apply = new Caller(platform, Map.of("mesh_ingress", "apply"));
  }

  @AfterAll
  static void remove() {
    ingress.close();
  }

  @Test
  @Order(1)
  void withoutRightsToItsNamespaceTheCheckIsSkippedAndSaysWhatToApply() {
    Answer status = detect.get("");

    assertThat(status.outcome()).isEqualTo("observed");
    assertThat(status.checks()).containsEntry("ingress", "skipped");
    assertThat(status.check("ingress"))
        .contains("list deployments in " + ingress.namespace)
        .contains("create role mesh-setup-list-deployments-apps");
    assertThat(route(status).get("controller").getAsString()).isEqualTo("ingress-nginx");
    assertThat(route(status).get("workload").getAsString()).isEmpty();
  }

  @Test
  @Order(2)
  void detectTellsTheStateAndTheExactCommands() {
    ingress.grant();

    Answer plan = detect.get("action=plan");

    assertThat(plan.workload(CONTROLLER).get("role").getAsString()).isEqualTo("ingress");
    assertThat(plan.after(CONTROLLER)).isEqualTo("unmeshed");
    assertThat(plan.change(CONTROLLER)).isEqualTo("none");
    assertThat(plan.findings()).contains("ingress_unmeshed", "ingress_route_not_set");
    assertThat(plan.body)
        .contains("annotate ingress openfaas-ingress --overwrite '" + UPSTREAM + "=true'")
        .contains("kubectl -n " + ingress.namespace + " patch deployment " + CONTROLLER);
    assertThat(route(plan).get("before").getAsString()).isEqualTo("missing");
  }

  @Test
  @Order(3)
  void detectMeshesThePlatformAndLeavesTheRoadAlone() {
    Answer run = detect.apply();

    assertThat(run.outcome()).as(run.body).isEqualTo("changed");
    assertThat(audit.patches()).noneMatch(p -> p.endsWith(CONTROLLER) || p.contains("ingresses"));
    platform.awaitSettled();
    assertThat(detect.apply().outcome()).isEqualTo("meshed");
  }

  @Test
  @Order(4)
  void aControllerThatDoesNotComeUpIsRolledBackAndTheRouteIsNotSet() {
    whenMeshed("never-ready");
    audit.forget();

    Answer run =
        new Caller(platform, Map.of("mesh_ingress", "apply", "mesh_patience", "6s")).apply();

    assertThat(run.outcome()).as(run.body).isEqualTo("degraded");
    assertThat(run.change(CONTROLLER)).isEqualTo("rolledBack");
    assertThat(run.after(CONTROLLER)).isEqualTo("unmeshed");
    assertThat(ingress.routeAnnotations()).doesNotContainKeys(UPSTREAM, Annotations.PREVIOUS);
    assertThat(audit.patches()).noneMatch(p -> p.contains("ingresses"));
    whenMeshed("ready");
  }

  @Test
  @Order(5)
  void aRouteThatCannotBeSetTakesTheControllerBackWithIt() {
    audit.forget();
    Denial denied = Denial.ofIngress(platform, UPSTREAM);
    Answer run;
    try {
      run = apply.apply();
    } finally {
      denied.close();
    }

    assertThat(run.outcome()).as(run.body).isEqualTo("degraded");
    assertThat(run.change(CONTROLLER)).isEqualTo("rolledBack");
    assertThat(run.body).contains("no such annotation here");
    ingress.awaitSettled();
    assertThat(platform.templateAnnotations(ingress.namespace, CONTROLLER))
        .doesNotContainKey(Annotations.INJECT);
  }

  @Test
  @Order(6)
  void applyMeshesThePodTemplateNeverTheNamespaceThenSetsTheRoute() {
    assertThat(apply.apply().outcome()).as("it has failed today").isEqualTo("degraded");
    audit.forget();

    Answer run = apply.signed("refresh", Instant.now());

    assertThat(run.outcome()).as(run.body).isEqualTo("changed");
    assertThat(run.after(CONTROLLER)).isEqualTo("meshed");
    assertThat(audit.patches())
        .containsExactly("patch deployments/" + CONTROLLER, "patch ingresses/openfaas-ingress");
    assertThat(platform.templateAnnotations(ingress.namespace, CONTROLLER))
        .containsEntry(Annotations.INJECT, "enabled");
    assertThat(ingress.routeAnnotations())
        .containsEntry(UPSTREAM, "true")
        .containsEntry(Annotations.PREVIOUS, "{\"" + UPSTREAM + "\":null}");
    assertThat(route(run).get("before").getAsString()).isEqualTo("missing");
    assertThat(route(run).get("after").getAsString()).isEqualTo("set");
    assertThat(run.checks()).containsEntry("rehearsal-ingress", "pass");
  }

  @Test
  @Order(7)
  void aSecondApplyWritesNothing() {
    audit.forget();

    Answer run = apply.apply();

    assertThat(run.outcome()).as(run.body).isEqualTo("meshed");
    assertThat(run.checks()).containsEntry("ingress", "pass");
    assertThat(audit.writes()).isEmpty();
  }

  @Test
  @Order(8)
  void theOldGuidesSnippetIsWrittenToTheLetterWhereThePolicyWantsIt() {
    Caller snippet =
        new Caller(platform, Map.of("mesh_ingress", "apply", "mesh_ingress_snippet", "true"));

    assertThat(snippet.apply().outcome()).isEqualTo("changed");

    assertThat(ingress.routeAnnotations().get("nginx.ingress.kubernetes.io/configuration-snippet"))
        .isEqualTo(
            "proxy_set_header l5d-dst-override gateway."
                + platform.openfaas()
                + ".svc.cluster.local:8080;\nproxy_hide_header l5d-remote-ip;\n"
                + "proxy_hide_header l5d-server-id;\n");
    assertThat(detect.get("").findings()).as("by another policy").contains("ingress_snippet");
  }

  @Test
  @Order(9)
  void revertTakesBothBack() {
    Answer revert = apply.signed("revert", Instant.now());

    assertThat(revert.outcome()).as(revert.body).isEqualTo("reverted");
    ingress.awaitSettled();

    assertThat(ingress.routeAnnotations())
        .doesNotContainKeys(
            UPSTREAM, Annotations.PREVIOUS, "nginx.ingress.kubernetes.io/configuration-snippet");
    assertThat(platform.templateAnnotations(ingress.namespace, CONTROLLER))
        .doesNotContainKey(Annotations.INJECT);
  }

  private static void whenMeshed(String behaviour) {
    platform.edit(
        ingress.namespace,
        CONTROLLER,
        Change.templateAnnotated(Map.of("lab.mesh-setup/when-meshed", behaviour)));
    ingress.awaitSettled();
  }

  private static JsonObject route(Answer answer) {
    return answer.json().getAsJsonArray("routes").get(0).getAsJsonObject();
  }
}
