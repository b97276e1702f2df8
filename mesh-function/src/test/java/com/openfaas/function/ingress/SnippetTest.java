package com.openfaas.function.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SnippetTest {
  private static final String GATEWAY = "gateway.openfaas.svc.cluster.local:8080";

  private static final String DIRECTIVES =
      "proxy_set_header l5d-dst-override gateway.openfaas.svc.cluster.local:8080;\n"
          + "proxy_hide_header l5d-remote-ip;\n"
          + "proxy_hide_header l5d-server-id;\n";

  @Test
  void isTheGuidesToTheLetter() {
    assertThat(Snippet.setting(Map.of(), GATEWAY)).isEqualTo(Map.of(Snippet.KEY, DIRECTIVES));
  }

  @Test
  void holdsTheAddressOfAnotherGateway() {
    assertThat(Snippet.setting(Map.of(), "gw.faas.svc.corp.local:80").get(Snippet.KEY))
        .startsWith("proxy_set_header l5d-dst-override gw.faas.svc.corp.local:80;\n");
  }

  @Test
  void otherDirectivesStay() {
    Map<String, String> present =
        Map.of(Snippet.KEY, "more_set_headers \"X-One: l5d-two\";\nproxy_buffering off;");
    assertThat(Snippet.setting(present, GATEWAY))
        .isEqualTo(
            Map.of(
                Snippet.KEY,
                "more_set_headers \"X-One: l5d-two\";\nproxy_buffering off;\n" + DIRECTIVES));
  }

  @Test
  void olderOnesOfLinkerdGiveWay() {
    Map<String, String> present =
        Map.of(
            Snippet.KEY,
            "proxy_set_header l5d-dst-override $service_name.$namespace.svc:80; etag off;\n"
                + "grpc_set_header l5d-dst-override old:1;\n");
    assertThat(Snippet.setting(present, GATEWAY))
        .isEqualTo(Map.of(Snippet.KEY, "etag off;\n" + DIRECTIVES));
  }

  @Test
  void writtenAgainItIsTheSame() {
    Map<String, String> once = Snippet.setting(Map.of(Snippet.KEY, "etag off;"), GATEWAY);
    assertThat(Snippet.setting(once, GATEWAY)).isEqualTo(once);
  }

  @Test
  void isRecognisedByItsHeader() {
    assertThat(Snippet.isOn(Map.of(Snippet.KEY, DIRECTIVES))).isTrue();
    assertThat(Snippet.isOn(Map.of(Snippet.KEY, "etag off;"))).isFalse();
    assertThat(Snippet.isOn(Map.of("note", DIRECTIVES))).isFalse();
    assertThat(Snippet.isOn(Map.of())).isFalse();
  }

  @Test
  void saysThatItHasNoEffectAndIsRefused() {
    assertThat(Snippet.message()).contains("mode enabled", "1.9", "allow-snippet-annotations");
    assertThat(Snippet.hint()).contains(Snippet.KEY, "service-upstream");
  }
}
