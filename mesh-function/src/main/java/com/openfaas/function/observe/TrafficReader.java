package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.Observation.Inventory;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.NetworkRules;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Selector;
import com.openfaas.function.platform.Traffic;
import com.openfaas.function.platform.Traffic.Calls;
import com.openfaas.function.platform.Traffic.IngressView;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.policy.Policy;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads how calls reach the gateway and the functions: the gateway's routes, the functions'
 * Services, and the policies that apply to incoming calls.
 */
final class TrafficReader {
  /** The names of faas-netes for a function's port, and of Linkerd for its proxy's. */
  private static final Map<String, Integer> NAMED =
      Map.of("http", 8080, "linkerd-proxy", 4143, "linkerd-admin", 4191);

  private final Cluster cluster;
  private final Policy policy;
  private final boolean everything;
  private final NamespaceReader namespaces;
  private final Inventory inventory;

  /**
   * @param everything whether to read also what the policy does not need
   * @param inventory what was listed in the gateway's namespace and the function namespaces
   */
  TrafficReader(
      Cluster cluster,
      Policy policy,
      boolean everything,
      NamespaceReader namespaces,
      Inventory inventory) {
    this.cluster = cluster;
    this.policy = policy;
    this.everything = everything;
    this.namespaces = namespaces;
    this.inventory = inventory;
  }

  /**
   * Reads all of it; a controller that is found is added to the inventory.
   *
   * @param gateway null if it was not found
   */
  Traffic read(WorkloadView gateway, GatewaySettings settings) throws ClusterException {
    return new Traffic(
        ingress(gateway),
        calls(settings),
        networkRules(cluster, namespaces.functionNamespaces()),
        InboundRulesReader.read(
            cluster, policy.gatewayNamespace, functionNamespaces(), isProtected()));
  }

  private IngressView ingress(WorkloadView gateway) throws ClusterException {
    if (policy.ingress == Policy.Ingress.OFF || gateway == null) {
      return IngressView.OFF;
    }
    ControllerReader controllers = new ControllerReader(cluster, policy, namespaces, inventory);
    return new IngressReader(cluster, policy.gatewayNamespace, controllers)
        .read(gateway.spec.template.labels);
  }

  private Calls calls(GatewaySettings gateway) throws ClusterException {
    List<Annotated> services = new ArrayList<>();
    Set<String> profiled = new TreeSet<>();
    List<Problem> unread = new ArrayList<>();
    boolean wanted = gateway.directFunctions() && !policy.serviceAnnotations.isEmpty();
    if (wanted || everything) {
      for (NamespaceView namespace : namespaces.functionNamespaces()) {
        try {
          services.addAll(services(namespace.name));
          cluster
              .networking()
              .serviceProfiles(namespace.name)
              .forEach(profile -> profiled.add(profile.getMetadata().getName()));
        } catch (ClusterException e) {
          unread.add(e.readError());
        }
      }
    }
    return new Calls(
        gateway.directFunctions(),
        services,
        profiled,
        inventory.neighbours(policy.gatewayNamespace),
        unread);
  }

  /** The Services of functions. */
  private List<Annotated> services(String namespace) throws ClusterException {
    Set<String> functions =
        inventory.workloads.stream()
            .filter(workload -> workload.role.isFunction())
            .map(Workload::key)
            .collect(Collectors.toSet());
    return cluster.networking().services(namespace).stream()
        .map(Service::getMetadata)
        .filter(meta -> functions.contains(namespace + "/" + meta.getName()))
        .map(meta -> Views.object(Kind.SERVICE, namespace, meta))
        .collect(Collectors.toList());
  }

  /** Whether policy objects of ours may exist, even some of them only. */
  private boolean isProtected() {
    return everything || policy.protect != Policy.Protect.OFF;
  }

  /** The function namespaces that are not being deleted. */
  private Set<String> functionNamespaces() {
    return namespaces.functionNamespaces().stream()
        .filter(namespace -> !namespace.terminating)
        .map(namespace -> namespace.name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static Reading<List<NetworkRules>> networkRules(Cluster cluster, List<NamespaceView> namespaces)
      throws ClusterException {
    List<NetworkRules> rules = new ArrayList<>();
    try {
      for (NamespaceView namespace : namespaces) {
        if (!namespace.terminating) {
          cluster.networking().networkPolicies(namespace.name).stream()
              .filter(TrafficReader::isForIngress)
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
            .map(TrafficReader::rule)
            .collect(Collectors.toList()));
  }

  private static NetworkRules.Rule rule(NetworkPolicyIngressRule rule) {
    List<int[]> ranges = new ArrayList<>();
    rule.getPorts().stream().map(TrafficReader::range).forEach(ranges::add);
    return new NetworkRules.Rule(
        rule.getFrom().stream().map(TrafficReader::peer).collect(Collectors.toList()),
        ranges,
        rule.getPorts().isEmpty());
  }

  /** First and last port; an empty range for another protocol or an unknown name. */
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
