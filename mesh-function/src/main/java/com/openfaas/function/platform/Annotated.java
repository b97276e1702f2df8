package com.openfaas.function.platform;

import java.util.Map;
import java.util.Objects;

/** An object of the cluster, and the annotations it had when it was seen. */
public final class Annotated {
  public final Kind kind;

  /** For a namespace: itself. */
  public final String namespace;

  public final String name;
  public final Map<String, String> annotations;

  public Annotated(Kind kind, String namespace, String name, Map<String, String> annotations) {
    this.kind = Objects.requireNonNull(kind);
    this.namespace = Objects.requireNonNull(namespace);
    this.name = Objects.requireNonNull(name);
    this.annotations = Map.copyOf(annotations);
  }

  /** How messages name it, and kubectl finds it: {@code deployment namespace/name}. */
  public String subject() {
    String word = kind.word();
    return kind == Kind.NAMESPACE ? word + " " + name : word + " " + namespace + "/" + name;
  }
}
