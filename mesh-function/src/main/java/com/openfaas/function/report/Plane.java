package com.openfaas.function.report;

import com.openfaas.function.platform.ControlPlane;
import com.openfaas.function.platform.ControlPlane.LinkerdConfig;
import com.openfaas.function.platform.Platform;

/** The control plane in the report; empty texts for what is unknown. */
public final class Plane {
  private static final String INJECTOR = "linkerd-proxy-injector";

  public final String namespace;
  public final String version;
  public final String trustDomain;

  /** {@code available}, {@code unavailable} or {@code unknown}. */
  public final String injector;

  /** Whether the viz extension is installed; null if unknown. */
  public final Boolean viz;

  private Plane(ControlPlane plane) {
    LinkerdConfig config = plane.configOrDefaults();
    this.namespace = plane.namespace;
    this.version = config.proxyVersion;
    this.trustDomain = config.trustDomain;
    this.viz = plane.viz;
    if (!plane.available.isKnown()) {
      this.injector = "unknown";
    } else {
      boolean up = plane.available.value.getOrDefault(INJECTOR, 0) > 0;
      this.injector = up ? "available" : "unavailable";
    }
  }

  /** Null if no control plane was found. */
  static Plane of(Platform platform) {
    boolean known = platform != null && platform.controlPlane.isKnown();
    return known ? new Plane(platform.controlPlane.value) : null;
  }
}
