package com.openfaas.function.report.page;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.openfaas.function.platform.Cases;
import com.openfaas.function.report.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A report of cases/page, as it came over the wire. */
public final class PageCase {
  /** The values that are words of ours, one of a few each. */
  private static final Set<String> FIXED =
      Set.of("status", "severity", "outcome", "role", "kind", "mtls", "action", "after", "before");

  private final JsonObject json;

  private PageCase(JsonObject json) {
    this.json = json;
  }

  public static PageCase of(String name) {
    try {
      String text = Files.readString(Cases.file("page/" + name + ".json"));
      return new PageCase(JsonParser.parseString(text).getAsJsonObject());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Report report() {
    return new Gson().fromJson(json, Report.class);
  }

  public String page() {
    return Page.of(report());
  }

  /** With as many meshed functions more, fn-1 and on, each with a proven edge from the gateway. */
  public PageCase grown(int functions) {
    JsonObject grown = json.deepCopy();
    JsonArray workloads = grown.getAsJsonArray("workloads");
    JsonArray edges = grown.getAsJsonArray("edges");
    JsonObject function = named(workloads, "name", "env");
    JsonObject edge = named(edges, "to", "openfaas-fn/env");
    for (int i = 1; i <= functions; i++) {
      JsonObject another = function.deepCopy();
      another.addProperty("name", "fn-" + i);
      workloads.add(another);
      JsonObject to = edge.deepCopy();
      to.addProperty("to", "openfaas-fn/fn-" + i);
      edges.add(to);
    }
    JsonObject states = grown.getAsJsonObject("summary").getAsJsonObject("states");
    states.addProperty("meshed", states.get("meshed").getAsInt() + functions);
    return new PageCase(grown);
  }

  /** With as many of the functions that were added in another state. */
  PageCase with(String state, int functions) {
    JsonObject other = json.deepCopy();
    JsonArray workloads = other.getAsJsonArray("workloads");
    for (int i = 1; i <= functions; i++) {
      named(workloads, "name", "fn-" + i).addProperty("after", state);
    }
    return new PageCase(other);
  }

  /** With Deployments of those names seen beside the gateway, and left alone. */
  PageCase beside(String... names) {
    JsonObject other = json.deepCopy();
    for (String name : names) {
      JsonObject finding = new JsonObject();
      finding.addProperty(
          "code", name.equals("worker") ? "nats_client_not_covered" : "not_covered");
      finding.addProperty("severity", name.equals("worker") ? "warning" : "info");
      finding.addProperty("subject", "deployment openfaas/" + name);
      finding.addProperty("message", "runs next to the gateway and is not changed");
      finding.addProperty("hint", "name it");
      other.getAsJsonArray("findings").add(finding);
    }
    return new PageCase(other);
  }

  /** With calls of a function past the gateway. */
  PageCase called(String function, String account, int requests, int refused) {
    JsonObject other = json.deepCopy();
    JsonObject caller = new JsonObject();
    caller.addProperty("function", "openfaas-fn/" + function);
    caller.addProperty("account", account);
    caller.addProperty("identity", account.isEmpty() ? "" : account + ".mesh");
    caller.addProperty("requests", requests);
    caller.addProperty("refused", refused);
    caller.addProperty("since", "2026-09-01T12:00:00Z");
    other.getAsJsonArray("callers").add(caller);
    return new PageCase(other);
  }

  public PageCase withViz(Boolean viz) {
    JsonObject other = json.deepCopy();
    other.getAsJsonObject("controlPlane").addProperty("viz", viz);
    return new PageCase(other);
  }

  /** With every word of others changed. */
  PageCase worded(UnaryOperator<String> change) {
    return new PageCase(worded("", json, change).getAsJsonObject());
  }

  private static JsonElement worded(String key, JsonElement value, UnaryOperator<String> change) {
    if (value.isJsonObject()) {
      JsonObject object = new JsonObject();
      value.getAsJsonObject().asMap().forEach((k, v) -> object.add(k, worded(k, v, change)));
      return object;
    }
    if (value.isJsonArray()) {
      JsonArray array = new JsonArray();
      value.getAsJsonArray().forEach(item -> array.add(worded(key, item, change)));
      return array;
    }
    boolean words = value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
    boolean ours = FIXED.contains(key) || key.equals("change") || value.toString().equals("\"\"");
    return words && !ours ? new JsonPrimitive(change.apply(value.getAsString())) : value;
  }

  private static JsonObject named(JsonArray array, String key, String value) {
    for (JsonElement element : array) {
      if (element.getAsJsonObject().get(key).getAsString().equals(value)) {
        return element.getAsJsonObject();
      }
    }
    throw new IllegalArgumentException("no " + key + " " + value);
  }
}
