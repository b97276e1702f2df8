package com.openfaas.function.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The snippet of old guides. */
class GatewayRouteTest {
  private static final String GATEWAY = "gateway.openfaas.svc.cluster.local:8080";

  private static final String DIRECTIVES =
      "proxy_set_header l5d-dst-override gateway.openfaas.svc.cluster.local:8080;\n"
          + "proxy_hide_header l5d-remote-ip;\n"
          + "proxy_hide_header l5d-server-id;\n";

  @Test
  void isTheGuidesToTheLetter() {
    assertThat(GatewayRoute.snippet(Map.of(), GATEWAY))
        .isEqualTo(Map.of(GatewayRoute.SNIPPET, DIRECTIVES));
  }

  @Test
  void holdsTheAddressOfAnotherGateway() {
    assertThat(
            GatewayRoute.snippet(Map.of(), "gw.faas.svc.corp.local:80").get(GatewayRoute.SNIPPET))
        .startsWith("proxy_set_header l5d-dst-override gw.faas.svc.corp.local:80;\n");
  }

  @Test
  void otherDirectivesStay() {
    Map<String, String> present =
        Map.of(GatewayRoute.SNIPPET, "more_set_headers \"X-One: l5d-two\";\nproxy_buffering off;");
    assertThat(GatewayRoute.snippet(present, GATEWAY))
        .isEqualTo(
            Map.of(
                GatewayRoute.SNIPPET,
                "more_set_headers \"X-One: l5d-two\";\nproxy_buffering off;\n" + DIRECTIVES));
  }

  @Test
  void olderOnesOfLinkerdGiveWay() {
    Map<String, String> present =
        Map.of(
            GatewayRoute.SNIPPET,
            "proxy_set_header l5d-dst-override $service_name.$namespace.svc:80; etag off;\n"
                + "grpc_set_header l5d-dst-override old:1;\n");
    assertThat(GatewayRoute.snippet(present, GATEWAY))
        .isEqualTo(Map.of(GatewayRoute.SNIPPET, "etag off;\n" + DIRECTIVES));
  }

  @Test
  void writtenAgainItIsTheSame() {
    Map<String, String> once =
        GatewayRoute.snippet(Map.of(GatewayRoute.SNIPPET, "etag off;"), GATEWAY);
    assertThat(GatewayRoute.snippet(once, GATEWAY)).isEqualTo(once);
  }

  @Test
  void isRecognisedByItsHeader() {
    assertThat(ofSnippet(Map.of(GatewayRoute.SNIPPET, DIRECTIVES))).isNotNull();
    assertThat(ofSnippet(Map.of(GatewayRoute.SNIPPET, "etag off;"))).isNull();
    assertThat(ofSnippet(Map.of("note", DIRECTIVES))).isNull();
    assertThat(ofSnippet(Map.of())).isNull();
  }

  @Test
  void saysThatItHasNoEffectAndIsRefused() {
    Problem problem = ofSnippet(Map.of(GatewayRoute.SNIPPET, DIRECTIVES));

    assertThat(problem.message).contains("mode enabled", "1.9", "allow-snippet-annotations");
    assertThat(problem.hint).contains(GatewayRoute.SNIPPET, "service-upstream");
  }

  private static Problem ofSnippet(Map<String, String> annotations) {
    return GatewayRoute.ofSnippet(new Annotated(Kind.INGRESS, "openfaas", "faas", annotations));
  }
}
