package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.LeaseRecord;
import com.openfaas.function.cluster.RunLease;
import com.openfaas.function.observe.Observation.Inventory;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Kubectl;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Traffic;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Observes the whole platform once. Lists by namespace and never reads a single function: the
 * number of requests does not grow with the number of functions.
 */
public final class Observer {
  private final Cluster cluster;
  private final Policy policy;
  private final Self self;
  private final boolean everything;

  private final Inventory inventory = new Inventory();
  private final List<Problem> missing = new ArrayList<>();
  private final List<Problem> degraded = new ArrayList<>();

  /**
   * @param everything whether to read also what the policy does not need: objects of ours may be
   *     left there by an earlier policy
   */
  public Observer(Cluster cluster, Policy policy, Self self, boolean everything) {
    this.everything = everything;
    this.cluster = cluster;
    this.policy = policy;
    this.self = self;
  }

  /**
   * A new observation; each observer makes one. What cannot be read is a problem in the platform.
   *
   * @throws ClusterException if nothing can be read
   */
  public Observation observe() throws ClusterException {
    try {
      readNamespace(policy.gatewayNamespace, null);
    } catch (ClusterException e) {
      missing.add(e.readError());
    }
    WorkloadView gateway = inventory.first(Role.GATEWAY);
    GatewaySettings settings =
        new GatewaySettings(gateway == null ? Map.of() : gateway.environment);
    NamespaceReader reader = new NamespaceReader(cluster, policy, missing, degraded);
    reader.read(settings.functionNamespace(), gateway != null && gateway.isPro());
    for (NamespaceView namespace : reader.functionNamespaces()) {
      if (namespace.terminating) {
        degraded.add(terminating(namespace));
      } else {
        readFunctions(namespace.name, reader);
      }
    }
    noteAbsentCore();
    Traffic traffic =
        new TrafficReader(cluster, policy, everything, reader, inventory).read(gateway, settings);
    degraded.addAll(inventory.strays());
    inventory.natsClients(policy.gatewayNamespace).stream()
        .filter(view -> coreRole(view.object.name) == null)
        .forEach(view -> degraded.add(uncovered(view)));
    Platform platform =
        new Platform(
            gateway(),
            new ControlPlaneReader(cluster, reader.viz()).read(),
            policy.skipOutboundPorts.isEmpty()
                ? natsPorts(settings)
                : Reading.of(policy.skipOutboundPorts),
            reader.namespaces(),
            inventory.workloads,
            traffic,
            new Platform.ReadErrors(missing, degraded));
    return inventory.observation(platform, lease());
  }

  /** If it cannot be read, a run that writes learns so from the preflight check of that right. */
  private Reading<LeaseRecord> lease() {
    try {
      return Reading.of(RunLease.read(cluster, self.namespace));
    } catch (ClusterException e) {
      return Reading.failed(e.problem);
    }
  }

  /** Our rights in it are deleted with it, in any order: what can still be read is chance. */
  private static Problem terminating(NamespaceView namespace) {
    return new Problem(
        Code.NAMESPACE_TERMINATING,
        "namespace " + namespace.name,
        "the namespace is being deleted and is not changed",
        "nothing to do; if it stays, see its conditions: kubectl get namespace "
            + namespace.name
            + " -o yaml");
  }

  private void readFunctions(String namespace, NamespaceReader reader) throws ClusterException {
    try {
      readNamespace(namespace, Workload.FUNCTION_LABEL);
    } catch (ClusterException e) {
      Problem unread = e.readError();
      if (namespace.equals(self.namespace) || !reader.leave(namespace, unread)) {
        missing.add(unread);
      }
    }
  }

  private void readNamespace(String namespace, String label) throws ClusterException {
    Listing listing = Listing.read(cluster, Kind.DEPLOYMENT, namespace, label);
    String own = self.functionName(namespace, listing.pods.items);
    inventory.add(
        listing,
        view -> label == null ? coreRole(view.object.name) : functionRole(view.object.name, own));
  }

  private Role coreRole(String name) {
    if (name.equals(policy.gatewayName)) {
      return Role.GATEWAY;
    }
    return policy.core.contains(name) ? Role.CORE : null;
  }

  private static Role functionRole(String name, String own) {
    return name.equals(own) ? Role.SELF : Role.FUNCTION;
  }

  private Reading<Workload> gateway() {
    return inventory.workloads.stream()
        .filter(workload -> workload.role == Role.GATEWAY)
        .findFirst()
        .map(Reading::of)
        .orElseGet(
            () ->
                Reading.failed(
                    new Problem(
                        Code.GATEWAY_NOT_FOUND,
                        gatewaySubject(),
                        "there is no such Deployment, or it cannot be read",
                        "kubectl get deployments -A -l app=gateway; name it by mesh_gateway in"
                            + " stack.yml")));
  }

  /** All clients skip the ports of all: one list serves them all. */
  private Reading<String> natsPorts(GatewaySettings settings) {
    Reading<String> ofGateway = settings.natsPorts(gatewaySubject());
    if (!ofGateway.isKnown()) {
      return ofGateway;
    }
    String ports = ofGateway.value;
    for (WorkloadView client : inventory.natsClients(policy.gatewayNamespace)) {
      ports = Ports.union(ports, GatewaySettings.natsPort(client.environment));
    }
    return Reading.of(ports);
  }

  private Problem uncovered(WorkloadView client) {
    return new Problem(
        Code.NATS_CLIENT_NOT_COVERED,
        client.object.subject(),
        "its environment names NATS, but mesh_core does not name it: it is not changed, and a proxy"
            + " injected through its namespace would not skip NATS' port",
        self.cover(String.join(",", policy.core), client.object));
  }

  private void noteAbsentCore() {
    for (String name : policy.core) {
      boolean found =
          inventory.workloads.stream().anyMatch(w -> w.role == Role.CORE && w.name.equals(name));
      if (policy.coreNamed && !found) {
        degraded.add(
            new Problem(
                Code.CORE_NOT_FOUND,
                "deployment " + policy.gatewayNamespace + "/" + name,
                "mesh_core names it, but there is no such Deployment",
                "candidates for mesh_core: kubectl get deployments -A"));
      }
    }
  }

  private String gatewaySubject() {
    return "deployment " + policy.gatewayNamespace + "/" + policy.gatewayName;
  }

  /** Which of the functions is mesh-setup itself; a run must never restart its own pod. */
  public static final class Self {
    private static final String DEFAULT_NAME = "mesh-setup";

    public final String namespace;
    private final String pod;
    private final String name;

    /**
     * @param namespace the namespace mesh-setup runs in
     * @param environment HOSTNAME is the pod's name; OPENFAAS_NAME the function's, if the provider
     *     sets it (the community edition does not)
     */
    public Self(String namespace, Map<String, String> environment) {
      this.namespace = namespace;
      this.pod = environment.getOrDefault("HOSTNAME", "");
      this.name = environment.getOrDefault("OPENFAAS_NAME", "");
    }

    /** The command that changes one of its settings. */
    String set(String assignment) {
      return Kubectl.set(namespace, name.isEmpty() ? DEFAULT_NAME : name, assignment);
    }

    /** The commands that make it mesh one more Deployment, next to the core it has. */
    String cover(String core, Annotated object) {
      return set("mesh_core=" + core + "," + object.name)
          + "; and grant: "
          + Kubectl.letPatch(namespace, object);
    }

    /** The name of mesh-setup's own function, or null in any other namespace. */
    String functionName(String candidate, List<PodView> pods) {
      if (!candidate.equals(namespace)) {
        return null;
      }
      if (!name.isEmpty()) {
        return name;
      }
      return pods.stream()
          .filter(p -> p.name.equals(pod) && p.labels.containsKey(Workload.FUNCTION_LABEL))
          .map(p -> p.labels.get(Workload.FUNCTION_LABEL))
          .findFirst()
          .orElse(DEFAULT_NAME);
    }
  }
}
