package com.openfaas.function.platform;

import com.openfaas.function.platform.ControlPlane.ProxyDefaults;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Linkerd's control plane, found by its injector's webhook. */
public final class ControlPlane {
  /** The Deployments without which no proxy can be injected, get its identity, or route. */
  public static final List<String> DEPLOYMENTS =
      List.of("linkerd-destination", "linkerd-identity", "linkerd-proxy-injector");

  public final String namespace;
  public final Selector namespaceSelector;
  public final Selector objectSelector;

  /** Available replicas of each Deployment found. */
  public final Reading<Map<String, Integer>> available;

  /** Optional: without the right to read it, versions and trust roots are not judged. */
  public final Reading<LinkerdConfig> config;

  /** Whether the viz extension is installed; null where the namespaces cannot be listed. */
  public final Boolean viz;

  /** Those of its certificates that can be read without a right to a Secret. */
  public final List<Certificate> certificates;

  public ControlPlane(
      String namespace,
      Selector namespaceSelector,
      Selector objectSelector,
      Reading<Map<String, Integer>> available,
      Reading<LinkerdConfig> config,
      Boolean viz,
      List<Certificate> certificates) {
    this.namespace = Objects.requireNonNull(namespace);
    this.namespaceSelector = Objects.requireNonNull(namespaceSelector);
    this.objectSelector = Objects.requireNonNull(objectSelector);
    this.available = Objects.requireNonNull(available);
    this.config = Objects.requireNonNull(config);
    this.viz = viz;
    this.certificates = List.copyOf(certificates);
  }

  /** How Linkerd is asked about itself; it looks for its control plane in "linkerd" unless told. */
  public static String checkCommand(String namespace) {
    return namespace.equals("linkerd") ? "linkerd check" : "linkerd check -L " + namespace;
  }

  public LinkerdConfig configOrDefaults() {
    return config.isKnown() ? config.value : LinkerdConfig.defaults();
  }

  /** What every proxy does unless an annotation says otherwise. */
  public static final class ProxyDefaults {
    /** Linkerd's own (linkerd2 charts/linkerd-control-plane/values.yaml). */
    public static final ProxyDefaults OF_LINKERD =
        new ProxyDefaults(
            "4567,4568",
            "4567,4568",
            "25,587,3306,4444,5432,6379,9300,11211",
            "all-unauthenticated",
            "",
            true,
            true);

    /** The ports it leaves alone. */
    public final String skipOutboundPorts;

    public final String skipInboundPorts;

    /** Those whose bytes it passes on as they are. */
    public final String opaquePorts;

    /** Whom it lets in (https://linkerd.io/2-edge/features/server-policy/). */
    public final String inboundPolicy;

    /** What it asks for of a CPU; empty: nothing. */
    public final String cpuRequest;

    /** Whether it ends with the pod's own containers: else a Job with a proxy never ends. */
    public final boolean nativeSidecar;

    /**
     * Whether it dials the proxy's port of a meshed pod, and not the port that it was asked for.
     */
    public final boolean dialsProxies;

    public ProxyDefaults(
        String skipOutboundPorts,
        String skipInboundPorts,
        String opaquePorts,
        String inboundPolicy,
        String cpuRequest,
        boolean nativeSidecar,
        boolean dialsProxies) {
      this.skipOutboundPorts = Objects.requireNonNull(skipOutboundPorts);
      this.skipInboundPorts = Objects.requireNonNull(skipInboundPorts);
      this.opaquePorts = Objects.requireNonNull(opaquePorts);
      this.inboundPolicy = Objects.requireNonNull(inboundPolicy);
      this.cpuRequest = Objects.requireNonNull(cpuRequest);
      this.nativeSidecar = nativeSidecar;
      this.dialsProxies = dialsProxies;
    }

    /**
     * A list of ports by the annotation that would replace it.
     *
     * @param key {@link Annotations#SKIP_OUTBOUND_PORTS}, {@link Annotations#SKIP_INBOUND_PORTS} or
     *     {@link Annotations#OPAQUE_PORTS}
     */
    String ports(String key) {
      if (key.equals(Annotations.OPAQUE_PORTS)) {
        return opaquePorts;
      }
      return key.equals(Annotations.SKIP_INBOUND_PORTS) ? skipInboundPorts : skipOutboundPorts;
    }
  }

  /** What Linkerd's ConfigMaps say: the values new proxies are made with. */
  public static final class LinkerdConfig {
    /** The version new proxies get; empty where the map does not say. */
    public final String proxyVersion;

    /** Empty where the map does not say. */
    public final String trustDomain;

    public final ProxyDefaults defaults;

    /** With the CNI plugin there is no {@code linkerd-init} to look at. */
    public final boolean cni;

    /** Whether proxies get a token of their own, whatever the pod says of automounting. */
    public final boolean tokenProjection;

    /** Hex SHA-256 of the trust bundle, as the injector notes it on pods; empty where unknown. */
    public final String trustRoot;

    public LinkerdConfig(
        String proxyVersion,
        String trustDomain,
        ProxyDefaults defaults,
        boolean cni,
        boolean tokenProjection,
        String trustRoot) {
      this.proxyVersion = Objects.requireNonNull(proxyVersion);
      this.trustDomain = Objects.requireNonNull(trustDomain);
      this.defaults = Objects.requireNonNull(defaults);
      this.cni = cni;
      this.tokenProjection = tokenProjection;
      this.trustRoot = Objects.requireNonNull(trustRoot);
    }

    /**
     * Linkerd's own defaults (linkerd2 charts/linkerd-control-plane/values.yaml), for want of the
     * map.
     */
    public static LinkerdConfig defaults() {
      return new LinkerdConfig("", "", ProxyDefaults.OF_LINKERD, false, true, "");
    }
  }
}
