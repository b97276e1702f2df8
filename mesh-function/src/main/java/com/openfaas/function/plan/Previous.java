package com.openfaas.function.plan;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Code;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Ports;
import com.openfaas.function.platform.Problem;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads the annotation in which a change keeps the values from before it. The object's owner can
 * edit it: only keys that we set are read from it, and only values that Linkerd knows.
 */
public final class Previous {
  /** Our own record has a few hundred characters. */
  private static final int LONGEST = 4096;

  private Previous() {}

  /** Whether there is a record with anything that can be restored. */
  static boolean isUsable(Annotated object) {
    return !recorded(object).isEmpty();
  }

  /** The recorded values by annotation (null = absent); empty if none is usable. */
  static Map<String, String> recorded(Annotated object) {
    Map<String, String> values = new TreeMap<>();
    for (Map.Entry<String, JsonElement> entry : json(object).entrySet()) {
      JsonElement value = entry.getValue();
      boolean text = value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
      String was = text ? value.getAsString() : null;
      if ((text || value.isJsonNull()) && isOurs(object.kind, entry.getKey(), was)) {
        values.put(entry.getKey(), was);
      }
    }
    return values;
  }

  /**
   * The values to record for the keys about to be set. What an earlier run recorded stays: the
   * present value is ours. A restart mark of ours is not a previous value: before us there was
   * none.
   */
  static Map<String, String> with(
      Annotated own, Map<String, String> current, Map<String, String> toSet) {
    Map<String, String> previous = recorded(own);
    for (String key : toSet.keySet()) {
      if (!previous.containsKey(key)) {
        previous.put(key, key.equals(Annotations.RESTARTED_AT) ? null : current.get(key));
      }
    }
    return previous;
  }

  /** All our values that the step's object should have, to be added where it is deployed from. */
  public static Map<String, String> kept(Step step) {
    Map<String, String> kept = new TreeMap<>(step.annotations);
    recorded(step.object).keySet().stream()
        .filter(key -> step.present().containsKey(key))
        .forEach(key -> kept.putIfAbsent(key, step.present().get(key)));
    kept.remove(Annotations.RESTARTED_AT);
    return kept;
  }

  /**
   * The annotations that we set and somebody has removed since: they are recorded, and are absent
   * or as they were before us. A restart mark need not be kept.
   */
  public static Set<String> takenOff(Step step) {
    Map<String, String> recorded = recorded(step.object);
    Map<String, String> present = step.present();
    boolean stripped = isStripped(step.object);
    return step.annotations.keySet().stream()
        .filter(key -> !key.equals(Annotations.RESTARTED_AT))
        .filter(key -> stripped || recorded.containsKey(key))
        .filter(key -> present.get(key) == null || present.get(key).equals(recorded.get(key)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** When we last set again what somebody had removed; null if that is absent or invalid. */
  public static Instant setAt(Annotated object) {
    String written = object.annotations.getOrDefault(Annotations.SET_AT, "");
    return isTime(written) ? Instant.parse(written) : null;
  }

  /** Whether the record was removed, but not the annotation that we write beside it. */
  static boolean isStripped(Annotated object) {
    return !object.annotations.containsKey(Annotations.PREVIOUS)
        && object.annotations.containsKey(Annotations.SET_AT);
  }

  /** What is wrong with the record; null if nothing is, or there is none. */
  static Problem doubt(Annotated object) {
    boolean none = !object.annotations.containsKey(Annotations.PREVIOUS);
    int taken = recorded(object).size();
    if (none || (taken > 0 && taken == json(object).size())) {
      return null;
    }
    String where = object.kind == Kind.NAMESPACE ? "" : "-n " + object.namespace + " ";
    return new Problem(
        taken == 0 ? Code.RECORD_UNUSABLE : Code.RECORD_FOREIGN,
        object.subject(),
        "its annotation "
            + Annotations.PREVIOUS
            + " is not as mesh-setup writes it: "
            + (taken == 0 ? "nothing of it is used" : "only what mesh-setup sets is used"),
        "set by hand what should be there, then kubectl "
            + where
            + "annotate "
            + object.kind.word()
            + " "
            + object.name
            + " "
            + Annotations.PREVIOUS
            + "-");
  }

  private static JsonObject json(Annotated object) {
    String written = object.annotations.get(Annotations.PREVIOUS);
    if (written == null || written.length() > LONGEST) {
      return new JsonObject();
    }
    try {
      return JsonParser.parseString(written).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      // Somebody else wrote it: there is nothing in it to keep, and we write a new one.
      return new JsonObject();
    }
  }

  private static boolean isOurs(Kind kind, String key, String was) {
    switch (kind) {
      case NAMESPACE:
        return key.equals(Annotations.INJECT) && Annotations.isValid(was);
      case DEPLOYMENT:
      case DAEMON_SET:
        return isOurs(key, was);
      case SERVICE:
        return key.startsWith("retry.linkerd.io/") || key.startsWith("timeout.linkerd.io/");
      default:
        // A route's keys depend on its controller: the caller that restores one knows ours.
        return true;
    }
  }

  /** Whether it is an annotation of workloads that we set, with a value that Linkerd knows. */
  static boolean isOurs(String key, String was) {
    switch (key) {
      case Annotations.INJECT:
        return Annotations.isValid(was);
      case Annotations.SKIP_OUTBOUND_PORTS:
      case Annotations.SKIP_INBOUND_PORTS:
        return was == null || Ports.isList(was);
      case Annotations.RESTARTED_AT:
        return was == null || isTime(was);
      default:
        return false;
    }
  }

  private static boolean isTime(String text) {
    try {
      Instant.parse(text);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
