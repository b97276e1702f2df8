package com.openfaas.function.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Reading;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway's environment tells. */
class GatewaySettingsTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"openfaas-fn, openfaas-fn", "fn, fn", "'', openfaas-fn", "none, openfaas-fn"})
  void theFunctionNamespaceIsTheGatewaysOrTheDefault(String value, String namespace) {
    assertThat(settings("function_namespace", value).functionNamespace()).isEqualTo(namespace);
  }

  @Test
  void withoutAGatewayTheDefaultsHold() {
    GatewaySettings none = new GatewaySettings(Map.of());
    assertThat(none.functionNamespace()).isEqualTo("openfaas-fn");
    assertThat(none.natsPorts("x").value).isEmpty();
  }

  @Test
  void theNatsPortIsTheGateways() {
    assertThat(settings("faas_nats_port", "4333").natsPorts("x").value).isEqualTo("4333");
  }

  @Test
  @DisplayName("a gateway without any NATS variable uses none")
  void noNats() {
    assertThat(settings("basic_auth", "true").natsPorts("x").value).isEmpty();
    assertThat(settings(new Container()).natsPorts("x").value).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nats", "4222 ", "123456", "-1"})
  @DisplayName("a port that cannot be read is a problem that does not repeat it")
  void aPortThatIsNoneIsAProblem(String value) {
    Reading<String> ports = settings("faas_nats_port", value).natsPorts("deployment a/b");
    assertThat(ports.isKnown()).isFalse();
    assertThat(ports.problem.code).isEqualTo("nats_port_unknown");
    assertThat(ports.problem.subject).isEqualTo("deployment a/b");
    assertThat(ports.problem.message)
        .isEqualTo("it uses NATS, but its variable faas_nats_port has no valid port");
  }

  @Test
  void anAddressWithoutAPortOrAPortFromElsewhereIsAProblem() {
    assertThat(settings("faas_nats_address", "nats").natsPorts("x").isKnown()).isFalse();
    assertThat(settings("faas_nats_port", null).natsPorts("x").isKnown()).isFalse();
  }

  @Test
  void theVariableMayBeOnAnyContainer() {
    GatewaySettings gateway =
        settings(
            new ContainerBuilder().withName("faas-netes").build(),
            new ContainerBuilder()
                .addNewEnv()
                .withName("faas_nats_port")
                .withValue("1")
                .endEnv()
                .build());
    assertThat(gateway.natsPorts("x").value).isEqualTo("1");
  }

  private static GatewaySettings settings(String name, String value) {
    return settings(
        new ContainerBuilder().addNewEnv().withName(name).withValue(value).endEnv().build());
  }

  private static GatewaySettings settings(Container... containers) {
    PodTemplateSpec template =
        new PodTemplateSpecBuilder().withNewSpec().withContainers(containers).endSpec().build();
    return new GatewaySettings(GatewaySettings.environment(template));
  }
}
