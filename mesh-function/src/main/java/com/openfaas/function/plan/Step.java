package com.openfaas.function.plan;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Workload;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One change of one object: annotations to set or remove, and a record of the values that were
 * there, which makes it reversible without any state elsewhere.
 */
public final class Step {
  private static final Gson JSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  public final Wave wave;

  public final Annotated object;

  /** The workload whose pod template is annotated; null where the object itself is. */
  public final Workload workload;

  public final String namespace;

  public final Reason reason;

  /** What is set, on the pod template or on the object; null removes. */
  public final Map<String, String> annotations;

  /** What was there before the first change of ours (null = absent); empty: no record is kept. */
  public final Map<String, String> previous;

  private Step(
      Wave wave,
      Annotated object,
      Workload workload,
      Reason reason,
      Map<String, String> annotations,
      Map<String, String> previous) {
    this.wave = Objects.requireNonNull(wave);
    this.object = Objects.requireNonNull(object);
    this.workload = workload;
    this.namespace = object.namespace;
    this.reason = Objects.requireNonNull(reason);
    this.annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    this.previous = Collections.unmodifiableMap(new TreeMap<>(previous));
  }

  /** Puts a workload on the mesh. */
  static Step mesh(Wave wave, Workload workload, Reason reason, Map<String, String> annotations) {
    Map<String, String> previous =
        previous(workload.object, workload.template.annotations, annotations);
    return new Step(wave, workload.object, workload, reason, annotations, previous);
  }

  /** Annotates an object that has no pods of its own. */
  static Step annotate(Wave wave, Annotated object, Map<String, String> annotations) {
    Map<String, String> previous = previous(object, object.annotations, annotations);
    return new Step(wave, object, null, Reason.ENABLE, annotations, previous);
  }

  /** Gives back the values from before us, and keeps no record. */
  static Step restore(
      Wave wave, Workload workload, Reason reason, Map<String, String> annotations) {
    return new Step(wave, workload.object, workload, reason, annotations, Map.of());
  }

  static Step restore(Wave wave, Annotated object, Map<String, String> annotations) {
    return new Step(wave, object, null, Reason.REVERT, annotations, Map.of());
  }

  /** Takes a restart mark back; the record stays as it is. */
  static Step unmark(Workload workload, String mark) {
    Map<String, String> annotations = new HashMap<>();
    annotations.put(Annotations.RESTARTED_AT, mark);
    Map<String, String> previous = Previous.recorded(workload.object);
    return new Step(
        Wave.PUT_BACK, workload.object, workload, Reason.PUT_BACK, annotations, previous);
  }

  Step inWave(Wave other) {
    return new Step(other, object, workload, reason, annotations, previous);
  }

  /** The inverse: all as it was seen before. */
  public Step undo() {
    Map<String, String> now = workload == null ? object.annotations : workload.template.annotations;
    Map<String, String> before = new HashMap<>();
    annotations.keySet().forEach(key -> before.put(key, now.get(key)));
    return new Step(wave, object, workload, Reason.PUT_BACK, before, Previous.recorded(object));
  }

  /** Whether pods made by this step come up with a proxy. */
  public boolean wantsProxy() {
    return reason == Reason.ENABLE || reason == Reason.RESTART;
  }

  /** Whether the annotations, of a template or a pod, hold what this step sets. */
  public boolean isIn(Map<String, String> present) {
    return annotations.entrySet().stream()
        .allMatch(entry -> Objects.equals(entry.getValue(), present.get(entry.getKey())));
  }

  public String subject() {
    return object.subject();
  }

  /** The whole change as one JSON merge patch. */
  public String patch() {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put(Annotations.PREVIOUS, previous.isEmpty() ? null : JSON.toJson(previous));
    if (workload == null) {
      metadata.putAll(annotations);
      return JSON.toJson(annotated(metadata));
    }
    Map<String, Object> patch = new TreeMap<>(annotated(metadata));
    patch.put("spec", Map.of("template", annotated(annotations)));
    return JSON.toJson(patch);
  }

  private static Map<String, Object> annotated(Map<String, String> annotations) {
    return Map.of("metadata", Map.of("annotations", annotations));
  }

  /**
   * The values of the keys about to be set, beside those recorded by earlier runs. What an earlier
   * run recorded stands: the value there now is ours. A restart mark of ours is no previous value:
   * what was there before us is that there was none.
   */
  private static Map<String, String> previous(
      Annotated own, Map<String, String> current, Map<String, String> toSet) {
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
    /** Injection is asked for, yet pods came up without a proxy, or with a stale one. */
    RESTART,
    /** An earlier change of ours did not come up. */
    PUT_BACK,
    /** The operator wants everything as it was before us. */
    REVERT
  }
}
