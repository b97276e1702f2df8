package com.openfaas.function.observe;

import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What the gateway's environment tells of the platform (OpenFaaS chart, gateway-dep.yaml). */
final class GatewaySettings {
  private static final String DEFAULT_FUNCTION_NAMESPACE = "openfaas-fn";

  private final PodTemplateSpec gateway;

  /**
   * @param gateway its pod template; null where it was not found
   */
  GatewaySettings(PodTemplateSpec gateway) {
    this.gateway = gateway;
  }

  String functionNamespace() {
    return variable("function_namespace")
        .map(EnvVar::getValue)
        .filter(value -> !value.isBlank())
        .orElse(DEFAULT_FUNCTION_NAMESPACE);
  }

  /** The NATS port; empty where the gateway has no NATS. */
  Reading<String> natsPorts(String subject) {
    Optional<EnvVar> port = variable("faas_nats_port");
    if (port.isEmpty() && variable("faas_nats_address").isEmpty()) {
      return Reading.of("");
    }
    String value = port.map(EnvVar::getValue).orElse(null);
    if (value != null && value.matches("\\d{1,5}")) {
      return Reading.of(value);
    }
    return Reading.failed(
        new Problem(
            "nats_port_unknown",
            subject,
            "it uses NATS, but its env faas_nats_port holds no port",
            "set mesh_skip_outbound_ports in stack.yml, as 4222"));
  }

  /** Whether calls go to a function's Service; the provider's own way is to its pods. */
  boolean directFunctions() {
    return variable("direct_functions").map(EnvVar::getValue).filter("true"::equals).isPresent();
  }

  private Optional<EnvVar> variable(String name) {
    return gateway == null
        ? Optional.empty()
        : gateway.getSpec().getContainers().stream()
            .flatMap(c -> c.getEnv() == null ? Stream.empty() : c.getEnv().stream())
            .filter(Objects::nonNull)
            .filter(variable -> name.equals(variable.getName()))
            .findFirst();
  }
}
