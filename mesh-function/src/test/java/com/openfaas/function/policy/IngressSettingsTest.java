package com.openfaas.function.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openfaas.function.policy.PolicyReader.PolicyException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The policy of the ways calls take: into the gateway, and on to the functions. */
class IngressSettingsTest {
  private static final List<String> NAMES =
      List.of(
          "mesh_ingress",
          "mesh_ingress_controller",
          "mesh_ingress_skip_inbound_ports",
          "mesh_ingress_snippet",
          "mesh_retries",
          "mesh_timeout");

  @Test
  void nothingSetTellsAndTouchesNothing() throws PolicyException {
    Policy policy = PolicyReader.read(Map.of());
    assertThat(policy.ingress).isEqualTo(Policy.Ingress.DETECT);
    assertThat(policy.ingressController).isEmpty();
    assertThat(policy.ingressSnippet).isFalse();
    assertThat(policy.ingressSkipInboundPorts).isEmpty();
    assertThat(policy.serviceAnnotations).isEmpty();
  }

  @Test
  void everyVariableIsRead() throws PolicyException {
    Policy policy =
        PolicyReader.read(
            Map.of(
                "mesh_ingress", "apply",
                "mesh_ingress_controller", "traefik/traefik-2",
                "mesh_ingress_snippet", "true",
                "mesh_ingress_skip_inbound_ports", "80, 443",
                "mesh_retries", "5xx,429,500-503",
                "mesh_timeout", "1500ms"));
    assertThat(policy.ingress).isEqualTo(Policy.Ingress.APPLY);
    assertThat(policy.ingressController).isEqualTo("traefik/traefik-2");
    assertThat(policy.ingressSnippet).isTrue();
    assertThat(policy.ingressSkipInboundPorts).isEqualTo("80,443");
    assertThat(policy.serviceAnnotations)
        .containsEntry("retry.linkerd.io/http", "5xx,429,500-503")
        .containsEntry("timeout.linkerd.io/request", "1500ms");
  }

  @ParameterizedTest
  @ValueSource(strings = {"detect", "apply", "off", " off "})
  void eachWordOfMeshIngressIsTaken(String word) throws PolicyException {
    assertThat(PolicyReader.read(Map.of("mesh_ingress", word)).ingress)
        .hasToString(word.trim().toUpperCase(Locale.ROOT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mesh_ingress | on",
        "mesh_ingress | Apply",
        "mesh_ingress_controller | traefik",
        "mesh_ingress_controller | traefik/traefik/2",
        "mesh_ingress_controller | Traefik/traefik",
        "mesh_ingress_snippet | yes",
        "mesh_ingress_snippet | TRUE",
        "mesh_ingress_skip_inbound_ports | http",
        "mesh_ingress_skip_inbound_ports | 443-80",
        "mesh_ingress_skip_inbound_ports | 80;443",
        "mesh_retries | 3",
        "mesh_retries | 5xx,",
        "mesh_retries | 600",
        "mesh_retries | 5XX",
        "mesh_retries | 500 - 503",
        "mesh_timeout | 0s",
        "mesh_timeout | 10",
        "mesh_timeout | 1.5s",
        "mesh_timeout | -1s",
        "mesh_timeout | 1h",
      })
  void aBadValueIsNamedAndNotRepeated(String name, String value) {
    assertThat(faults(Map.of(name, value)))
        .singleElement()
        .asString()
        .startsWith(name + ": expected ");
  }

  @Test
  @DisplayName("all faults are named at once, and no environment value is ever in a message")
  void allFaultsAtOnceAndNoValueAmongThem() {
    assertThat(faults(all("s3cr3t!")))
        .hasSameSizeAs(NAMES)
        .allMatch(fault -> NAMES.contains(fault.split(":", -1)[0]))
        .doesNotHaveDuplicates()
        .noneMatch(fault -> fault.contains("s3cr3t"));
  }

  static Map<String, String> all(String value) {
    Map<String, String> environment = new HashMap<>();
    NAMES.forEach(name -> environment.put(name, value));
    return environment;
  }

  private static List<String> faults(Map<String, String> environment) {
    PolicyException refusal =
        catchThrowableOfType(PolicyException.class, () -> PolicyReader.read(environment));
    assertThat(refusal).as("accepted: %s", environment).isNotNull();
    return refusal.faults;
  }
}
