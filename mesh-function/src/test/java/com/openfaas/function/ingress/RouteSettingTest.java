package com.openfaas.function.ingress;

import static com.openfaas.function.ingress.ControllerProfileTest.profile;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written on a route of each controller. */
class RouteSettingTest {
  private static final String GATEWAY = "gateway.openfaas.svc.cluster.local:8080";
  private static final String HEADER = "l5d-dst-override";

  @ParameterizedTest
  @CsvSource({
    "ingress-nginx, nginx.ingress.kubernetes.io/service-upstream",
    "f5-nginx, nginx.org/use-cluster-ip",
    "haproxy-ingress, haproxy-ingress.github.io/service-upstream",
  })
  void inModeEnabledAnAnnotationMakesItDialTheService(String id, String key) {
    assertThat(profile(id).mode).isEqualTo("enabled");
    assertThat(profile(id).settings(Map.of("other", "value"), GATEWAY))
        .isEqualTo(Map.of(key, "true"));
    assertThat(profile(id).needs(Map.of(), "faas")).isEmpty();
    assertThat(profile(id).sendsWholeRouteToGateway()).isFalse();
  }

  @Test
  void haproxySetsTheHeaderInPlaceOfAClients() {
    ControllerProfile haproxy = profile("haproxy");
    assertThat(haproxy.settings(Map.of(), GATEWAY))
        .isEqualTo(Map.of("haproxy.org/request-set-header", HEADER + " " + GATEWAY));
    assertThat(haproxy.needs(Map.of(), "faas")).isEmpty();
    assertThat(haproxy.sendsWholeRouteToGateway()).isTrue();
  }

  @Test
  void headersThatARouteSetsAlreadyStay() {
    assertThat(
            profile("haproxy")
                .settings(
                    Map.of("haproxy.org/request-set-header", "X-One 1\nL5D-dst-override old:1\n"),
                    GATEWAY))
        .isEqualTo(Map.of("haproxy.org/request-set-header", "X-One 1\n" + HEADER + " " + GATEWAY));
    assertThat(
            profile("traefik-1")
                .settings(
                    Map.of("ingress.kubernetes.io/custom-request-headers", "X-One:1||X-Two:2"),
                    GATEWAY))
        .isEqualTo(
            Map.of(
                "ingress.kubernetes.io/custom-request-headers",
                "X-One:1||X-Two:2||" + HEADER + ":" + GATEWAY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ingress-nginx", "f5-nginx", "haproxy-ingress", "haproxy", "traefik-1"})
  void settingWhatIsSetChangesNothing(String id) {
    Map<String, String> once = profile(id).settings(Map.of(), GATEWAY);
    assertThat(once).isNotEmpty();
    assertThat(profile(id).settings(once, GATEWAY)).isEqualTo(once);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gce",
        "aws-alb",
        "azure-application-gateway",
        "istio",
        "cilium",
        "gateway-api",
        "envoy-gateway",
        "nginx-gateway-fabric",
        "unknown"
      })
  void whatWeDoNotMeshWeDoNotTouchEither(String id) {
    assertThat(profile(id).mode).isEmpty();
    assertThat(profile(id).settings(Map.of(), GATEWAY)).isEmpty();
    assertThat(profile(id).podAnnotations).isEmpty();
    assertThat(profile(id).needs(Map.of(), "faas")).isEmpty();
  }

  @Test
  @DisplayName("what goes by clients' addresses is told of the controller that reads it")
  void namesEverySettingThatGoesByTheClientsAddress() {
    Map<String, String> present =
        Map.of(
            "nginx.ingress.kubernetes.io/whitelist-source-range", "10.0.0.0/8",
            "nginx.ingress.kubernetes.io/limit-rps", "5",
            "nginx.ingress.kubernetes.io/ssl-redirect", "true");
    assertThat(profile("ingress-nginx").byClientAddress(present))
        .containsExactly(
            "nginx.ingress.kubernetes.io/limit-rps",
            "nginx.ingress.kubernetes.io/whitelist-source-range");
    assertThat(profile("haproxy").byClientAddress(present)).as("reads none of them").isEmpty();
  }
}
