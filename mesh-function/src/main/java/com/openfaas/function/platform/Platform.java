package com.openfaas.function.platform;

import com.openfaas.function.platform.ControlPlane.LinkerdConfig;
import com.openfaas.function.platform.ControlPlane.ProxyDefaults;
import com.openfaas.function.platform.InboundRules.Admission;
import com.openfaas.function.platform.Traffic.Calls;
import com.openfaas.function.platform.Traffic.IngressView;
import com.openfaas.function.platform.Workload.Role;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Everything that was observed at one moment. */
public final class Platform {
  /** The port of functions (faas-netes pkg/k8s) and of the gateway (its chart). */
  public static final int PORT = 8080;

  /** The order of every list of workloads. */
  public static final Comparator<Workload> ORDER =
      Comparator.comparing((Workload w) -> w.role)
          .thenComparing(w -> w.namespace)
          .thenComparing(w -> w.name);

  public final Reading<Workload> gateway;
  public final Reading<ControlPlane> controlPlane;

  /** The ports NATS clients must skip; empty if the platform has no NATS. */
  public final Reading<String> natsPorts;

  /** The existing function namespaces, by name. */
  public final List<NamespaceView> functionNamespaces;

  /** All workloads, the gateway included. */
  public final List<Workload> workloads;

  /** What could not be read, or is missing although the policy names it; blocks a run. */
  public final List<Problem> missing;

  /** What could not be read and limits the observation, without blocking a run. */
  public final List<Problem> degraded;

  public final IngressView ingress;
  public final Calls calls;

  /** NetworkPolicies of the function namespaces that apply to ingress. */
  public final Reading<List<NetworkRules>> networkRules;

  /** Linkerd's policy objects of the function namespaces and the gateway's. */
  public final Reading<InboundRules> inboundRules;

  private final Map<String, NamespaceView> namespaces = new TreeMap<>();
  private final MeshStatus.Evaluator evaluator;

  public Platform(
      Reading<Workload> gateway,
      Reading<ControlPlane> controlPlane,
      Reading<String> natsPorts,
      Namespaces namespaces,
      List<Workload> workloads,
      Traffic traffic,
      ReadErrors readErrors) {
    this.gateway = Objects.requireNonNull(gateway);
    this.controlPlane = Objects.requireNonNull(controlPlane);
    this.natsPorts = Objects.requireNonNull(natsPorts);
    this.functionNamespaces = namespaces.ofFunctions;
    this.workloads = workloads.stream().sorted(ORDER).collect(Collectors.toUnmodifiableList());
    this.ingress = traffic.ingress;
    this.calls = traffic.calls;
    this.networkRules = traffic.networkRules;
    this.inboundRules = traffic.inboundRules;
    this.missing = readErrors.missing;
    this.degraded = readErrors.degraded;
    namespaces.others.forEach(ns -> this.namespaces.put(ns.name, ns));
    namespaces.ofFunctions.forEach(ns -> this.namespaces.put(ns.name, ns));
    this.namespaces.put(namespaces.ofGateway.name, namespaces.ofGateway);
    this.evaluator = new MeshStatus.Evaluator(controlPlane.value);
  }

  public NamespaceView namespaceOf(Workload workload) {
    return namespaces.get(workload.namespace);
  }

  public MeshStatus status(Workload workload) {
    return evaluator.evaluate(workload, namespaceOf(workload));
  }

  /**
   * The ports the workload's proxy skips or treats as opaque, or would: the pod template's list,
   * else its namespace's, else Linkerd's.
   *
   * @param key {@link Annotations#SKIP_OUTBOUND_PORTS}, {@link Annotations#SKIP_INBOUND_PORTS} or
   *     {@link Annotations#OPAQUE_PORTS}
   */
  public String skippedPorts(String key, Workload workload) {
    String own = annotation(key, workload);
    return own == null ? defaultSkippedPorts(key) : own;
  }

  /** Whether by that key the proxy skips the functions' port, or treats it as opaque. */
  public boolean passes(String key, Workload function) {
    return Ports.covers(skippedPorts(key, function), String.valueOf(PORT));
  }

  /** The pod template's value of an annotation, else its namespace's, else null. */
  public String annotation(String key, Workload workload) {
    String inherited = namespaceOf(workload).annotations.get(key);
    return workload.template.annotations.getOrDefault(key, inherited);
  }

  /** Whether it is a NATS server: it declares one of NATS' ports. */
  public boolean isNatsServer(Workload workload) {
    return !servedNatsPorts(workload).isEmpty();
  }

  /** The NATS ports that the workload declares; empty for all but a NATS server. */
  public String servedNatsPorts(Workload workload) {
    return workload.template.containers.stream()
        .filter(container -> workload.role == Role.CORE)
        .flatMap(container -> container.ports.keySet().stream())
        .map(String::valueOf)
        .filter(port -> Ports.covers(natsPortsOrNone(), port))
        .sorted()
        .distinct()
        .collect(Collectors.joining(","));
  }

  /** Whether its proxy must skip NATS' ports: the gateway's, and those of the other core. */
  public boolean isNatsClient(Workload workload) {
    boolean beside = workload.role == Role.CORE || workload.role == Role.GATEWAY;
    return beside && !isNatsServer(workload);
  }

  /** The ports NATS clients must skip; empty if there is no NATS or its port is unknown. */
  public String natsPortsOrNone() {
    return natsPorts.isKnown() ? natsPorts.value : "";
  }

  public String defaultSkippedPorts(String key) {
    return defaults().ports(key);
  }

  /** The default inbound policy of the workload's proxy. */
  public String inboundPolicy(Workload workload) {
    String own = annotation(Annotations.INBOUND_POLICY, workload);
    return own == null ? defaults().inboundPolicy : own;
  }

  /**
   * Whether the workload would be admitted to the other's pods; by the default policies alone if
   * the policy objects were not read.
   *
   * @param meshed whether it calls through a proxy
   */
  public Admission admission(Workload caller, boolean meshed, Workload called) {
    InboundRules rules = inboundRules.isKnown() ? inboundRules.value : InboundRules.ABSENT;
    return rules.admits(
        new InboundRules.Caller(meshed ? identity(caller) : null, addresses(caller)),
        called,
        PORT,
        inboundPolicy(called));
  }

  /** The same without a Server; the caller has a proxy if each of its pods has one. */
  public Admission admissionByDefault(Workload caller, Workload called) {
    boolean meshed = caller != null && PodView.allMeshed(caller.pods);
    InboundRules.Caller unknown = new InboundRules.Caller(null, List.of());
    return InboundRules.ABSENT.admits(
        meshed ? new InboundRules.Caller(identity(caller), addresses(caller)) : unknown,
        called,
        PORT,
        inboundPolicy(called));
  }

  /** Whether the function's proxy would admit the gateway, but only once that has one, too. */
  public boolean waitsForGateway(Workload function) {
    return function.role == Role.FUNCTION
        && status(function).state.isUnfinished()
        && gateway.isKnown()
        && !status(gateway.value).state.isMeshed()
        && !admission(gateway.value, false, function).is(Admission.Answer.ADMITTED)
        && !admission(gateway.value, true, function).is(Admission.Answer.REFUSED);
  }

  /** The mesh identity of the workload's new pods. */
  public Identity identity(Workload workload) {
    return Identity.of(workload.namespace, workload.template.account, controlPlane);
  }

  private static List<String> addresses(Workload workload) {
    return workload.pods.stream()
        .filter(pod -> pod.isServing() && !pod.ip.isEmpty())
        .map(pod -> pod.ip)
        .collect(Collectors.toList());
  }

  /** The proxies' settings where no annotation overrides them; Linkerd's defaults if unread. */
  public ProxyDefaults defaults() {
    return config().defaults;
  }

  /** The version of the proxies that the workload's new pods would have. */
  public String proxyVersion(Workload workload) {
    return evaluator.proxyVersion(workload, namespaceOf(workload));
  }

  private LinkerdConfig config() {
    return evaluator.config;
  }

  /** The observed namespaces. */
  public static final class Namespaces {
    final NamespaceView ofGateway;
    final List<NamespaceView> ofFunctions;

    /** The namespaces of ingress controllers. */
    final List<NamespaceView> others;

    public Namespaces(
        NamespaceView ofGateway, List<NamespaceView> ofFunctions, List<NamespaceView> others) {
      this.ofGateway = Objects.requireNonNull(ofGateway);
      this.ofFunctions =
          ofFunctions.stream()
              .sorted(Comparator.comparing(ns -> ns.name))
              .collect(Collectors.toUnmodifiableList());
      this.others = List.copyOf(others);
    }
  }

  /** What could not be read. */
  public static final class ReadErrors {
    public static final ReadErrors NONE = new ReadErrors(List.of(), List.of());

    final List<Problem> missing;
    final List<Problem> degraded;

    public ReadErrors(List<Problem> missing, List<Problem> degraded) {
      this.missing = List.copyOf(missing);
      this.degraded = List.copyOf(degraded);
    }
  }
}
