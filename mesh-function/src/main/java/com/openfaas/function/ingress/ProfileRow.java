package com.openfaas.function.ingress;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * One mapping of the table's file, read strictly: a missing key, a wrong type and an unknown key
 * are faults. All faults of a file are reported at once.
 */
final class ProfileRow {
  private final String name;
  private final Map<?, ?> values;
  private final List<String> faults;
  private final Set<String> known = new LinkedHashSet<>();

  private ProfileRow(String name, Map<?, ?> values, List<String> faults) {
    this.name = name;
    this.values = values;
    this.faults = faults;
  }

  /** The text of a resource beside this class. */
  static String resource(String file) {
    try (InputStream yaml = ProfileRow.class.getResourceAsStream(file)) {
      return new String(yaml.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " belongs to the jar", e);
    }
  }

  /**
   * @param yaml a list of mappings, each with a unique {@code id}
   * @throws IllegalArgumentException with all faults, each with its row and key
   */
  static <T> List<T> all(String yaml, Function<ProfileRow, T> reader) {
    List<String> faults = new ArrayList<>();
    List<T> read = new ArrayList<>();
    Set<String> ids = new LinkedHashSet<>();
    for (Object row : rows(yaml)) {
      Map<?, ?> values = row instanceof Map ? (Map<?, ?>) row : Map.of();
      ProfileRow each = new ProfileRow("row " + values.get("id"), values, faults);
      each.check(ids.add(each.text("id")), "id stands twice");
      read.add(reader.apply(each));
      each.close();
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", faults));
    }
    return List.copyOf(read);
  }

  private static List<?> rows(String yaml) {
    try {
      Object rows = new Load(LoadSettings.builder().build()).loadFromString(yaml);
      if (rows instanceof List) {
        return (List<?>) rows;
      }
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException("the table cannot be read: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("the table is not a list");
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** A required text that is not blank. */
  String text(String key) {
    String text = textOr(key, "");
    check(!text.isBlank(), key + " is missing");
    return text;
  }

  String textOr(String key, String otherwise) {
    Object value = has(key) ? value(key) : otherwise;
    check(value instanceof String, key + " is not a text");
    return value instanceof String ? (String) value : otherwise;
  }

  /** A required text, untrimmed; it may be blank. */
  String separator(String key) {
    check(has(key), key + " is missing");
    return textOr(key, "");
  }

  boolean flag(String key) {
    Object value = value(key);
    check(value instanceof Boolean, key + " is neither true nor false");
    return Boolean.TRUE.equals(value);
  }

  Pattern pattern(String key, String otherwise) {
    try {
      return Pattern.compile(textOr(key, otherwise));
    } catch (PatternSyntaxException e) {
      faults.add(name + ": " + key + " is no regular expression: " + e.getDescription());
      return Pattern.compile(otherwise);
    }
  }

  /** Empty if the key is missing. */
  List<String> texts(String key) {
    Object value = has(key) ? value(key) : List.of();
    boolean texts =
        value instanceof List && ((List<?>) value).stream().allMatch(String.class::isInstance);
    check(texts, key + " is not a list of texts");
    return texts
        ? ((List<?>) value)
            .stream().map(String.class::cast).collect(Collectors.toUnmodifiableList())
        : List.of();
  }

  /** Empty if the key is missing. */
  Map<String, String> textsByKey(String key) {
    Map<String, String> texts = new TreeMap<>();
    if (has(key)) {
      ProfileRow row = nested(key);
      row.values.keySet().forEach(each -> texts.put(String.valueOf(each), ""));
      texts.replaceAll((each, none) -> row.text(each));
    }
    return Map.copyOf(texts);
  }

  ProfileRow nested(String key) {
    Object value = value(key);
    check(value instanceof Map, key + " is not a mapping");
    return new ProfileRow(
        name + " " + key, value instanceof Map ? (Map<?, ?>) value : Map.of(), faults);
  }

  void check(boolean holds, String fault) {
    if (!holds) {
      faults.add(name + ": " + fault);
    }
  }

  /** To be called once everything is read: any other key is a fault. */
  void close() {
    for (Object key : values.keySet()) {
      check(
          key instanceof String && known.contains(key),
          key + " is not known, or not beside the others");
    }
  }

  private Object value(String key) {
    known.add(key);
    return values.get(key);
  }
}
