package com.openfaas.function.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Traffic.IngressView;
import com.openfaas.function.platform.Traffic.RouteView;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Routes of the Gateway API to the gateway. */
class HttpRoutesTest {
  private CannedPlatform platform;

  @BeforeEach
  void aPlatform() throws IOException {
    platform = new CannedPlatform();
  }

  @AfterEach
  void end() {
    platform.close();
  }

  @Test
  void anHttpRouteIsFoundByItsOwnNamespacesBackends() throws Exception {
    httpRoute(
        "{name: gateway, namespace: other, port: 7070}, {name: gateway, port: 8082}",
        "[{controllerName: gateway.envoyproxy.io/gatewayclass-controller}]");

    RouteView route = onlyRoute();

    assertThat(route.object.subject()).isEqualTo("httproute openfaas/faas");
    assertThat(route.className).as("its Gateway").isEqualTo("public");
    assertThat(route.controllerName).isEqualTo("gateway.envoyproxy.io/gatewayclass-controller");
    assertThat(route.gatewayAddress).isEqualTo("gateway.openfaas.svc.cluster.local:8082");
    assertThat(route.isShared).as("with another namespace's Service").isTrue();
    assertThat(route.controller).isNull();
  }

  @Test
  void anHttpRouteThatNobodyHasTakenOnHasNoController() throws Exception {
    httpRoute("{kind: Service, name: gateway}", "[]");

    RouteView route = onlyRoute();

    assertThat(route.controllerName).isEmpty();
    assertThat(route.gatewayAddress).endsWith(":8080");
    assertThat(route.isShared).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'{name: gateway, namespace: other}'",
    "'{name: gateway, kind: Bucket}'",
    "'{name: nats}'",
    "''"
  })
  void anHttpRouteToOthersIsNone(String backends) throws Exception {
    httpRoute(backends, "[]");

    assertThat(observe().routes).isEmpty();
  }

  @Test
  void aClusterWithoutTheGatewayApiHasNoHttpRoutes() throws Exception {
    IngressView ingress = observe();

    assertThat(ingress.routes).isEmpty();
    assertThat(ingress.unread).isEmpty();
  }

  private RouteView onlyRoute() throws Exception {
    IngressView ingress = observe();
    assertThat(ingress.routes).hasSize(1);
    return ingress.routes.get(0);
  }

  private IngressView observe() throws Exception {
    return platform.observe(Map.of()).ingress;
  }

  private void httpRoute(String backends, String parents) {
    platform.api.lists(
        CannedPlatform.HTTP_ROUTES,
        "HTTPRouteList",
        CannedPlatform.json(
            "{metadata: {namespace: openfaas, name: faas}, spec: {parentRefs: [{name: public,"
                + " namespace: edge}], rules: [{backendRefs: ["
                + backends
                + "]}]}, status: {parents: "
                + parents
                + "}}"));
  }
}
