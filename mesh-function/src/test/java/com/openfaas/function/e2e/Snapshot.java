package com.openfaas.function.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Every object of some namespaces, of every kind that the API server lists, field by field; without
 * what controllers make of others, and what changes with each write of anybody.
 */
final class Snapshot {
  /** Made of other objects, or beating with the time. */
  private static final Set<String> DERIVED =
      Set.of(
          "pods",
          "replicasets",
          "jobs",
          "controllerrevisions",
          "endpoints",
          "endpointslices",
          "events",
          "leases");

  private static final Set<String> OWNED_BY = Set.of("Pod", "ReplicaSet", "Job", "Node");

  private final Map<String, Map<String, String>> objects = new TreeMap<>();

  /** The kinds that could not be listed. */
  final Set<String> unread = new TreeSet<>();

  private Snapshot() {}

  static Snapshot of(KubernetesClient client, Collection<String> namespaces) {
    Snapshot snapshot = new Snapshot();
    namespaces.forEach(name -> snapshot.add(client.namespaces().withName(name).get()));
    for (ResourceDefinitionContext kind : snapshot.kinds(client)) {
      namespaces.forEach(namespace -> snapshot.list(client, kind, namespace));
    }
    return snapshot;
  }

  int size() {
    return objects.size();
  }

  /** The objects that are different, gone or new in the other: each with its fields. */
  Map<String, List<String>> differences(Snapshot later) {
    Map<String, List<String>> differences = new TreeMap<>();
    Set<String> names = new TreeSet<>(objects.keySet());
    names.addAll(later.objects.keySet());
    for (String name : names) {
      Map<String, String> before = objects.get(name);
      Map<String, String> after = later.objects.get(name);
      if (before == null || after == null) {
        differences.put(name, List.of(before == null ? "is new" : "is gone"));
      } else if (!before.equals(after)) {
        differences.put(name, fields(before, after));
      }
    }
    return differences;
  }

  private static List<String> fields(Map<String, String> before, Map<String, String> after) {
    Set<String> paths = new TreeSet<>(before.keySet());
    paths.addAll(after.keySet());
    return paths.stream()
        .filter(path -> !Objects.equals(before.get(path), after.get(path)))
        .map(path -> path + ": was " + before.get(path) + ", is " + after.get(path))
        .collect(Collectors.toList());
  }

  /** Those that live in namespaces, each in the version its group prefers. */
  private List<ResourceDefinitionContext> kinds(KubernetesClient client) {
    List<String> versions = new ArrayList<>(List.of("v1"));
    for (APIGroup group : client.getApiGroups().getGroups()) {
      // Metrics are no objects.
      if (!group.getName().endsWith("metrics.k8s.io")) {
        versions.add(group.getPreferredVersion().getGroupVersion());
      }
    }
    return versions.stream()
        .flatMap(version -> kinds(client, version).stream())
        .collect(Collectors.toList());
  }

  private List<ResourceDefinitionContext> kinds(KubernetesClient client, String version) {
    try {
      return client.getApiResources(version).getResources().stream()
          .filter(each -> each.getNamespaced() && each.getVerbs().contains("list"))
          .filter(each -> !each.getName().contains("/") && !DERIVED.contains(each.getName()))
          .map(each -> kind(version, each))
          .collect(Collectors.toList());
    } catch (KubernetesClientException e) {
      // An API that is served by somebody else may be away.
      unread.add(version);
      return List.of();
    }
  }

  private static ResourceDefinitionContext kind(String version, APIResource resource) {
    int slash = version.indexOf('/');
    return new ResourceDefinitionContext.Builder()
        .withGroup(slash < 0 ? "" : version.substring(0, slash))
        .withVersion(version.substring(slash + 1))
        .withKind(resource.getKind())
        .withPlural(resource.getName())
        .withNamespaced(true)
        .build();
  }

  private void list(KubernetesClient client, ResourceDefinitionContext kind, String namespace) {
    try {
      client
          .genericKubernetesResources(kind)
          .inNamespace(namespace)
          .list()
          .getItems()
          .forEach(this::add);
    } catch (KubernetesClientException e) {
      unread.add(kind.getPlural());
    }
  }

  private void add(HasMetadata object) {
    if (object == null || isOwned(object)) {
      return;
    }
    JsonObject json = JsonParser.parseString(Serialization.asJson(object)).getAsJsonObject();
    json.remove("status");
    JsonObject metadata = json.getAsJsonObject("metadata");
    List.of("resourceVersion", "generation", "managedFields").forEach(metadata::remove);
    if (metadata.has("annotations")) {
      JsonObject annotations = metadata.getAsJsonObject("annotations");
      annotations.remove("deployment.kubernetes.io/revision");
      annotations.remove("deprecated.daemonset.template.generation");
    }
    Map<String, String> fields = new TreeMap<>();
    flatten("", json, fields);
    boolean secret = object.getKind().equals("Secret");
    if (secret) {
      fields.replaceAll((path, value) -> path.startsWith("data.") ? hash(value) : value);
    }
    String namespace = object.getMetadata().getNamespace();
    String place = namespace == null ? "" : namespace + "/";
    objects.put(object.getKind() + " " + place + object.getMetadata().getName(), fields);
  }

  private static boolean isOwned(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .map(OwnerReference::getKind)
        .anyMatch(OWNED_BY::contains);
  }

  private static void flatten(String path, JsonElement value, Map<String, String> into) {
    String dot = path.isEmpty() ? "" : path + ".";
    if (value.isJsonObject()) {
      value
          .getAsJsonObject()
          .entrySet()
          .forEach(e -> flatten(dot + e.getKey(), e.getValue(), into));
    } else if (value.isJsonArray()) {
      for (int i = 0; i < value.getAsJsonArray().size(); i++) {
        flatten(dot + i, value.getAsJsonArray().get(i), into);
      }
    } else {
      into.put(path, value.isJsonNull() ? "null" : value.getAsString());
    }
  }

  /** What a Secret holds is compared, and nowhere told. */
  private static String hash(String value) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(UTF_8));
      return "sha256 " + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has it", e);
    }
  }
}
