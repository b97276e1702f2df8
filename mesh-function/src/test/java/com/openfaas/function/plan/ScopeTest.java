package com.openfaas.function.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run's scope says of an ingress controller that several routes come through. */
class ScopeTest {
  private static final String NGINX = "{name: faas, class: nginx, through: edge/own-build}";
  private static final String OURS = "{name: ui, class: ours, through: edge/own-build}";
  private static final String TRAEFIK = "{name: api, class: traefik, through: edge/own-build}";
  private static final String HTTP_ROUTE =
      "{kind: HTTPRoute, name: web, controller: example.com/own, through: edge/own-build}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        NGINX + " | " + OURS,
        NGINX + " | " + TRAEFIK,
        NGINX + " | " + HTTP_ROUTE,
        TRAEFIK + " | " + OURS,
      })
  void theOrderOfRoutesDecidesNothing(String one, String other) throws IOException {
    assertThat(plan(one, other)).isEqualTo(plan(other, one));
    assertThat(scope(one, other).profile(ingress(one, other)))
        .isEqualTo(scope(other, one).profile(ingress(other, one)));
  }

  @Test
  @DisplayName("a class that the table does not have says nothing against one that it has")
  void theKnownRouteTellsTheController() throws IOException {
    assertThat(plan(OURS, NGINX))
        .containsExactly(
            "INGRESS deployment edge/own-build {linkerd.io/inject=enabled}",
            "ROUTES ingress openfaas/faas {nginx.ingress.kubernetes.io/service-upstream=true}",
            "ROUTES ingress openfaas/ui {nginx.ingress.kubernetes.io/service-upstream=true}");
  }

  @Test
  void routesThatNameTwoControllersLeaveTheirWorkloadAlone() throws IOException {
    assertThat(plan(NGINX, TRAEFIK)).isEmpty();
    assertThat(plan(NGINX, HTTP_ROUTE)).isEmpty();
    assertThat(scope(NGINX, TRAEFIK).obstacle(ingress(NGINX, TRAEFIK))).contains("left alone");
  }

  private static List<String> plan(String... routes) throws IOException {
    return new Planner(scope(routes), Sample.MOMENT)
        .plan().steps.stream()
            .map(step -> step.wave + " " + step.subject() + " " + step.annotations)
            .collect(Collectors.toList());
  }

  private static Workload ingress(String... routes) throws IOException {
    return scope(routes).platform.workloads.stream()
        .filter(workload -> workload.role == Role.INGRESS)
        .findFirst()
        .orElseThrow();
  }

  /** A controller built by the operator, whose image tells nothing. */
  private static Scope scope(String... routes) throws IOException {
    String given =
        "policy: {mesh_ingress: apply}\n"
            + "nats: '4222'\n"
            + "namespaces: {openfaas-fn: {inject: enabled}, edge: {ingress: true}}\n"
            + "workloads:\n"
            + "- {role: gateway, name: gateway, inject: enabled, skip: '4222,4567,4568',"
            + " pods: {meshed: 1}}\n"
            + "- {role: ingress, in: edge, name: own-build, image: 'registry.example/edge:1',"
            + " pods: {unmeshed: 2}}\n"
            + "routes: ["
            + String.join(", ", routes)
            + "]\n";
    return new Given(new ObjectMapper(new YAMLFactory()).readTree(given)).scope();
  }
}
