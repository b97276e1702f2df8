package com.openfaas.function.platform;

import java.util.Objects;

/** What Linkerd's ConfigMaps say: the values new proxies are made with. */
public final class LinkerdConfig {
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
