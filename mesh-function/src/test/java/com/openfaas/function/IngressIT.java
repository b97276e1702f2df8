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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("Ingress: ingress-nginx is found, told of, meshed and set, and taken back")
class IngressIT {
  private static final String CONTROLLER = "ingress-nginx-controller";
  private static final String UPSTREAM = "nginx.ingress.kubernetes.io/service-upstream";

  private static TestPlatform platform;
  private static IngressController ingress;
  private static AuditLog audit;
  private static Caller detect;
  private static Caller apply;

  private static Answer withoutRights;
  private static Answer plan;
  private static Told detected;
  private static Answer detectedAgain;
  private static Told neverReady;
  private static Told refused;
  private static Answer failedToday;
  private static Told refreshed;
  private static Told again;
  private static Told snippet;
  private static Answer byAnotherPolicy;
  private static Told reverted;

  @BeforeAll
  static void tell(TestPlatform installed) {
    install(installed);

    withoutRights = detect.get("");
    ingress.grant();
    plan = detect.get("action=plan");
    detected = told(detect.apply());
    platform.awaitSettled();
    detectedAgain = detect.apply();

    neverReady = applyWhileTheControllerDoesNotComeUp();
    refused = applyWhileTheRouteIsRefused();
    failedToday = apply.apply();

    audit.forget();
    refreshed = told(apply.signed("refresh", Instant.now()));
    again = told(apply.apply());
    snippet =
        told(
            new Caller(platform, Map.of("mesh_ingress", "apply", "mesh_ingress_snippet", "true"))
                .apply());
    byAnotherPolicy = detect.get("");

    Answer revert = apply.signed("revert", Instant.now());
    ingress.awaitSettled();
    reverted = told(revert);
  }

  private static void install(TestPlatform installed) {
    platform = installed.installWithLinkerd();
    ingress = new IngressController(platform, "ingress-nginx");
    audit = new AuditLog(platform);
    detect = new Caller(platform);
    apply = new Caller(platform, Map.of("mesh_ingress", "apply"));
  }

  private static Told applyWhileTheControllerDoesNotComeUp() {
    whenMeshed("never-ready");
    Told told =
        told(new Caller(platform, Map.of("mesh_ingress", "apply", "mesh_patience", "12s")).apply());
    whenMeshed("ready");
    return told;
  }

  private static Told applyWhileTheRouteIsRefused() {
    Answer run;
    Denial denied = Denial.ofIngress(platform, UPSTREAM);
    try {
      run = apply.apply();
    } finally {
      denied.close();
    }
    ingress.awaitSettled();
    return told(run);
  }

  @AfterAll
  static void remove() {
    ingress.close();
  }

  @Test
  void withoutRightsToItsNamespaceTheCheckIsSkippedAndSaysWhatToApply() {
    assertThat(withoutRights.outcome()).isEqualTo("observed");
    assertThat(withoutRights.checks()).containsEntry("ingress", "skipped");
    assertThat(withoutRights.check("ingress"))
        .contains("list deployments in " + ingress.namespace)
        .contains("create role mesh-setup-list-deployments-apps");
    assertThat(route(withoutRights).get("controller").getAsString()).isEqualTo("ingress-nginx");
    assertThat(route(withoutRights).get("workload").getAsString()).isEmpty();
  }

  @Test
  void detectTellsTheStateAndTheExactCommands() {
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
  void detectMeshesThePlatformAndLeavesTheRoadAlone() {
    assertThat(detected.run.outcome()).as(detected.run.body).isEqualTo("changed");
    assertThat(detected.patches).noneMatch(p -> p.endsWith(CONTROLLER) || p.contains("ingresses"));
    assertThat(detectedAgain.outcome()).isEqualTo("meshed");
  }

  @Test
  void aControllerThatDoesNotComeUpIsRolledBackAndTheRouteIsNotSet() {
    Answer run = neverReady.run;

    assertThat(run.outcome()).as(run.body).isEqualTo("degraded");
    assertThat(run.change(CONTROLLER)).isEqualTo("rolledBack");
    assertThat(run.after(CONTROLLER)).isEqualTo("unmeshed");
    assertThat(neverReady.route).doesNotContainKeys(UPSTREAM, Annotations.PREVIOUS);
    assertThat(neverReady.patches).noneMatch(p -> p.contains("ingresses"));
  }

  @Test
  void aRouteThatCannotBeSetTakesTheControllerBackWithIt() {
    Answer run = refused.run;

    assertThat(run.outcome()).as(run.body).isEqualTo("degraded");
    assertThat(run.change(CONTROLLER)).isEqualTo("rolledBack");
    assertThat(run.body).contains("no such annotation here");
    assertThat(refused.controller).doesNotContainKey(Annotations.INJECT);
  }

  @Test
  void applyMeshesThePodTemplateNeverTheNamespaceThenSetsTheRoute() {
    assertThat(failedToday.outcome()).as("it has failed today").isEqualTo("degraded");
    Answer run = refreshed.run;

    assertThat(run.outcome()).as(run.body).isEqualTo("changed");
    assertThat(run.after(CONTROLLER)).isEqualTo("meshed");
    assertThat(refreshed.patches)
        .containsExactly("patch deployments/" + CONTROLLER, "patch ingresses/openfaas-ingress");
    assertThat(refreshed.controller).containsEntry(Annotations.INJECT, "enabled");
    assertThat(refreshed.route)
        .containsEntry(UPSTREAM, "true")
        .containsEntry(Annotations.PREVIOUS, "{\"" + UPSTREAM + "\":null}");
    assertThat(route(run).get("before").getAsString()).isEqualTo("missing");
    assertThat(route(run).get("after").getAsString()).isEqualTo("set");
    assertThat(run.checks()).containsEntry("rehearsal-ingress", "pass");
  }

  @Test
  void aSecondApplyWritesNothing() {
    assertThat(again.run.outcome()).as(again.run.body).isEqualTo("meshed");
    assertThat(again.run.checks()).containsEntry("ingress", "pass");
    assertThat(again.writes).isEmpty();
  }

  @Test
  void theOldGuidesSnippetIsWrittenToTheLetterWhereThePolicyWantsIt() {
    assertThat(snippet.run.outcome()).isEqualTo("changed");
    assertThat(snippet.route.get("nginx.ingress.kubernetes.io/configuration-snippet"))
        .isEqualTo(
            "proxy_set_header l5d-dst-override gateway."
                + platform.openfaas()
                + ".svc.cluster.local:8080;\nproxy_hide_header l5d-remote-ip;\n"
                + "proxy_hide_header l5d-server-id;\n");
    assertThat(byAnotherPolicy.findings()).contains("ingress_snippet");
  }

  @Test
  void revertTakesBothBack() {
    assertThat(reverted.run.outcome()).as(reverted.run.body).isEqualTo("reverted");
    assertThat(reverted.route)
        .doesNotContainKeys(
            UPSTREAM, Annotations.PREVIOUS, "nginx.ingress.kubernetes.io/configuration-snippet");
    assertThat(reverted.controller).doesNotContainKey(Annotations.INJECT);
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

  private static Told told(Answer run) {
    Told told = new Told(run);
    audit.forget();
    return told;
  }

  /** A run, what was written since the last one of these, and the road as it is now. */
  private static final class Told {
    final Answer run;
    final List<String> writes;
    final List<String> patches;
    final Map<String, String> route;
    final Map<String, String> controller;

    Told(Answer run) {
      this.run = run;
      this.writes = audit.writes();
      this.patches = audit.patches();
      this.route = ingress.routeAnnotations();
      this.controller = platform.templateAnnotations(ingress.namespace, CONTROLLER);
    }
  }
}
