package com.openfaas.function.platform;

import java.util.Objects;

/** What every proxy does unless an annotation says otherwise. */
public final class ProxyDefaults {
  /** Linkerd's own (linkerd2 charts/linkerd-control-plane/values.yaml). */
  public static final ProxyDefaults OF_LINKERD =
      new ProxyDefaults("4567,4568", "4567,4568", "all-unauthenticated");

  /** The ports it leaves alone. */
  public final String skipOutboundPorts;

  public final String skipInboundPorts;

  /** Whom it lets in (https://linkerd.io/2-edge/features/server-policy/). */
  public final String inboundPolicy;

  public ProxyDefaults(String skipOutboundPorts, String skipInboundPorts, String inboundPolicy) {
    this.skipOutboundPorts = Objects.requireNonNull(skipOutboundPorts);
    this.skipInboundPorts = Objects.requireNonNull(skipInboundPorts);
    this.inboundPolicy = Objects.requireNonNull(inboundPolicy);
  }
}
