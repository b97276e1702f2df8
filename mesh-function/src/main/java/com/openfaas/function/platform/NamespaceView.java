package com.openfaas.function.platform;

import java.util.Map;
import java.util.Objects;

/** A namespace as the webhook's selector sees it. */
public final class NamespaceView {
  private static final String LEFT_OUT = "config.linkerd.io/admission-webhooks";

  public final String name;
  public final Map<String, String> labels;
  public final Map<String, String> annotations;
  public final boolean terminating;
  private final Annotated object;

  public NamespaceView(
      String name,
      Map<String, String> labels,
      Map<String, String> annotations,
      boolean terminating) {
    this(new Annotated(Kind.NAMESPACE, name, name, annotations), labels, terminating);
  }

  public NamespaceView(Annotated object, Map<String, String> labels, boolean terminating) {
    this.object = Objects.requireNonNull(object);
    this.name = object.name;
    this.labels = Map.copyOf(labels);
    this.annotations = object.annotations;
    this.terminating = terminating;
  }

  public Annotated object() {
    return object;
  }

  /**
   * Why a webhook's selector excludes the namespace. Linkerd's default excludes kube-system,
   * cert-manager and a label (linkerd2 charts/linkerd-control-plane/values.yaml).
   */
  public String whyExcluded() {
    return labels.containsKey(LEFT_OUT)
        ? "by its label " + LEFT_OUT + ": " + labels.get(LEFT_OUT)
        : "by its name or labels: Linkerd never injects kube-system and cert-manager";
  }

  /** How to end that, if it can be ended. */
  public String howToAdmit() {
    return labels.containsKey(LEFT_OUT)
        ? "kubectl label namespace "
            + name
            + " "
            + LEFT_OUT
            + "-; if it was not excluded on purpose"
        : "run what is to be meshed in another namespace; the webhook's selector: kubectl get"
            + " mutatingwebhookconfiguration linkerd-proxy-injector-webhook-config -o yaml";
  }

  /** The value of the annotation {@code linkerd.io/inject}, or null. */
  public String inject() {
    return annotations.get(Annotations.INJECT);
  }
}
