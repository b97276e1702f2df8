package com.openfaas.function.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openfaas.function.policy.PolicyReader.PolicyException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The policy: each variable, its default, and what is no value for it. */
class PolicyReaderTest {
  @Test
  void nothingSetGivesTheDefaults() throws PolicyException {
    Policy policy = PolicyReader.read(Map.of("PATH", "/usr/bin", "exec_timeout", "55s"));
    assertThat(policy.gatewayNamespace).isEqualTo("openfaas");
    assertThat(policy.gatewayName).isEqualTo("gateway");
    assertThat(policy.namespaces).isEmpty();
    assertThat(policy.core).containsExactly("queue-worker");
    assertThat(policy.coreNamed).isFalse();
    assertThat(policy.skipOutboundPorts).isEmpty();
    assertThat(policy.parallel).isEqualTo(64);
    assertThat(policy.budgetSeconds).isEqualTo(50);
    assertThat(policy.patience).hasMinutes(2);
    assertThat(policy.protect).isEqualTo(Policy.Protect.OFF);
    assertThat(policy.callers).isEmpty();
    assertThat(policy.gatewayUrl).hasToString("http://gateway.openfaas:8080");
  }

  @Test
  void everyVariableIsRead() throws PolicyException {
    Policy policy =
        PolicyReader.read(
            Map.of(
                "mesh_gateway",
                "faas/of-gateway",
                "mesh_namespaces",
                "fn-a, fn-b ,fn-c",
                "mesh_core",
                "queue-worker,cron-connector",
                "mesh_skip_outbound_ports",
                "4222, 4000 - 5000",
                "mesh_parallel",
                "3",
                "mesh_budget",
                "40s",
                "mesh_patience",
                "1m30s",
                "gateway_url",
                "https://faas.example.com:8443/openfaas/",
                "exec_timeout",
                "1m"));
    assertThat(policy.gatewayNamespace).isEqualTo("faas");
    assertThat(policy.gatewayName).isEqualTo("of-gateway");
    assertThat(policy.namespaces).containsExactly("fn-a", "fn-b", "fn-c");
    assertThat(policy.core).containsExactly("queue-worker", "cron-connector");
    assertThat(policy.coreNamed).isTrue();
    assertThat(policy.skipOutboundPorts).isEqualTo("4222,4000-5000");
    assertThat(policy.parallel).isEqualTo(3);
    assertThat(policy.budgetSeconds).isEqualTo(40);
    assertThat(policy.patience).hasSeconds(90);
    assertThat(policy.gatewayUrl).hasToString("https://faas.example.com:8443/openfaas");
  }

  @Test
  void whoMayCallFunctionsIsRead() throws PolicyException {
    Policy policy =
        PolicyReader.read(
            Map.of(
                "mesh_protect",
                "enforce",
                "mesh_callers",
                "monitoring/prometheus, team-a/cron.jobs"));
    assertThat(policy.protect).isEqualTo(Policy.Protect.ENFORCE);
    assertThat(policy.callers).containsExactly("monitoring/prometheus", "team-a/cron.jobs");
  }

  @Test
  @DisplayName("gateway_url follows the gateway's namespace")
  void theGatewayIsCalledInItsNamespace() throws PolicyException {
    Policy policy = PolicyReader.read(Map.of("mesh_gateway", "faas/of-gateway"));
    assertThat(policy.gatewayUrl).hasToString("http://gateway.faas:8080");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  @DisplayName("a variable of stack.yml that came out empty counts as not set")
  void anEmptyValueCountsAsNotSet(String value) throws PolicyException {
    Map<String, String> environment = IngressSettingsTest.all(value);
    for (String name :
        List.of("gateway", "namespaces", "core", "skip_outbound_ports", "parallel", "budget")) {
      environment.put("mesh_" + name, value);
    }
    assertThat(PolicyReader.read(environment))
        .usingRecursiveComparison()
        .isEqualTo(PolicyReader.read(Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mesh_gateway | gateway",
        "mesh_gateway | openfaas/gateway/x",
        "mesh_gateway | /gateway",
        "mesh_gateway | OpenFaaS/gateway",
        "mesh_gateway | openfaas/gate_way",
        "mesh_namespaces | ,",
        "mesh_namespaces | fn,,fn",
        "mesh_namespaces | fn fn",
        "mesh_namespaces | *",
        "mesh_namespaces | -fn",
        "mesh_core | queue-worker;nats",
        "mesh_core | ../nats",
        "mesh_skip_outbound_ports | nats",
        "mesh_skip_outbound_ports | 4222,",
        "mesh_skip_outbound_ports | 42 22",
        "mesh_skip_outbound_ports | 0",
        "mesh_skip_outbound_ports | 65536",
        "mesh_skip_outbound_ports | 4222,99999",
        "mesh_skip_outbound_ports | 5000-4000",
        "mesh_skip_outbound_ports | 1-2-3",
        "mesh_parallel | 0",
        "mesh_parallel | -1",
        "mesh_parallel | 257",
        "mesh_parallel | 1.5",
        "mesh_parallel | many",
        "mesh_budget | 0",
        "mesh_budget | 30s",
        "mesh_budget | 500ms",
        "mesh_budget | 71582789m",
        "mesh_budget | soon",
        "mesh_patience | 0",
        "mesh_patience | 500ms",
        "mesh_patience | 1h",
        "mesh_patience | long",
        "mesh_protect | deny",
        "mesh_protect | Enforce",
        "mesh_protect | true",
        "mesh_callers | monitoring",
        "mesh_callers | monitoring/",
        "mesh_callers | /prometheus",
        "mesh_callers | monitoring/prometheus/x",
        "mesh_callers | */*",
        "mesh_callers | Monitoring/prometheus",
        "exec_timeout | forever",
        "gateway_url | gateway:8080",
        "gateway_url | /gateway",
        "gateway_url | http:///function",
        "gateway_url | ftp://gateway.openfaas:8080",
        "gateway_url | http://admin:secret@gateway.openfaas:8080",
        "gateway_url | http://gateway.openfaas:8080/?x=y",
        "gateway_url | http://gateway.openfaas:8080/#x",
        "gateway_url | http://gateway openfaas:8080",
      })
  @DisplayName("a bad value is a fault that names the variable and never the value")
  void aBadValueIsNamedAndNotRepeated(String name, String value) {
    List<String> faults = faults(Map.of(name, value));
    assertThat(faults).hasSize(1);
    assertThat(faults.get(0)).startsWith(name + ": expected ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none | none | 25",
        "55s  | none | 50",
        "55   | none | 50",
        "1m   | none | 55",
        "3s   | none | 1",
        "0    | none | 55",
        "0s   | 59s  | 59",
        "55s  | 54s  | 54",
        "55s  | 7    | 7",
        "55s  | 1m   | fault",
        "55s  | 55s  | fault",
        "0    | 60s  | fault",
      })
  @DisplayName("the budget: exec_timeout less a margin, or mesh_budget below exec_timeout")
  void theBudgetStaysBelowTheTimeout(String exec, String budget, String seconds)
      throws PolicyException {
    Map<String, String> environment = new HashMap<>();
    if (!exec.equals("none")) {
      environment.put("exec_timeout", exec);
    }
    if (!budget.equals("none")) {
      environment.put("mesh_budget", budget);
    }
    if (seconds.equals("fault")) {
      assertThat(faults(environment)).hasSize(1);
    } else {
      assertThat(PolicyReader.read(environment).budgetSeconds).isEqualTo(Integer.parseInt(seconds));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mesh_gatway", "mesh_dry_run", "mesh_", "mesh_GATEWAY", "mesh_only"})
  @DisplayName("a misspelt setting must not pass for one in force")
  void anUnknownMeshVariableIsAFault(String name) {
    assertThat(faults(Map.of(name, "x")))
        .singleElement()
        .asString()
        .startsWith(name + ": no such setting; there are gateway_url, mesh_");
  }

  @ParameterizedTest
  @ValueSource(strings = {"MESH_GATEWAY", "meshed", "not_mesh_x", "fprocess"})
  void whatIsNotOursIsLeftAlone(String name) throws PolicyException {
    assertThat(PolicyReader.read(Map.of(name, "?"))).isNotNull();
  }

  @Test
  @DisplayName("all faults are named at once, and no environment value is ever in a message")
  void allFaultsAtOnceAndNoValueAmongThem() {
    String secret = "s3cr3t!";
    Map<String, String> environment = new HashMap<>();
    List<String> names =
        List.of(
            "exec_timeout",
            "gateway_url",
            "mesh_budget",
            "mesh_patience",
            "mesh_core",
            "mesh_gateway",
            "mesh_namespaces",
            "mesh_parallel",
            "mesh_skip_outbound_ports",
            "mesh_unheard_of");
    names.forEach(name -> environment.put(name, secret));
    PolicyException refusal =
        catchThrowableOfType(PolicyException.class, () -> PolicyReader.read(environment));
    assertThat(refusal.faults).hasSameSizeAs(names);
    names.forEach(
        name -> assertThat(refusal.faults).filteredOn(f -> f.startsWith(name + ":")).hasSize(1));
    assertThat(refusal.faults).noneMatch(fault -> fault.contains("s3cr3t"));
    assertThat(refusal.getMessage()).doesNotContain("s3cr3t");
  }

  private static List<String> faults(Map<String, String> environment) {
    PolicyException refusal =
        catchThrowableOfType(PolicyException.class, () -> PolicyReader.read(environment));
    assertThat(refusal).as("accepted: %s", environment).isNotNull();
    return refusal.faults;
  }
}
