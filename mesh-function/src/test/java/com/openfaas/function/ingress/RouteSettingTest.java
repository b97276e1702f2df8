package com.openfaas.function.ingress;

import static com.openfaas.function.ingress.ControllersTest.line;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each line writes on a route, and which routes it takes for guarded. */
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
    assertThat(line(id).mode).isEqualTo("enabled");
    assertThat(line(id).settings(Map.of("other", "value"), GATEWAY)).isEqualTo(Map.of(key, "true"));
    assertThat(line(id).needs(Map.of(), "faas", GATEWAY)).isEmpty();
    assertThat(line(id).stripsClientHeader()).isTrue();
    assertThat(line(id).guards(Map.of())).isTrue();
    assertThat(line(id).sendsWholeRouteToGateway()).isFalse();
  }

  @Test
  void haproxySetsTheHeaderInPlaceOfAClients() {
    Controller haproxy = line("haproxy");
    assertThat(haproxy.settings(GATEWAY))
        .isEqualTo(Map.of("haproxy.org/request-set-header", HEADER + " " + GATEWAY));
    assertThat(haproxy.needs(Map.of(), "faas", GATEWAY)).isEmpty();
    assertThat(haproxy.stripsClientHeader()).isTrue();
    assertThat(haproxy.sendsWholeRouteToGateway()).isTrue();
  }

  @Test
  void headersThatARouteSetsAlreadyStay() {
    assertThat(
            line("haproxy")
                .settings(
                    Map.of("haproxy.org/request-set-header", "X-One 1\nL5D-dst-override old:1\n"),
                    GATEWAY))
        .isEqualTo(Map.of("haproxy.org/request-set-header", "X-One 1\n" + HEADER + " " + GATEWAY));
    assertThat(
            line("traefik-1")
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
    Map<String, String> once = line(id).settings(Map.of(), GATEWAY);
    assertThat(once).isNotEmpty();
    assertThat(line(id).settings(once, GATEWAY)).isEqualTo(once);
    assertThat(line(id).guards(once)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"haproxy", "traefik", "traefik-2", "traefik-1", "kong", "contour", "gloo"})
  void inModeIngressARouteThatShowsNothingLetsAClientsHeaderThrough(String id) {
    assertThat(line(id).mode).isEqualTo("ingress");
    assertThat(line(id).guards(Map.of())).isFalse();
    assertThat(line(id).guards(Map.of(Controller.VOUCHED, "false"))).isFalse();
    assertThat(line(id).guards(Map.of(Controller.VOUCHED, "true"))).isTrue();
  }

  @Test
  @DisplayName("a header of another name is no guard, nor one that only begins like ours")
  void otherHeadersAreNoGuard() {
    assertThat(line("haproxy").guards(Map.of("haproxy.org/request-set-header", "X-One 1")))
        .isFalse();
    assertThat(
            line("haproxy")
                .guards(Map.of("haproxy.org/request-set-header", "l5d-dst-override-x 1")))
        .isFalse();
    assertThat(
            line("traefik-1")
                .guards(
                    Map.of("ingress.kubernetes.io/custom-request-headers", "X:l5d-dst-override")))
        .isFalse();
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
    assertThat(line(id).mode).isEmpty();
    assertThat(line(id).settings(Map.of(), GATEWAY)).isEmpty();
    assertThat(line(id).podAnnotations()).isEmpty();
    assertThat(line(id).needs(Map.of(), "faas", GATEWAY)).isEmpty();
    assertThat(line(id).stripsClientHeader()).isFalse();
  }
}
