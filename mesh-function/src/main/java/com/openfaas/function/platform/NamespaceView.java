package com.openfaas.function.platform;

import java.util.Map;
import java.util.Objects;

/** A namespace as the webhook and we see it. */
public final class NamespaceView {
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

  /** The value of the annotation {@code linkerd.io/inject}, or null. */
  public String inject() {
    return annotations.get(Annotations.INJECT);
  }
}
