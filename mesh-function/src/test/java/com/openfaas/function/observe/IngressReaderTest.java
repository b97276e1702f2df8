package com.openfaas.function.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Traffic.IngressView;
import com.openfaas.function.platform.Traffic.RouteView;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which routes lead to the gateway, of which class they are, and how else calls come in. */
class IngressReaderTest {

  private CannedPlatform platform;

  @BeforeEach
  void aPlatform() throws IOException {
    platform = new CannedPlatform();
  }

  @AfterEach
  void end() {
    platform.close();
  }

  @ParameterizedTest(name = "{0}: {2}, shared {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "by number | rules: [{http: {paths: [{backend: {service: {name: gateway, port: {number:"
            + " 8081}}}}]}}] | gateway.openfaas.svc.cluster.local:8081 | false",
        "by the port's name | rules: [{http: {paths: [{backend: {service: {name: gateway, port:"
            + " {name: http}}}}]}}] | gateway.openfaas.svc.cluster.local:9090 | false",
        "by a name the Service has not | rules: [{http: {paths: [{backend: {service: {name:"
            + " gateway, port: {name: web}}}}]}}] | gateway.openfaas.svc.cluster.local:8080 |"
            + " false",
        "the other Service | rules: [{http: {paths: [{backend: {service: {name: gateway-external,"
            + " port: {number: 8080}}}}]}}] | gateway-external.openfaas.svc.cluster.local:8080 |"
            + " false",
        "default backend | defaultBackend: {service: {name: gateway, port: {number: 8080}}}, rules:"
            + " [{host: x}] | gateway.openfaas.svc.cluster.local:8080 | false",
        "two hosts | rules: [{http: {paths: [{backend: {service: {name: gateway, port: {number:"
            + " 8080}}}}]}}, {http: {paths: [{backend: {service: {name: gateway, port: {number:"
            + " 8080}}}}]}}] | gateway.openfaas.svc.cluster.local:8080 | false",
        "beside NATS | rules: [{http: {paths: [{backend: {service: {name: nats, port: {number:"
            + " 8222}}}}, {backend: {service: {name: gateway, port: {number: 8080}}}}]}}] |"
            + " gateway.openfaas.svc.cluster.local:8080 | true",
        "beside a bucket | defaultBackend: {resource: {kind: Bucket, name: assets}}, rules: [{http:"
            + " {paths: [{backend: {service: {name: gateway, port: {number: 8080}}}}]}}] |"
            + " gateway.openfaas.svc.cluster.local:8080 | true",
      })
  void anIngressIsFoundByTheServicesThatSelectTheGatewaysPods(
      String name, String spec, String address, boolean shared) throws Exception {
    platform.has("ingresses", "{metadata: {name: faas}, spec: {" + spec + "}}");

    RouteView route = onlyRoute();

    assertThat(route.object.subject()).isEqualTo("ingress openfaas/faas");
    assertThat(route.gatewayAddress).isEqualTo(address);
    assertThat(route.isShared).isEqualTo(shared);
  }

  @ParameterizedTest
  @CsvSource({"nats", "elsewhere", "gone"})
  void anIngressToAnotherServiceIsNone(String service) throws Exception {
    ingress("", "", service);

    assertThat(observe().routes).isEmpty();
  }

  @ParameterizedTest(name = "{0}, {1}: class {2} of {3}")
  @CsvSource({
    "ingressClassName: outer, '', outer, k8s.io/ingress-nginx",
    "'', kubernetes.io/ingress.class: outer, outer, k8s.io/ingress-nginx",
    "ingressClassName: inner, kubernetes.io/ingress.class: outer, inner, ''",
    "ingressClassName: gone, '', gone, ''",
    "'', '', usual, traefik.io/ingress-controller",
  })
  @DisplayName("its class: by the spec, then by the old annotation, then the cluster's default")
  void itsClass(String named, String annotation, String name, String controller) throws Exception {
    platform.has(
        "ingressclasses",
        "{metadata: {name: inner}, spec: {}}",
        "{metadata: {name: outer}, spec: {controller: k8s.io/ingress-nginx}}",
        "{metadata: {name: usual, annotations: {ingressclass.kubernetes.io/is-default-class:"
            + " 'true'}}, spec: {controller: traefik.io/ingress-controller}}");
    ingress(annotation, named, "gateway");

    RouteView route = onlyRoute();

    assertThat(route.className).isEqualTo(name);
    assertThat(route.controllerName).isEqualTo(controller);
  }

  @Test
  void withoutAClassAndWithoutADefaultNothingIsSaidOfIt() throws Exception {
    ingress("", "", "gateway");

    assertThat(onlyRoute().className).isEmpty();
  }

  @Test
  void classesThatMayNotBeReadAreAProblemAndTheNameStands() throws Exception {
    platform.api.refuses("/apis/networking.k8s.io/v1/ingressclasses", 403);
    ingress("", "ingressClassName: nginx", "gateway");

    IngressView ingress = observe();

    assertThat(ingress.routes).extracting(route -> route.className).containsExactly("nginx");
    assertThat(ingress.unread).extracting(p -> p.subject).contains("ingressclasses");
  }

  @Test
  void httpRoutesThatMayNotBeReadTakeNothingElseAway() throws Exception {
    platform.api.refuses(CannedPlatform.HTTP_ROUTES, 403);
    ingress("", "ingressClassName: nginx", "gateway");

    IngressView ingress = observe();

    assertThat(ingress.routes).hasSize(1);
    assertThat(ingress.withoutRoute).isEmpty();
    assertThat(ingress.unread)
        .extracting(problem -> problem.code + " " + problem.subject)
        .containsExactlyInAnyOrder(
            "forbidden httproutes in openfaas",
            "ingress_controller_not_found ingress openfaas/faas");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LoadBalancer | calls arrive at Service gateway-external (LoadBalancer)",
        "NodePort | calls arrive at Service gateway-external (NodePort)",
        "ClusterIP | LoadBalancer or NodePort routes to the gateway",
      })
  void withoutARouteTheServicesSayHowCallsComeIn(String type, String sentence) throws Exception {
    platform.services("openfaas", CannedPlatform.EXTERNAL.replace("LoadBalancer", type));

    assertThat(observe().withoutRoute).startsWith("no Ingress").endsWith(sentence);
  }

  @Test
  void servicesThatMayNotBeReadAreAProblem() throws Exception {
    platform.api.refuses("/api/v1/namespaces/openfaas/services", 403);

    IngressView ingress = observe();

    assertThat(ingress.unread).extracting(Problem::toString).anyMatch(p -> p.contains("services"));
    assertThat(ingress.withoutRoute).isNotEmpty();
  }

  @Test
  void offAsksForNothing() throws Exception {
    ingress("", "ingressClassName: nginx", "gateway");

    IngressView ingress = platform.observe(Map.of("mesh_ingress", "off")).ingress;

    assertThat(ingress).isSameAs(IngressView.OFF);
    assertThat(platform.api.asked())
        .noneMatch(path -> path.matches(".*/(services|ingresses|ingressclasses|httproutes)"));
  }

  @Test
  @DisplayName("15 requests at most, where no route leads to a controller of ours")
  void whatALookCosts() throws Exception {
    platform.api.lists(
        CannedPlatform.NAMESPACES,
        "NamespaceList",
        CannedPlatform.namespace("openfaas", ""),
        CannedPlatform.namespace("openfaas-fn", ""));
    platform.has("ingressclasses", "{metadata: {name: gce}, spec: {}}");
    ingress("", "ingressClassName: gce", "gateway");

    assertThat(platform.requests(Map.of())).isLessThanOrEqualTo(15);
    assertThat(platform.api.asked()).contains(CannedPlatform.HTTP_ROUTES);
  }

  private RouteView onlyRoute() throws Exception {
    IngressView ingress = observe();
    assertThat(ingress.routes).hasSize(1);
    return ingress.routes.get(0);
  }

  private IngressView observe() throws Exception {
    return platform.observe(Map.of()).ingress;
  }

  private void ingress(String annotations, String className, String service) {
    platform.has(
        "ingresses",
        "{metadata: {name: faas, annotations: {"
            + annotations
            + "}}, spec: {defaultBackend: {service: {name: "
            + service
            + ", port: {number: 8080}}}"
            + (className.isEmpty() ? "" : ", " + className)
            + "}}");
  }
}
