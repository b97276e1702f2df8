package com.openfaas.function.platform;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An object of the cluster, with its annotations as observed. */
public final class Annotated {
  /** The last writer of an object without managed fields. */
  public static final String UNKNOWN = "an unknown client";

  private static final Pattern UNSAFE = Pattern.compile("[^\\w.,:/ -]");

  public final Kind kind;

  /** A namespace's own name for a namespace. */
  public final String namespace;

  public final String name;
  public final Map<String, String> annotations;

  /**
   * The field manager of the last write, and its time; neither mesh-setup nor a controller that
   * writes the status. A write that only removes fields may leave no entry
   * (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management).
   */
  public final String lastWriter;

  /** The value of a label linkerd.io/inject, which Linkerd does not read; null if there is none. */
  public final String injectLabel;

  /** Whether the last write was mesh-setup's, by the managed fields. */
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

  /** Its name in messages and for kubectl: {@code deployment namespace/name}. */
  public String subject() {
    String word = kind.word();
    return kind == Kind.NAMESPACE ? word + " " + name : word + " " + namespace + "/" + name;
  }

  /**
   * The command that sets labels or annotations of a workload's pod template, and so restarts it.
   * The values are a function deployer's: characters that may be special to a shell or to JSON are
   * written as JSON unicode escapes.
   *
   * @param field {@code labels} or {@code annotations}
   * @param values null to remove
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
