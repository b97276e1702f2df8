package com.openfaas.function.platform;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A Deployment of the platform, with its pods. */
public final class Workload {
  public final Role role;
  public final String namespace;
  public final String name;

  /** The Deployment's own annotations (not the pod template's). */
  public final Map<String, String> annotations;

  public final Selector selector;
  public final Template template;
  public final Rollout rollout;

  /** Whether a rollout can end the last serving pod before a new one is ready. */
  public final boolean killsBeforeReady;

  public final List<PodView> pods;

  public Workload(
      Role role,
      String namespace,
      String name,
      Map<String, String> annotations,
      Spec spec,
      Rollout rollout,
      List<PodView> pods) {
    this.role = Objects.requireNonNull(role);
    this.namespace = Objects.requireNonNull(namespace);
    this.name = Objects.requireNonNull(name);
    this.annotations = Map.copyOf(annotations);
    this.selector = spec.selector;
    this.template = spec.template;
    this.killsBeforeReady = spec.killsBeforeReady;
    this.rollout = Objects.requireNonNull(rollout);
    this.pods = List.copyOf(pods);
  }

  /** Whether its proxy must let it pass to NATS: the gateway, and the core beside it. */
  public boolean isNatsClient() {
    return role == Role.CORE || role == Role.GATEWAY;
  }

  /** {@code namespace/name}: how plans and watches tell Deployments apart. */
  public String key() {
    return namespace + "/" + name;
  }

  /** How messages name it. */
  public String subject() {
    return "deployment " + key();
  }

  /** What the Deployment declares. */
  public static final class Spec {
    final Selector selector;
    final Template template;
    final boolean killsBeforeReady;

    public Spec(Selector selector, Template template, boolean killsBeforeReady) {
      this.selector = Objects.requireNonNull(selector);
      this.template = Objects.requireNonNull(template);
      this.killsBeforeReady = killsBeforeReady;
    }
  }
}
