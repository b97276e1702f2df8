package com.openfaas.function.platform;

import java.util.Objects;

/** What every proxy does unless an annotation says otherwise. */
public final class ProxyDefaults {
  /** Linkerd's own (linkerd2 charts/linkerd-control-plane/values.yaml). */
  public static final ProxyDefaults OF_LINKERD =
      new ProxyDefaults(
          "4567,4568", "4567,4568", "25,587,3306,4444,5432,6379,9300,11211", "all-unauthenticated");

  /** The ports it leaves alone. */
  public final String skipOutboundPorts;

  public final String skipInboundPorts;

  /** Those whose bytes it passes on as they are. */
  public final String opaquePorts;

  /** Whom it lets in (https://linkerd.io/2-edge/features/server-policy/). */
  public final String inboundPolicy;

  public ProxyDefaults(
      String skipOutboundPorts, String skipInboundPorts, String opaquePorts, String inboundPolicy) {
    this.skipOutboundPorts = Objects.requireNonNull(skipOutboundPorts);
    this.skipInboundPorts = Objects.requireNonNull(skipInboundPorts);
    this.opaquePorts = Objects.requireNonNull(opaquePorts);
    this.inboundPolicy = Objects.requireNonNull(inboundPolicy);
  }
}
