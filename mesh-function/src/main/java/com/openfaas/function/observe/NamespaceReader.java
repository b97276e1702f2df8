package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.policy.Policy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds the function namespaces: the policy's, or else the gateway's and, with OpenFaaS Pro, every
 * annotated one. The community edition serves one: others belong to other installations.
 */
final class NamespaceReader {
  /** Marks a function namespace by its presence, whatever its value (OpenFaaS docs). */
  private static final String FUNCTION_NAMESPACE = "openfaas";

  /** Set by Linkerd's extensions on their namespaces (linkerd2 pkg/k8s/labels.go). */
  private static final String EXTENSION = "linkerd.io/extension";

  private final Cluster cluster;
  private final Policy policy;
  private final List<Problem> missing;
  private final List<Problem> degraded;
  private final Map<String, NamespaceView> ofFunctions = new TreeMap<>();
  private final Map<String, NamespaceView> others = new TreeMap<>();

  /** Every namespace of the cluster; null if they cannot be listed. */
  private Map<String, NamespaceView> all;

  /** Those that are ours whatever their annotations. */
  private List<String> named = List.of();

  private NamespaceView ofGateway;
  private Boolean viz;

  NamespaceReader(Cluster cluster, Policy policy, List<Problem> missing, List<Problem> degraded) {
    this.cluster = cluster;
    this.policy = policy;
    this.missing = missing;
    this.degraded = degraded;
    this.ofGateway = unread(policy.gatewayNamespace);
  }

  /**
   * @param first the function namespace of the gateway's configuration
   * @param several whether the gateway serves others too
   */
  void read(String first, boolean several) throws ClusterException {
    named = policy.namespaces.isEmpty() ? List.of(first) : policy.namespaces;
    if (!policy.namespaces.isEmpty() || !list(several)) {
      get(named);
    }
  }

  /**
   * Drops a namespace that we may not read and that only its annotation makes ours: it may belong
   * to another installation.
   *
   * @return false, without any change, if the gateway or the operator names it
   */
  boolean leave(String name, Problem unread) {
    if (named.contains(name) || !unread.is(Code.FORBIDDEN)) {
      return false;
    }
    ofFunctions.remove(name);
    degraded.add(
        new Problem(
            Code.FUNCTION_NAMESPACE_UNREAD,
            "namespace " + name,
            "it has the annotation openfaas, but mesh-setup may not read it ("
                + unread.subject
                + ": "
                + unread.message
                + "): it is ignored, like another installation's",
            "if it belongs to this platform: "
                + unread.hint
                + "; if not, set mesh_namespaces="
                + String.join(",", named)
                + " in stack.yml, which excludes it"));
    return true;
  }

  Platform.Namespaces namespaces() {
    return new Platform.Namespaces(ofGateway, functionNamespaces(), List.copyOf(others.values()));
  }

  /** Whether such a namespace may exist. */
  boolean mayExist(String name) {
    return all == null || all.containsKey(name);
  }

  /** Adds a namespace that is not a function namespace. */
  void include(String name) throws ClusterException {
    NamespaceView listed = all == null ? null : all.get(name);
    others.put(name, listed == null ? Views.namespace(cluster.namespace(name)) : listed);
  }

  List<NamespaceView> functionNamespaces() {
    return List.copyOf(ofFunctions.values());
  }

  /** Whether the viz extension is installed; null if the namespaces were not listed. */
  Boolean viz() {
    return viz;
  }

  private boolean list(boolean several) throws ClusterException {
    try {
      all =
          cluster.namespaces().stream()
              .map(Views::namespace)
              .collect(Collectors.toMap(ns -> ns.name, ns -> ns));
      all.values().stream()
          .filter(ns -> several && ns.annotations.containsKey(FUNCTION_NAMESPACE))
          .filter(ns -> !ns.name.equals("kube-system"))
          .forEach(ns -> ofFunctions.put(ns.name, ns));
      named.forEach(name -> put(name, all.get(name)));
      viz = all.values().stream().anyMatch(ns -> "viz".equals(ns.labels.get(EXTENSION)));
      ofGateway = all.getOrDefault(policy.gatewayNamespace, ofGateway);
      return true;
    } catch (ClusterException e) {
      degraded.add(e.readError());
      return false;
    }
  }

  private void get(List<String> wanted) throws ClusterException {
    for (String name : wanted) {
      try {
        put(name, Views.namespace(cluster.namespace(name)));
      } catch (ClusterException e) {
        missing.add(e.readError());
      }
    }
    try {
      ofGateway =
          ofFunctions.containsKey(policy.gatewayNamespace)
              ? ofFunctions.get(policy.gatewayNamespace)
              : Views.namespace(cluster.namespace(policy.gatewayNamespace));
    } catch (ClusterException e) {
      missing.add(e.readError());
    }
  }

  private void put(String name, NamespaceView namespace) {
    if (namespace != null) {
      ofFunctions.put(name, namespace);
      return;
    }
    missing.add(
        new Problem(
            Code.NAMESPACE_NOT_FOUND,
            "namespace " + name,
            "there is no such namespace",
            "kubectl create namespace "
                + name
                + "; or remove it from mesh_namespaces in stack.yml"));
  }

  private static NamespaceView unread(String name) {
    return new NamespaceView(name, Map.of("kubernetes.io/metadata.name", name), Map.of(), false);
  }
}
