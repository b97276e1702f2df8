package com.openfaas.function.platform;

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
}
