package com.openfaas.function.lab;

/** What linkerd-config and the trust bundle say: the settings that show in an injected pod. */
public final class ProxyConfig {
  public final String version;
  public final String trustRoots;

  /** A CNI plugin sets up the pod's network: no linkerd-init, but a linkerd-network-validator. */
  public final boolean cni;

  /** The proxy as an init container that keeps running: Linkerd's default since 2.20. */
  public final boolean nativeSidecar;

  public ProxyConfig(String version, String trustRoots, boolean cni, boolean nativeSidecar) {
    this.version = version;
    this.trustRoots = trustRoots;
    this.cni = cni;
    this.nativeSidecar = nativeSidecar;
  }

  public ProxyConfig version(String version) {
    return new ProxyConfig(version, trustRoots, cni, nativeSidecar);
  }

  public ProxyConfig trustRoots(String trustRoots) {
    return new ProxyConfig(version, trustRoots, cni, nativeSidecar);
  }

  public ProxyConfig cni(boolean cni) {
    return new ProxyConfig(version, trustRoots, cni, nativeSidecar);
  }

  public ProxyConfig nativeSidecar(boolean nativeSidecar) {
    return new ProxyConfig(version, trustRoots, cni, nativeSidecar);
  }
}
