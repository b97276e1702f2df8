package com.openfaas.function.platform;

import java.util.Objects;

/** What every proxy does unless an annotation says otherwise. */
public final class ProxyDefaults {
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

  /** Whether it dials the proxy's port of a meshed pod, and not the port that it was asked for. */
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
