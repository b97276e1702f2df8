package com.openfaas.function.plan;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.NamespaceView;
import com.openfaas.function.platform.Workload;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One change of one object: annotations to set, and the values that were there, which make it
 * reversible without any state elsewhere.
 */
public final class Step {
  private static final Gson JSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  public final Wave wave;

  /** The workload whose pod template is annotated; null where the namespace itself is. */
  public final Workload workload;

  public final String namespace;
  public final Reason reason;

  /** What is set: on the pod template, or on the namespace. */
  public final Map<String, String> annotations;

  /** What was there before the first change of ours; null = absent. */
  public final Map<String, String> previous;

  private Step(
      Wave wave,
      Workload workload,
      String namespace,
      Reason reason,
      Map<String, String> annotations,
      Map<String, String> previous) {
    this.wave = Objects.requireNonNull(wave);
    this.workload = workload;
    this.namespace = Objects.requireNonNull(namespace);
    this.reason = Objects.requireNonNull(reason);
    this.annotations = Map.copyOf(annotations);
    this.previous = Collections.unmodifiableMap(new TreeMap<>(previous));
  }

  static Step ofWorkload(
      Wave wave, Workload workload, Reason reason, Map<String, String> annotations) {
    return new Step(
        wave,
        workload,
        workload.namespace,
        reason,
        annotations,
        previous(workload.annotations, workload.template.annotations, annotations));
  }

  static Step ofNamespace(NamespaceView namespace) {
    Map<String, String> annotations = Map.of(Annotations.INJECT, Annotations.ENABLED);
    return new Step(
        Wave.NAMESPACES,
        null,
        namespace.name,
        Reason.ENABLE,
        annotations,
        previous(namespace.annotations, namespace.annotations, annotations));
  }

  Step inWave(Wave other) {
    return new Step(other, workload, namespace, reason, annotations, previous);
  }

  /** {@code namespace/name}, or the namespace's name. */
  public String key() {
    return workload == null ? namespace : workload.key();
  }

  public String subject() {
    return workload == null ? "namespace " + namespace : workload.subject();
  }

  /** The whole change as one JSON merge patch. */
  public String patch() {
    Map<String, String> own = new TreeMap<>(Map.of(Annotations.PREVIOUS, JSON.toJson(previous)));
    if (workload == null) {
      own.putAll(annotations);
      return JSON.toJson(Map.of("metadata", Map.of("annotations", own)));
    }
    Map<String, Object> template =
        Map.of("metadata", Map.of("annotations", new TreeMap<>(annotations)));
    Map<String, Object> patch = new TreeMap<>();
    patch.put("metadata", Map.of("annotations", own));
    patch.put("spec", Map.of("template", template));
    return JSON.toJson(patch);
  }

  /**
   * The values of the keys about to be set, beside those recorded by earlier runs. What an earlier
   * run recorded stands: the value there now is ours. A restart mark of ours is no previous value:
   * what was there before us is that there was none.
   */
  private static Map<String, String> previous(
      Map<String, String> own, Map<String, String> current, Map<String, String> toSet) {
    Map<String, String> previous = new TreeMap<>(Previous.recorded(own));
    for (String key : toSet.keySet()) {
      if (!previous.containsKey(key)) {
        previous.put(key, key.equals(Annotations.RESTARTED_AT) ? null : current.get(key));
      }
    }
    return previous;
  }

  /** Why an object is changed. */
  public enum Reason {
    /** Nothing asks for injection yet. */
    ENABLE,
    /** Injection is asked for, yet pods came up without a proxy. */
    RESTART
  }
}
