package com.openfaas.function.plan;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParser;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.FailedMark;
import com.openfaas.function.platform.InboundRules.PolicyObject;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One change of one object: annotations to set or remove, and a record of the values before it,
 * which makes it reversible without any other state.
 */
public final class Step {
  private static final Gson JSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  public final Wave wave;
  public final Annotated object;

  /** The workload whose pod template is annotated; null if the object itself is. */
  public final Workload workload;

  public final String namespace;

  public final Reason reason;

  /** The annotations to set on the pod template or on the object; null removes. */
  public final Map<String, String> annotations;

  /** The values before our first change (null = absent); empty if no record is kept. */
  public final Map<String, String> previous;

  /** The annotations to set on the object's own metadata beside the record; null removes. */
  final Map<String, String> marks;

  private Step(
      Wave wave,
      Annotated object,
      Workload workload,
      Reason reason,
      Map<String, String> annotations,
      Map<String, String> previous,
      Map<String, String> marks) {
    this.wave = Objects.requireNonNull(wave);
    this.object = Objects.requireNonNull(object);
    this.workload = workload;
    this.namespace = object.namespace;
    this.reason = Objects.requireNonNull(reason);
    this.annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    this.previous = Collections.unmodifiableMap(new TreeMap<>(previous));
    this.marks = Collections.unmodifiableMap(new TreeMap<>(marks));
  }

  /** Puts a workload on the mesh. */
  static Step mesh(Wave wave, Workload workload, Reason reason, Map<String, String> annotations) {
    Map<String, String> previous =
        Previous.with(workload.object, workload.template.annotations, annotations);
    Map<String, String> marks = unset(workload.object, Annotations.FAILED);
    return new Step(wave, workload.object, workload, reason, annotations, previous, marks);
  }

  /** Annotates an object without pods of its own. */
  static Step annotate(Wave wave, Annotated object, Map<String, String> annotations) {
    Map<String, String> previous = Previous.with(object, object.annotations, annotations);
    Map<String, String> marks = unset(object, Annotations.FAILED);
    return new Step(wave, object, null, Reason.ENABLE, annotations, previous, marks);
  }

  /** Restores the values from before us, and keeps no record. */
  static Step restore(
      Wave wave, Workload workload, Reason reason, Map<String, String> annotations) {
    Map<String, String> marks = unset(workload.object, Annotations.SET_AT, Annotations.FAILED);
    return new Step(wave, workload.object, workload, reason, annotations, Map.of(), marks);
  }

  static Step restore(Wave wave, Annotated object, Map<String, String> annotations) {
    Map<String, String> marks = unset(object, Annotations.SET_AT, Annotations.FAILED);
    return new Step(wave, object, null, Reason.REVERT, annotations, Map.of(), marks);
  }

  /** Applies one of our policy objects, or deletes it. */
  static Step make(Wave wave, Annotated object, Reason reason, Map<String, String> content) {
    return new Step(wave, object, null, reason, content, Map.of(), Map.of());
  }

  /** The same with other content. */
  public Step saying(String key, String value) {
    Map<String, String> content = new HashMap<>(annotations);
    content.put(key, value);
    return new Step(wave, object, workload, reason, content, previous, marks);
  }

  /** Whether it is a Server that refuses all clients without an authorization. */
  public boolean refuses() {
    String spec = annotations.get(PolicyObject.SPEC);
    return object.kind == Kind.SERVER && PolicySpec.refuses(spec);
  }

  /** The same Server, but it admits everybody. */
  public Step watching() {
    return saying(PolicyObject.SPEC, PolicySpec.watching(annotations.get(PolicyObject.SPEC)));
  }

  /** Removes only present keys: an object is not written just for an absent one. */
  private static Map<String, String> unset(Annotated object, String... keys) {
    Map<String, String> unset = new HashMap<>();
    Stream.of(keys).filter(object.annotations::containsKey).forEach(key -> unset.put(key, null));
    return unset;
  }

  /** Rolls back a restart mark; the record stays as it is. */
  static Step unmark(Workload workload, String mark) {
    Map<String, String> annotations = new HashMap<>();
    annotations.put(Annotations.RESTARTED_AT, mark);
    Map<String, String> previous = Previous.recorded(workload.object);
    return new Step(
        Wave.PUT_BACK, workload.object, workload, Reason.PUT_BACK, annotations, previous, Map.of());
  }

  Step inWave(Wave other) {
    return new Step(other, object, workload, reason, annotations, previous, marks);
  }

  /** The same with a mark of its time. */
  Step setAt(Instant now) {
    return marked(Annotations.SET_AT, now.toString());
  }

  /**
   * The same change of the gateway, to be confirmed.
   *
   * @param since by the API server's clock
   * @param functions whether functions were reachable through the gateway before
   * @param self whether mesh-setup was
   */
  public Step toBeConfirmed(Instant since, boolean functions, boolean self) {
    String recorded = record(Previous.recorded(object));
    Unconfirmed.Before there = new Unconfirmed.Before(functions, self, wasMeshed());
    Unconfirmed mark = new Unconfirmed(since, there, annotations, before(), recorded);
    return marked(Annotations.UNCONFIRMED, mark.toJson());
  }

  /** The same, but with injection disabled; the value it replaces is recorded. */
  Step keptOff() {
    Map<String, String> values = new HashMap<>(annotations);
    Map<String, String> record = new HashMap<>(previous);
    if (!record.containsKey(Annotations.INJECT)) {
      record.put(Annotations.INJECT, after().get(Annotations.INJECT));
    }
    values.put(Annotations.INJECT, Annotations.DISABLED);
    return new Step(wave, object, workload, reason, values, record, marks);
  }

  /** The annotations of that kind once the step is done. */
  Map<String, String> after() {
    Map<String, String> after = new HashMap<>(present());
    after.putAll(annotations);
    return after;
  }

  /** The same for a workload that is rolled back. */
  Step failed(FailedMark mark) {
    return marked(Annotations.FAILED, mark.toJson());
  }

  private Step marked(String key, String value) {
    Map<String, String> all = new HashMap<>(marks);
    all.put(key, value);
    return new Step(wave, object, workload, reason, annotations, previous, all);
  }

  /** A change of the gateway that another run made, by its mark. */
  public static Step madeBefore(Workload gateway, Unconfirmed mark) {
    Map<String, String> recorded = Previous.recorded(gateway.object);
    Map<String, String> marks = Map.of(Annotations.UNCONFIRMED, mark.toJson());
    return new Step(
        Wave.GATEWAY, gateway.object, gateway, Reason.ENABLE, mark.set, recorded, marks);
  }

  /** The mark on the gateway until this change is confirmed; null on other objects. */
  public Unconfirmed unconfirmed() {
    return Unconfirmed.of(marks.get(Annotations.UNCONFIRMED));
  }

  /** The inverse: everything as it was observed before. */
  public Step undo() {
    Unconfirmed unconfirmed = unconfirmed();
    Map<String, String> values = unconfirmed == null ? before() : unconfirmed.before;
    Map<String, String> record =
        unconfirmed == null ? Previous.recorded(object) : unconfirmed.recordedBefore(object);
    Map<String, String> marked = new HashMap<>();
    marks.keySet().forEach(key -> marked.put(key, object.annotations.get(key)));
    marked.computeIfPresent(Annotations.UNCONFIRMED, (key, made) -> null);
    return new Step(wave, object, workload, Reason.PUT_BACK, values, record, marked);
  }

  /** Whether all serving pods were on the mesh before. */
  boolean wasMeshed() {
    Unconfirmed unconfirmed = unconfirmed();
    return unconfirmed == null ? PodView.allMeshed(workload.pods) : unconfirmed.meshed;
  }

  private Map<String, String> before() {
    Map<String, String> before = new HashMap<>();
    annotations.keySet().forEach(key -> before.put(key, present().get(key)));
    return before;
  }

  /** The present annotations of the kind that the step sets. */
  Map<String, String> present() {
    return workload == null ? object.annotations : workload.template.annotations;
  }

  /** Whether pods created by this step come up with a proxy. */
  public boolean wantsProxy() {
    return reason == Reason.ENABLE || reason == Reason.RESTART;
  }

  /** Whether the annotations of a template or a pod include what this step sets. */
  public boolean isIn(Map<String, String> present) {
    return Annotations.lacking(present, annotations).isEmpty();
  }

  public String subject() {
    return object.subject();
  }

  /** The whole change, as the body of the request: a JSON merge patch, or an object to apply. */
  public String patch() {
    if (object.kind.isMade()) {
      return manifest();
    }
    Map<String, String> metadata = new TreeMap<>(marks);
    metadata.put(Annotations.PREVIOUS, record(previous));
    if (workload != null && workload.role == Role.GATEWAY) {
      metadata.putIfAbsent(Annotations.UNCONFIRMED, null);
    }
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

  /** All our fields: what an earlier apply set and this one does not is removed. */
  private String manifest() {
    Map<String, String> content = new TreeMap<>(annotations);
    String spec = content.remove(PolicyObject.SPEC);
    content.values().removeIf(value -> value == null);
    Map<String, Object> metadata = new TreeMap<>();
    metadata.put("name", object.name);
    metadata.put("namespace", object.namespace);
    metadata.put("labels", Map.of(PolicyObject.LABEL, "mesh-setup"));
    if (!content.isEmpty()) {
      metadata.put("annotations", content);
    }
    Map<String, Object> manifest = new TreeMap<>();
    manifest.put("apiVersion", object.kind.apiVersion());
    manifest.put("kind", object.kind.toString());
    manifest.put("metadata", metadata);
    manifest.put("spec", spec == null ? null : JsonParser.parseString(spec));
    return JSON.toJson(manifest);
  }

  /** The recorded values as they stand in an annotation; null: none. */
  private static String record(Map<String, String> previous) {
    return previous.isEmpty() ? null : JSON.toJson(previous);
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
