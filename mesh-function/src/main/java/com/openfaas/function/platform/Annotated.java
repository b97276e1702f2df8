package com.openfaas.function.platform;

import java.util.Map;
import java.util.Objects;

/** An object of the cluster, and the annotations it had when it was seen. */
public final class Annotated {
  /** Whoever writes to an object that keeps no record of it. */
  public static final String UNKNOWN = "somebody unknown";

  public final Kind kind;

  /** For a namespace: itself. */
  public final String namespace;

  public final String name;
  public final Map<String, String> annotations;

  /**
   * The field manager that wrote to it last, and when; neither mesh-setup's nor the one of a
   * controller that keeps its status. What only takes fields away may leave no entry
   * (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management).
   */
  public final String lastWriter;

  public Annotated(Kind kind, String namespace, String name, Map<String, String> annotations) {
    this(kind, namespace, name, annotations, UNKNOWN);
  }

  public Annotated(
      Kind kind,
      String namespace,
      String name,
      Map<String, String> annotations,
      String lastWriter) {
    this.kind = Objects.requireNonNull(kind);
    this.namespace = Objects.requireNonNull(namespace);
    this.name = Objects.requireNonNull(name);
    this.annotations = Map.copyOf(annotations);
    this.lastWriter = Objects.requireNonNull(lastWriter);
  }

  /** How messages name it, and kubectl finds it: {@code deployment namespace/name}. */
  public String subject() {
    String word = kind.word();
    return kind == Kind.NAMESPACE ? word + " " + name : word + " " + namespace + "/" + name;
  }
}
