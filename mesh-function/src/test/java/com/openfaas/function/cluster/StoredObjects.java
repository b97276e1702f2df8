package com.openfaas.function.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Objects by the path of their collection and by name, and all that happened to them, in order. */
final class StoredObjects {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final Map<String, Map<String, ObjectNode>> collections = new TreeMap<>();

  /** Where in it a list ended is the list's resource version. */
  private final List<Change> history = new ArrayList<>();

  private boolean over;

  static ObjectNode tree(String yaml) {
    try {
      return (ObjectNode) YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized void collection(String path) {
    collections.put(path, new TreeMap<>());
  }

  /** Null where there is no such object. */
  synchronized ObjectNode get(String collection, String name) {
    return collections.getOrDefault(collection, Map.of()).get(name);
  }

  synchronized void put(String collection, ObjectNode object) {
    String name = object.path("metadata").path("name").textValue();
    boolean there = collections.get(collection).put(name, object) != null;
    happened(there ? "MODIFIED" : "ADDED", collection, object);
  }

  synchronized void remove(String collection, Predicate<ObjectNode> which) {
    List<ObjectNode> some = new ArrayList<>(collections.get(collection).values());
    some.removeIf(which.negate());
    collections.get(collection).values().removeAll(some);
    some.forEach(object -> happened("DELETED", collection, object));
  }

  /** Null where there is no such collection. */
  synchronized ObjectNode list(String collection, Predicate<JsonNode> which) {
    if (!collections.containsKey(collection)) {
      return null;
    }
    ObjectNode list = tree("{metadata: {resourceVersion: '" + history.size() + "'}, items: []}");
    collections.get(collection).values().stream()
        .filter(which)
        .forEach(object -> list.withArray("items").add(object.deepCopy()));
    return list;
  }

  /** Each watch is told something, whether or not anything is another than before. */
  synchronized void tellAll(String type) {
    collections.forEach(
        (path, some) -> some.values().forEach(object -> happened(type, path, object)));
  }

  private void happened(String type, String collection, ObjectNode object) {
    history.add(new Change(type, collection, object.deepCopy()));
    notifyAll();
  }

  /** Waits for what happened next; null where nothing more will. */
  synchronized Change after(int at) throws InterruptedException {
    while (history.size() <= at && !over) {
      wait();
    }
    return over ? null : history.get(at);
  }

  synchronized void end() {
    over = true;
    notifyAll();
  }

  /** As an API server merges a patch into an object: null removes. */
  static void merge(ObjectNode into, JsonNode patch) {
    patch
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isNull()) {
                into.remove(field.getKey());
              } else if (field.getValue().isObject()) {
                merge(into.withObjectProperty(field.getKey()), field.getValue());
              } else {
                into.set(field.getKey(), field.getValue());
              }
            });
  }

  /** Something that happened to an object, as a watch tells it. */
  static final class Change {
    final String collection;
    final ObjectNode object;
    private final String type;

    Change(String type, String collection, ObjectNode object) {
      this.type = type;
      this.collection = collection;
      this.object = object;
    }

    String line() {
      return "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
    }
  }
}
