package com.openfaas.function.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.NetworkRules;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What a NetworkPolicy of functions lets in")
class NetworkRulesTest {
  private static final Workload GATEWAY =
      Sample.of(Role.GATEWAY, "openfaas", "gateway").labelled("app", "gateway").workload();
  private static final String PATH =
      "/apis/networking.k8s.io/v1/namespaces/openfaas-fn/networkpolicies";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "podSelector: {}, ingress: [{ports: [{port: 8080}]}] | true | true | false",
        "podSelector: {}, ingress: [{ports: [{port: 8080}, {port: 4143, protocol: TCP}]}] | true |"
            + " true | true",
        "podSelector: {}, ingress: [{ports: [{port: 4000, endPort: 9000}]}] | true | true | true",
        "podSelector: {}, ingress: [{ports: [{port: http}]}] | true | true | false",
        "podSelector: {}, ingress: [{ports: [{port: linkerd-proxy}]}] | true | false | true",
        "podSelector: {}, ingress: [{ports: [{port: 4143, protocol: UDP}, {port: 8080}]}] | true |"
            + " true | false",
        "podSelector: {}, ingress: [{ports: [{protocol: TCP}]}] | true | true | true",
        "podSelector: {}, ingress: [{}] | true | true | true",
        "podSelector: {} | true | false | false",
        "podSelector: {}, ingress: [], policyTypes: [Ingress] | true | false | false",
        "podSelector: {}, policyTypes: [Egress], egress: [] | none | false | false",
        "podSelector: {matchLabels: {faas_function: other}}, ingress: [{ports: [{port: 8080}]}] |"
            + " false | true | false",
        "podSelector: {matchLabels: {faas_function: figlet}}, ingress: [{}] | true | true | true",
        "podSelector: {}, ingress: [{from: [{podSelector: {}}]}] | true | false | false",
        "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels:"
            + " {kubernetes.io/metadata.name: openfaas}}}], ports: [{port: 8080}]}] | true | true |"
            + " false",
        "podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels:"
            + " {app: other}}}]}] | true | false | false",
        "podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels:"
            + " {app: gateway}}}]}] | true | true | true",
        "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 8080}]}]"
            + " | true | true | false",
      })
  void admits(String spec, String selects, boolean onFunctions, boolean onProxys) throws Exception {
    List<NetworkRules> read = read(spec).value;
    if (selects.equals("none")) {
      assertThat(read).isEmpty();
      return;
    }
    Workload figlet = Sample.function().labelled("faas_function", "figlet").workload();
    var namespace = Sample.namespace("openfaas", null);
    assertThat(read).hasSize(1);
    assertThat(read.get(0).selects(figlet)).hasToString(selects);
    assertThat(read.get(0).admits(GATEWAY, namespace, 8080)).isEqualTo(onFunctions);
    assertThat(read.get(0).admits(GATEWAY, namespace, 4143)).isEqualTo(onProxys);
  }

  @Test
  void whatMayNotBeReadIsAProblem() throws Exception {
    try (CannedApi api = new CannedApi()) {
      api.refuses(PATH, 403);
      assertThat(read(api).problem.subject).isEqualTo("networkpolicies in openfaas-fn");
    }
  }

  private static Reading<List<NetworkRules>> read(String spec) throws Exception {
    try (CannedApi api = new CannedApi()) {
      String policy = "{metadata: {namespace: openfaas-fn, name: x}, spec: {" + spec + "}}";
      api.lists(PATH, "NetworkPolicyList", CannedPlatform.json(policy));
      return read(api);
    }
  }

  private static Reading<List<NetworkRules>> read(CannedApi api) throws Exception {
    return TrafficReader.networkRules(
        api.cluster(), List.of(Sample.namespace("openfaas-fn", null)));
  }
}
