package com.openfaas.function.platform;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An object of the cluster, and the annotations it had when it was seen. */
public final class Annotated {
  /** Whoever writes to an object that keeps no record of it. */
  public static final String UNKNOWN = "an unknown client";

  private static final Pattern UNSAFE = Pattern.compile("[^\\w.,:/ -]");

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

  /** The value of a label linkerd.io/inject, which Linkerd does not read; null: it has none. */
  public final String injectLabel;

  /** Whether nobody has written to it after mesh-setup, by the same account. */
  public final boolean isLastOurs;

  public Annotated(Kind kind, String namespace, String name, Map<String, String> annotations) {
    this(kind, namespace, name, annotations, UNKNOWN, null, false);
  }

  public Annotated(
      Kind kind,
      String namespace,
      String name,
      Map<String, String> annotations,
      String lastWriter,
      String injectLabel,
      boolean isLastOurs) {
    this.kind = Objects.requireNonNull(kind);
    this.namespace = Objects.requireNonNull(namespace);
    this.name = Objects.requireNonNull(name);
    this.annotations = Map.copyOf(annotations);
    this.lastWriter = Objects.requireNonNull(lastWriter);
    this.injectLabel = injectLabel;
    this.isLastOurs = isLastOurs;
  }

  /** How messages name it, and kubectl finds it: {@code deployment namespace/name}. */
  public String subject() {
    String word = kind.word();
    return kind == Kind.NAMESPACE ? word + " " + name : word + " " + namespace + "/" + name;
  }

  /**
   * The command that sets labels or annotations of a workload's pod template, and so restarts it.
   * Whoever deploys a function writes its values: what a shell or JSON could take for more than a
   * value is written as JSON writes it by number.
   *
   * @param field {@code labels} or {@code annotations}
   * @param values null: to be taken away
   */
  public String templatePatch(String field, Map<String, String> values) {
    String json =
        new TreeMap<>(values)
            .entrySet().stream()
                .map(e -> '"' + e.getKey() + "\":" + quoted(e.getValue()))
                .collect(Collectors.joining(","));
    return "kubectl -n "
        + namespace
        + " patch "
        + kind.word()
        + " "
        + name
        + " -p '{\"spec\":{\"template\":{\"metadata\":{\""
        + field
        + "\":{"
        + json
        + "}}}}}'";
  }

  private static String quoted(String value) {
    if (value == null) {
      return "null";
    }
    return '"'
        + UNSAFE
            .matcher(value)
            .replaceAll(m -> String.format("\\\\u%04x", (int) m.group().charAt(0)))
        + '"';
  }
}
