package com.openfaas.function.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Cases;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Traffic.RouteView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table as a whole, and how the profile of a route is found in it. */
class ControllerProfileTest {
  private static final String GATEWAY = "gateway.openfaas.svc.cluster.local:8080";

  @Test
  void isThisTable() {
    Cases.holdsGolden(
        Cases.file("ingress").resolve("table.txt"),
        ControllerProfile.TABLE.stream()
            .map(ControllerProfileTest::printed)
            .collect(Collectors.joining("\n")));
  }

  @Test
  void hasEachIdOnce() {
    assertThat(ControllerProfile.TABLE).extracting(profile -> profile.id).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "k8s.io/ingress-nginx, ingress-nginx",
    "k8s.io/internal-ingress-nginx, ingress-nginx",
    "nginx.org/ingress-controller, f5-nginx",
    "traefik.io/ingress-controller, traefik",
    "ingress-controllers.konghq.com/kong, kong",
    "projectcontour.io/ingress-controller, contour",
    "haproxy.org/ingress-controller, haproxy",
    "haproxy.org/ingress-controller/prod, haproxy",
    "haproxy-ingress.github.io/controller, haproxy-ingress",
    "haproxy-ingress.github.io/controller/staging, haproxy-ingress",
    "getambassador.io/ingress-controller, emissary",
    "k8s.ngrok.com/ingress-controller, ngrok",
    "ngrok.com/ingress-controller, ngrok",
    "ingress.k8s.aws/alb, aws-alb",
    "azure/application-gateway, azure-application-gateway",
    "istio.io/ingress-controller, istio",
    "cilium.io/ingress-controller, cilium",
    "example.com/ours, unknown",
    "k8s.io/ingress-nginx-fork, unknown",
    "gateway.envoyproxy.io/gatewayclass-controller, unknown",
  })
  void aClassIsToldByItsControllerWhateverItsName(String controllerName, String id) {
    assertThat(ControllerProfile.candidates(controllerName, "nginx", Map.of()).get(0).id)
        .isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource({
    "nginx, ingress-nginx f5-nginx",
    "traefik, traefik traefik-2 traefik-1",
    "kong, kong",
    "contour, contour",
    "haproxy, haproxy haproxy-ingress",
    "ambassador, emissary",
    "gloo, gloo",
    "enroute, enroute",
    "ngrok, ngrok",
    "gce, gce",
    "gce-internal, gce",
    "alb, aws-alb",
    "azure/application-gateway, azure-application-gateway",
    "istio, istio",
    "cilium, cilium",
    "ours, unknown",
  })
  void withoutAnIngressClassTheNameTellsWhoMayBeMeant(String className, String ids) {
    assertThat(ids(ControllerProfile.candidates("", className, Map.of()))).isEqualTo(ids);
    assertThat(
            ids(
                ControllerProfile.candidates(
                    "", "", Map.of("kubernetes.io/ingress.class", className))))
        .isEqualTo(ids);
  }

  @Test
  void theFieldOfTheRouteWinsOverItsOldAnnotation() {
    assertThat(
            ids(
                ControllerProfile.candidates(
                    "", "kong", Map.of("kubernetes.io/ingress.class", "nginx"))))
        .isEqualTo("kong");
  }

  @Test
  void aRouteWithoutAnyClassIsUnknown() {
    assertThat(ids(ControllerProfile.candidates("", "", Map.of()))).isEqualTo("unknown");
  }

  @Test
  void majorsOfTraefikAreCandidatesOfOneController() {
    assertThat(ids(ControllerProfile.candidates("traefik.io/ingress-controller", "", Map.of())))
        .isEqualTo("traefik traefik-2");
  }

  @ParameterizedTest
  @CsvSource({
    "gateway.envoyproxy.io/gatewayclass-controller, envoy-gateway",
    "gateway.nginx.org/nginx-gateway-controller, nginx-gateway-fabric",
    "io.cilium/gateway-controller, cilium",
    "networking.gke.io/gateway, gce",
    "istio.io/gateway-controller, istio",
    "traefik.io/gateway-controller, gateway-api",
    "k8s.io/ingress-nginx, gateway-api",
    "'', gateway-api",
  })
  void aGatewayIsToldByItsClassesController(String controllerName, String id) {
    assertThat(ControllerProfile.ofGateway(controllerName).id).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"traefik", "traefik-2", "traefik-1"})
  void theTraefikOfK3sIsExplained(String id) {
    assertThat(profile(id).whereNamespaceIsExcluded)
        .contains("kube-system", "nothing is meshed", "--disable traefik");
  }

  static ControllerProfile profile(String id) {
    return ControllerProfile.TABLE.stream()
        .filter(profile -> profile.id.equals(id))
        .findFirst()
        .orElseThrow();
  }

  static GatewayRoute route(
      ControllerProfile profile, String namespace, String name, Map<String, String> annotations) {
    return route(profile, new Annotated(Kind.INGRESS, namespace, name, annotations), GATEWAY);
  }

  static GatewayRoute route(ControllerProfile profile, Annotated object, String gateway) {
    return new GatewayRoute(new RouteView(object, "", "", gateway, false, null), profile, false);
  }

  private static String ids(List<ControllerProfile> profiles) {
    return profiles.stream().map(profile -> profile.id).collect(Collectors.joining(" "));
  }

  private static String printed(ControllerProfile profile) {
    List<String> rows = new ArrayList<>();
    rows.add(profile.id + ": " + profile.title);
    rows.add("  in       " + orDash(String.join(", ", profile.namespaces)));
    rows.add("  inject   " + orDash(profile.mode));
    rows.add("  pod      " + printed(profile.podAnnotations));
    rows.add("  route    " + printed(profile.settings(Map.of(), GATEWAY)));
    rows.add("  needs    " + orDash(profile.needs(Map.of(), "openfaas")));
    rows.add("  verdict  " + profile.verdict);
    route(profile, "openfaas", "openfaas-ingress", Map.of())
        .objects()
        .lines()
        .map(row -> "  apply    " + row)
        .forEach(rows::add);
    return String.join("\n", rows) + "\n";
  }

  private static String printed(Map<String, String> annotations) {
    return orDash(
        annotations.entrySet().stream()
            .map(each -> each.getKey() + ": \"" + each.getValue() + '"')
            .collect(Collectors.joining(", ")));
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }
}
