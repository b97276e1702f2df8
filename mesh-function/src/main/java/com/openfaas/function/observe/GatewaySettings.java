package com.openfaas.function.observe;

import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import java.util.Map;

/** What the gateway's environment tells of the platform (OpenFaaS chart, gateway-dep.yaml). */
final class GatewaySettings {
  private static final String DEFAULT_FUNCTION_NAMESPACE = "openfaas-fn";

  private final Map<String, String> environment;

  /**
   * @param environment the gateway's; a value that comes from elsewhere is empty
   */
  GatewaySettings(Map<String, String> environment) {
    this.environment = environment;
  }

  String functionNamespace() {
    String namespace = environment.getOrDefault("function_namespace", "");
    return namespace.isBlank() ? DEFAULT_FUNCTION_NAMESPACE : namespace;
  }

  /** The NATS port; empty where the gateway has no NATS. */
  Reading<String> natsPorts(String subject) {
    String port = environment.getOrDefault("faas_nats_port", "");
    if (port.matches("\\d{1,5}")) {
      return Reading.of(port);
    }
    if (!environment.containsKey("faas_nats_port")
        && !environment.containsKey("faas_nats_address")) {
      return Reading.of("");
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
    return "true".equals(environment.get("direct_functions"));
  }
}
