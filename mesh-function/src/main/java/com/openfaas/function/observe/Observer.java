package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.Observation.Listing;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Role;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.policy.Policy;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at the whole platform once. Lists by namespace, never asks for one function: the number of
 * requests does not grow with the number of functions.
 */
public final class Observer {
  /** The label by which OpenFaaS knows its functions (faas-netes pkg/k8s/function_list.go). */
  static final String FUNCTION = "faas_function";

  private final Cluster cluster;
  private final Policy policy;
  private final Self self;

  private final Map<String, Deployment> deployments = new LinkedHashMap<>();
  private final Map<String, Listing> listings = new LinkedHashMap<>();
  private final List<Workload> workloads = new ArrayList<>();
  private final List<Problem> missing = new ArrayList<>();
  private final List<Problem> degraded = new ArrayList<>();

  public Observer(Cluster cluster, Policy policy, Self self) {
    this.cluster = cluster;
    this.policy = policy;
    this.self = self;
  }

  /**
   * A new look; an observer is good for one. What cannot be read stands in the platform as a
   * problem.
   *
   * @throws ClusterException where nothing can be read
   */
  public Observation observe() throws ClusterException {
    readNamespace(policy.gatewayNamespace, null);
    GatewaySettings settings = new GatewaySettings(deployments.get(gatewayKey()));
    NamespaceReader reader = new NamespaceReader(cluster, policy, missing, degraded);
    Platform.Namespaces namespaces = reader.read(settings.functionNamespace());
    for (NamespaceView namespace : reader.functionNamespaces()) {
      if (namespace.terminating) {
        degraded.add(terminating(namespace));
      } else {
        readNamespace(namespace.name, FUNCTION);
      }
    }
    Platform platform =
        new Platform(
            gateway(),
            new ControlPlaneReader(cluster).read(),
            policy.skipOutboundPorts.isEmpty()
                ? settings.natsPorts(gatewaySubject())
                : Reading.of(policy.skipOutboundPorts),
            namespaces,
            workloads,
            missing,
            degraded);
    return new Observation(platform, deployments, listings);
  }

  /** Our own rights in it go with it, in no order, so what can still be read of it is chance. */
  private static Problem terminating(NamespaceView namespace) {
    return new Problem(
        "namespace_terminating",
        "namespace " + namespace.name,
        "the namespace is being deleted, and left alone",
        "nothing to do; if it does not go, see its conditions: kubectl get namespace "
            + namespace.name
            + " -o yaml");
  }

  private void readNamespace(String namespace, String label) throws ClusterException {
    try {
      Listing listing =
          new Listing(label, cluster.deployments(namespace, label), cluster.pods(namespace, label));
      listings.putIfAbsent(namespace, listing);
      String own = self.functionName(namespace, listing.pods);
      PodIndex pods = new PodIndex(listing.pods);
      for (Deployment deployment : listing.deployments.getItems()) {
        add(deployment, label == null ? coreRole(deployment) : functionRole(deployment, own), pods);
      }
    } catch (ClusterException e) {
      missing.add(Unread.problem(e));
    }
  }

  private void add(Deployment deployment, Role role, PodIndex pods) {
    if (role == null) {
      return;
    }
    Workload bare = Views.workload(role, deployment, List.of());
    if (deployments.putIfAbsent(bare.key(), deployment) == null) {
      workloads.add(Views.workload(role, deployment, pods.of(bare.selector)));
    }
  }

  private Role coreRole(Deployment deployment) {
    String name = deployment.getMetadata().getName();
    if (name.equals(policy.gatewayName)) {
      return Role.GATEWAY;
    }
    return policy.core.contains(name) ? Role.CORE : null;
  }

  private static Role functionRole(Deployment deployment, String own) {
    return deployment.getMetadata().getName().equals(own) ? Role.SELF : Role.FUNCTION;
  }

  private Reading<Workload> gateway() {
    noteAbsentCore();
    return workloads.stream()
        .filter(workload -> workload.role == Role.GATEWAY)
        .findFirst()
        .map(Reading::of)
        .orElseGet(
            () ->
                Reading.failed(
                    new Problem(
                        "gateway_not_found",
                        gatewaySubject(),
                        "there is no such Deployment, or it cannot be read",
                        "set mesh_gateway=NAMESPACE/NAME in stack.yml")));
  }

  private void noteAbsentCore() {
    for (String name : policy.core) {
      if (policy.coreNamed && !deployments.containsKey(policy.gatewayNamespace + "/" + name)) {
        degraded.add(
            new Problem(
                "core_not_found",
                "deployment " + policy.gatewayNamespace + "/" + name,
                "mesh_core names it, there is no such Deployment",
                "correct mesh_core in stack.yml"));
      }
    }
  }

  private String gatewayKey() {
    return policy.gatewayNamespace + "/" + policy.gatewayName;
  }

  private String gatewaySubject() {
    return "deployment " + gatewayKey();
  }
}
