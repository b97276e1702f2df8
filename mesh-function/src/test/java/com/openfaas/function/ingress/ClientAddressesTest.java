package com.openfaas.function.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientAddressesTest {
  @Test
  void namesEverySettingOfTheRouteThatGoesByThem() {
    assertThat(
            ClientAddresses.message(
                Map.of(
                    "nginx.ingress.kubernetes.io/whitelist-source-range", "10.0.0.0/8",
                    "nginx.ingress.kubernetes.io/limit-rps", "5",
                    "nginx.ingress.kubernetes.io/ssl-redirect", "true")))
        .contains("127.0.0.1")
        .endsWith(
            ": nginx.ingress.kubernetes.io/limit-rps,"
                + " nginx.ingress.kubernetes.io/whitelist-source-range");
  }

  @Test
  void isEmptyForARouteWithoutAny() {
    assertThat(ClientAddresses.message(Map.of("nginx.ingress.kubernetes.io/ssl-redirect", "true")))
        .isEmpty();
  }

  @Test
  void theHintNamesTheAnnotationThatKeepsThem() {
    assertThat(ClientAddresses.hint()).contains("config.linkerd.io/skip-inbound-ports: \"80,443\"");
  }
}
