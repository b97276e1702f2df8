package com.openfaas.function.observe;

import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the gateway's environment says of the platform (OpenFaaS chart, gateway-dep.yaml). */
final class GatewaySettings {
  private static final String DEFAULT_FUNCTION_NAMESPACE = "openfaas-fn";

  /** Of the community edition's queue worker and gateway, and of Pro's (OpenFaaS charts). */
  private static final List<String> NATS_VARIABLES =
      List.of("faas_nats_address", "faas_nats_port", "nats_host", "nats_port");

  private static final String FUNCTION_NAMESPACE = "function_namespace";
  private static final String DIRECT_FUNCTIONS = "direct_functions";

  private final Map<String, String> environment;

  /**
   * @param environment the gateway's; the value is empty for {@code valueFrom}
   */
  GatewaySettings(Map<String, String> environment) {
    this.environment = environment;
  }

  String functionNamespace() {
    String namespace = environment.getOrDefault(FUNCTION_NAMESPACE, "");
    return namespace.isBlank() ? DEFAULT_FUNCTION_NAMESPACE : namespace;
  }

  /** The NATS port; empty if the gateway does not use NATS. */
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
            Code.NATS_PORT_UNKNOWN,
            subject,
            "it uses NATS, but its variable faas_nats_port has no valid port",
            "NATS' Service has the port: kubectl get services -A -l app=nats; then set"
                + " mesh_skip_outbound_ports=4222 in stack.yml"));
  }

  /** The variables in use; the first of several with the same name. */
  static Map<String, String> environment(PodTemplateSpec template) {
    Map<String, String> environment = new HashMap<>();
    for (Container container : template.getSpec().getContainers()) {
      for (EnvVar variable : container.getEnv()) {
        if (isLookedAt(variable.getName())) {
          environment.putIfAbsent(
              variable.getName(), Objects.requireNonNullElse(variable.getValue(), ""));
        }
      }
    }
    return environment;
  }

  /** Whether the variable is used; a function's deployer may set a MiB of others. */
  private static boolean isLookedAt(String variable) {
    return NATS_VARIABLES.contains(variable)
        || variable.equals(FUNCTION_NAMESPACE)
        || variable.equals(DIRECT_FUNCTIONS);
  }

  /** Whether a workload with this environment uses NATS: a queue worker, the event worker. */
  static boolean isNatsClient(Map<String, String> environment) {
    return NATS_VARIABLES.stream().anyMatch(environment::containsKey);
  }

  /** The NATS ports in an environment; empty if there are none. */
  static String natsPort(Map<String, String> environment) {
    return Ports.union(
        environment.getOrDefault("faas_nats_port", ""), environment.getOrDefault("nats_port", ""));
  }

  /** Whether calls go to a function's Service; by default the provider sends them to its pods. */
  boolean directFunctions() {
    return "true".equals(environment.get(DIRECT_FUNCTIONS));
  }
}
