package com.openfaas.function.plan;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParser;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.PolicyObject;
import com.openfaas.function.platform.Workload.Role;
import java.util.Map;
import java.util.TreeMap;

/** The body of a step's request: a JSON merge patch of annotations, or an object to apply whole. */
final class Patch {
  private static final Gson JSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private Patch() {}

  static String of(Step step) {
    if (step.object.kind.isMade()) {
      return manifest(step);
    }
    Map<String, String> metadata = new TreeMap<>(step.marks);
    Map<String, String> previous = step.previous;
    metadata.put(Annotations.PREVIOUS, record(previous));
    if (step.workload != null && step.workload.role == Role.GATEWAY) {
      metadata.putIfAbsent(Annotations.UNCONFIRMED, null);
    }
    if (step.workload == null) {
      metadata.putAll(step.annotations);
      return JSON.toJson(annotated(metadata));
    }
    Map<String, Object> patch = new TreeMap<>(annotated(metadata));
    patch.put("spec", Map.of("template", annotated(step.annotations)));
    return JSON.toJson(patch);
  }

  private static Map<String, Object> annotated(Map<String, String> annotations) {
    return Map.of("metadata", Map.of("annotations", annotations));
  }

  /** All our fields: what an earlier apply set and this one does not is removed. */
  private static String manifest(Step step) {
    Map<String, String> annotations = new TreeMap<>(step.annotations);
    String spec = annotations.remove(PolicyObject.SPEC);
    annotations.values().removeIf(value -> value == null);
    Map<String, Object> metadata = new TreeMap<>();
    metadata.put("name", step.object.name);
    metadata.put("namespace", step.object.namespace);
    metadata.put("labels", Map.of(PolicyObject.LABEL, "mesh-setup"));
    if (!annotations.isEmpty()) {
      metadata.put("annotations", annotations);
    }
    Map<String, Object> manifest = new TreeMap<>();
    manifest.put("apiVersion", step.object.kind.apiVersion());
    manifest.put("kind", step.object.kind.toString());
    manifest.put("metadata", metadata);
    manifest.put("spec", spec == null ? null : JsonParser.parseString(spec));
    return JSON.toJson(manifest);
  }

  /** The recorded values as they stand in an annotation; null: none. */
  static String record(Map<String, String> previous) {
    return previous.isEmpty() ? null : JSON.toJson(previous);
  }
}
