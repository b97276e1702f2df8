package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.NetworkRules;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Selector;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads the NetworkPolicies of the function namespaces, as far as they judge what comes in. */
final class NetworkRulesReader {
  /** What faas-netes calls a function's port, and Linkerd its proxy's. */
  private static final Map<String, Integer> NAMED =
      Map.of("http", 8080, "linkerd-proxy", 4143, "linkerd-admin", 4191);

  private NetworkRulesReader() {}

  static Reading<List<NetworkRules>> read(Cluster cluster, List<NamespaceView> namespaces)
      throws ClusterException {
    List<NetworkRules> rules = new ArrayList<>();
    try {
      for (NamespaceView namespace : namespaces) {
        if (!namespace.terminating) {
          cluster.networking().networkPolicies(namespace.name).stream()
              .filter(NetworkRulesReader::isForIngress)
              .forEach(policy -> rules.add(of(policy)));
        }
      }
      return Reading.of(List.copyOf(rules));
    } catch (ClusterException e) {
      return Reading.failed(e.readError());
    }
  }

  private static boolean isForIngress(NetworkPolicy policy) {
    List<String> types = policy.getSpec().getPolicyTypes();
    return types.isEmpty() || types.contains("Ingress");
  }

  private static NetworkRules of(NetworkPolicy policy) {
    return new NetworkRules(
        policy.getMetadata().getNamespace(),
        policy.getMetadata().getName(),
        Views.selector(policy.getSpec().getPodSelector()),
        policy.getSpec().getIngress().stream()
            .map(NetworkRulesReader::rule)
            .collect(Collectors.toList()));
  }

  private static NetworkRules.Rule rule(NetworkPolicyIngressRule rule) {
    List<int[]> ranges = new ArrayList<>();
    rule.getPorts().stream().map(NetworkRulesReader::range).forEach(ranges::add);
    return new NetworkRules.Rule(
        rule.getFrom().stream().map(NetworkRulesReader::peer).collect(Collectors.toList()),
        ranges,
        rule.getPorts().isEmpty());
  }

  /** First and last; of another protocol, or a name that we do not know, none. */
  private static int[] range(NetworkPolicyPort port) {
    boolean tcp = port.getProtocol() == null || port.getProtocol().equals("TCP");
    if (!tcp) {
      return new int[] {0, -1};
    }
    if (port.getPort() == null) {
      return new int[] {1, 65_535};
    }
    Integer number = port.getPort().getIntVal();
    int first = number == null ? NAMED.getOrDefault(port.getPort().getStrVal(), -1) : number;
    return new int[] {first, port.getEndPort() == null ? first : port.getEndPort()};
  }

  private static NetworkRules.Peer peer(NetworkPolicyPeer peer) {
    return new NetworkRules.Peer(
        orNull(peer.getNamespaceSelector()),
        orNull(peer.getPodSelector()),
        peer.getIpBlock() != null);
  }

  private static Selector orNull(LabelSelector selector) {
    return selector == null ? null : Views.selector(selector);
  }
}
