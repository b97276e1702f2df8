package com.openfaas.function.platform;

import java.util.List;
import java.util.Objects;

/** A Deployment of the platform, or the DaemonSet of an ingress controller, with its pods. */
public final class Workload {
  /** The label by which OpenFaaS knows its functions (faas-netes pkg/k8s/function_list.go). */
  public static final String FUNCTION_LABEL = "faas_function";

  public final Role role;

  /** Itself, with its own annotations (not the pod template's). */
  public final Annotated object;

  public final String namespace;
  public final String name;

  public final Selector selector;
  public final Template template;
  public final Rollout rollout;

  /** Whether a rollout can end the last serving pod before a new one is ready. */
  public final boolean killsBeforeReady;

  public final List<PodView> pods;

  public Workload(Role role, Annotated object, Spec spec, Rollout rollout, List<PodView> pods) {
    this.role = Objects.requireNonNull(role);
    this.object = Objects.requireNonNull(object);
    this.namespace = object.namespace;
    this.name = object.name;
    this.selector = spec.selector;
    this.template = spec.template;
    this.killsBeforeReady = spec.killsBeforeReady;
    this.rollout = Objects.requireNonNull(rollout);
    this.pods = List.copyOf(pods);
  }

  /** {@code namespace/name}. */
  public String key() {
    return namespace + "/" + name;
  }

  /** Where the gateway has it, of a function. */
  public String gatewayPath() {
    return "/function/" + name + "." + namespace;
  }

  /** How messages name it, and plans tell it from others. */
  public String subject() {
    return object.subject();
  }

  /** The command that shows it; of a function its pods, which tell why they do not come up. */
  public String describe() {
    return "kubectl -n "
        + namespace
        + (role.isFunction()
            ? " describe pods -l " + FUNCTION_LABEL + "=" + name
            : " describe " + object.kind.word() + " " + name);
  }

  /** What the Deployment declares. */
  public static final class Spec {
    public final Selector selector;
    public final Template template;
    final boolean killsBeforeReady;

    public Spec(Selector selector, Template template, boolean killsBeforeReady) {
      this.selector = Objects.requireNonNull(selector);
      this.template = Objects.requireNonNull(template);
      this.killsBeforeReady = killsBeforeReady;
    }
  }

  /** The command that takes away what opts it out; empty where nothing does. */
  public String optIn(NamespaceView of) {
    if (Annotations.DISABLED.equals(template.inject())) {
      return "kubectl -n "
          + namespace
          + " patch "
          + object.kind.word()
          + " "
          + name
          + " --type merge -p '{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"linkerd.io/inject\":null}}}}}'";
    }
    return Annotations.DISABLED.equals(of.inject()) && template.inject() == null
        ? "kubectl annotate namespace " + namespace + " linkerd.io/inject-"
        : "";
  }
}
