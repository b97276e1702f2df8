package com.openfaas.function.e2e;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What came back of a call: a report of mesh-setup, a refusal, or somebody else's words. */
final class Answer {
  /** Of what can be on the mesh, after an apply. */
  private static final Set<String> LEFT_BEHIND = Set.of("unmeshed", "partial", "rolling");

  final int status;
  final String body;
  private final JsonObject json;

  Answer(int status, String body) {
    this.status = status;
    this.body = body;
    this.json = parsed(body);
  }

  private static JsonObject parsed(String body) {
    try {
      JsonElement parsed = JsonParser.parseString(body);
      return parsed.isJsonObject() ? parsed.getAsJsonObject() : new JsonObject();
    } catch (JsonParseException e) {
      return new JsonObject();
    }
  }

  boolean isReport() {
    return json.has("outcome") && json.has("workloads");
  }

  /**
   * Whether the gateway, not mesh-setup, has answered, and so that the call may go well next time.
   */
  boolean isOfGateway() {
    return !isReport() && !isRefusal() && (status == 404 || status >= 500);
  }

  /** Settings that cannot be carried out, say: asking again changes nothing. */
  private boolean isRefusal() {
    return json.has("errors") && json.has("status");
  }

  /**
   * What should be on the mesh and is not. An ingress controller is left alone unless mesh_ingress
   * says apply; then what is left of it is planned.
   */
  List<String> leftBehind() {
    return entries("workloads", w -> LEFT_BEHIND.contains(w.get("after").getAsString())).stream()
        .filter(w -> !is(w, "role", "ingress") || is(w, "change", "planned"))
        .map(Answer::key)
        .collect(Collectors.toList());
  }

  /** Empty where this is no report. */
  String outcome() {
    return isReport() ? json.get("outcome").getAsString() : "";
  }

  String text(String object, String key) {
    JsonElement in = json.get(object);
    JsonElement value = in == null || !in.isJsonObject() ? null : in.getAsJsonObject().get(key);
    return value == null || value.isJsonNull() ? "" : value.getAsString();
  }

  /** The entries of a list of the report that are so. */
  List<JsonObject> entries(String list, Predicate<JsonObject> which) {
    return StreamSupport.stream(json.getAsJsonArray(list).spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(which)
        .collect(Collectors.toList());
  }

  static boolean is(JsonObject entry, String key, String value) {
    return entry.has(key)
        && !entry.get(key).isJsonNull()
        && entry.get(key).getAsString().equals(value);
  }

  static String key(JsonObject entry) {
    return entry.get("namespace").getAsString() + "/" + entry.get("name").getAsString();
  }

  /** How many workloads there are of each state, and the outcome, in a line. */
  String seen() {
    if (!isReport()) {
      return status + " " + firstLine(body);
    }
    Map<String, Integer> states = new TreeMap<>();
    entries("workloads", any -> true)
        .forEach(w -> states.merge(w.get("after").getAsString(), 1, Integer::sum));
    String counts =
        states.entrySet().stream()
            .map(state -> state.getValue() + " " + state.getKey())
            .collect(Collectors.joining(", "));
    return outcome() + ": " + counts;
  }

  /** Why a run did not do what it should: its failed checks, its errors, its next sentence. */
  String why() {
    if (!isReport()) {
      return seen();
    }
    List<String> reasons =
        entries("checks", check -> is(check, "status", "fail")).stream()
            .map(check -> check.get("id").getAsString() + ": " + check.get("message").getAsString())
            .collect(Collectors.toList());
    entries("findings", finding -> is(finding, "severity", "error")).stream()
        .map(f -> f.get("subject").getAsString() + ": " + f.get("message").getAsString())
        .forEach(reasons::add);
    reasons.add(json.get("next").getAsString());
    return seen() + "; " + String.join("; ", reasons);
  }

  private static String firstLine(String text) {
    String line = text.trim().split("\n", 2)[0];
    return line.length() > 300 ? line.substring(0, 300) + "..." : line;
  }
}
