package com.openfaas.function.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.openfaas.function.platform.Cases;
import com.openfaas.function.platform.MeshStatus.State;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.preflight.Check;
import com.openfaas.function.report.WorkloadEntry.Change;
import com.openfaas.function.request.Action;
import com.openfaas.function.request.Answering.Format;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The schema says no less and no more than the code. */
class ReportSchemaTest {
  private static final JsonObject SCHEMA =
      JsonParser.parseString(ReportSchema.text()).getAsJsonObject();

  @Test
  @DisplayName("keys come in their fixed order, at the top and in each entry")
  void keysComeInThisOrder() {
    JsonObject report = json();
    assertThat(report.keySet())
        .containsExactly(
            "schemaVersion",
            "run",
            "outcome",
            "summary",
            "controlPlane",
            "checks",
            "namespaces",
            "workloads",
            "routes",
            "edges",
            "callers",
            "findings",
            "next");
    assertThat(report.getAsJsonObject("run").keySet())
        .containsExactly(
            "id", "action", "version", "startedAt", "durationMs", "budgetMs", "apiRequests");
    assertThat(report.getAsJsonObject("controlPlane").keySet())
        .containsExactly("namespace", "version", "trustDomain", "injector", "viz");
  }

  @Test
  @DisplayName("keys of what lists hold come in their fixed order, too")
  void keysOfEntriesComeInThisOrder() {
    JsonObject report = json();
    assertThat(first(report, "checks").keySet()).containsExactly("id", "status", "message", "hint");
    assertThat(first(report, "namespaces").keySet())
        .containsExactly("name", "before", "after", "change");
    assertThat(first(report, "workloads").keySet())
        .containsExactly(
            "role",
            "kind",
            "namespace",
            "name",
            "replicas",
            "before",
            "after",
            "change",
            "code",
            "message",
            "seconds");
    assertThat(first(report, "findings").keySet())
        .containsExactly("code", "severity", "subject", "message", "hint");
  }

  @Test
  void enumsOfSchemaAndCodeAreTheSame() {
    assertThat(enumAt("properties", "outcome")).isEqualTo(words(Outcome.values()));
    assertThat(enumAt("$defs", "state")).isEqualTo(words(State.values()));
    assertThat(enumAt("$defs", "change")).isEqualTo(words(Change.values()));
    assertThat(enumAt("$defs", "run", "properties", "action")).isEqualTo(words(Action.values()));
    assertThat(enumAt("$defs", "workload", "properties", "role")).isEqualTo(words(Role.values()));
    assertThat(enumAt("$defs", "check", "properties", "status"))
        .isEqualTo(words(Check.Status.values()));
    assertThat(enumAt("$defs", "finding", "properties", "severity"))
        .isEqualTo(words(Finding.Severity.values()));
  }

  @Test
  @DisplayName("every object is closed: additionalProperties false, and every key required")
  void everyObjectIsClosed() {
    assertClosed(SCHEMA);
    for (String definition :
        List.of(
            "run",
            "controlPlane",
            "check",
            "namespace",
            "workload",
            "route",
            "edge",
            "caller",
            "finding")) {
      assertClosed(at("$defs", definition));
    }
    assertClosed(at("properties", "summary"));
  }

  @Test
  @DisplayName("a report that differs in one thing is refused")
  void refusesWhatIsNotAReport() {
    Map<String, Consumer<JsonObject>> faults =
        Map.ofEntries(
            Map.entry("a missing key", report -> report.remove("edges")),
            Map.entry("a key more", report -> report.addProperty("extra", 1)),
            Map.entry("another version", report -> report.addProperty("schemaVersion", "2")),
            Map.entry("no such outcome", report -> report.addProperty("outcome", "fine")),
            Map.entry("an empty sentence", report -> report.addProperty("next", "")),
            Map.entry("no such state", r -> first(r, "workloads").addProperty("after", "lost")),
            Map.entry("no such change", r -> first(r, "workloads").addProperty("change", "x")),
            Map.entry("no such status", r -> first(r, "checks").addProperty("status", "maybe")),
            Map.entry("no such check", r -> first(r, "checks").addProperty("id", "luck")),
            Map.entry("negative time", r -> first(r, "workloads").addProperty("seconds", -1)),
            Map.entry("half a pod", r -> first(r, "workloads").addProperty("replicas", 1.5)),
            Map.entry("a kind of its own", r -> first(r, "workloads").addProperty("kind", "Pod")),
            Map.entry("a bad code", r -> first(r, "findings").addProperty("code", "Bad Code")),
            Map.entry(
                "a grave finding", r -> first(r, "findings").addProperty("severity", "fatal")),
            Map.entry("a count of nothing", r -> states(r).addProperty("meshed", 0)),
            Map.entry("a count of no state", r -> states(r).addProperty("lost", 1)),
            Map.entry("time as text", r -> r.getAsJsonObject("run").addProperty("durationMs", "1")),
            Map.entry("a route", r -> r.getAsJsonArray("routes").add("x")));
    assertThat(ReportSchema.refuses(json().toString())).isFalse();
    faults.forEach(
        (name, fault) -> {
          JsonObject report = json();
          fault.accept(report);
          assertThat(ReportSchema.refuses(report.toString())).as(name).isTrue();
        });
  }

  @Test
  @DisplayName("lists are sorted: by role, namespace, name; findings the gravest first")
  void listsAreSorted() {
    List<String> workloads =
        json().getAsJsonArray("workloads").asList().stream()
            .map(JsonElement::getAsJsonObject)
            .map(
                w ->
                    rank(w.get("role").getAsString())
                        + " "
                        + text(w, "namespace")
                        + "/"
                        + text(w, "name"))
            .collect(Collectors.toList());
    assertThat(workloads).isSorted().hasSizeGreaterThan(5);
    List<Integer> findings =
        json().getAsJsonArray("findings").asList().stream()
            .map(
                f ->
                    List.of("error", "warning", "info")
                        .indexOf(text(f.getAsJsonObject(), "severity")))
            .collect(Collectors.toList());
    assertThat(findings).isSorted().hasSizeGreaterThan(1);
  }

  private static int rank(String role) {
    return List.of("function", "core", "ingress", "self", "gateway").indexOf(role);
  }

  private static JsonObject json() {
    Report report = new ReportCase(Cases.file("report/planned")).report();
    return JsonParser.parseString(Formats.body(report, Format.JSON, 80)).getAsJsonObject();
  }

  private static JsonObject first(JsonObject report, String list) {
    return report.getAsJsonArray(list).get(0).getAsJsonObject();
  }

  private static JsonObject states(JsonObject report) {
    return report.getAsJsonObject("summary").getAsJsonObject("states");
  }

  private static String text(JsonObject object, String key) {
    return object.get(key).getAsString();
  }

  private static JsonObject at(String... path) {
    JsonObject at = SCHEMA;
    for (String key : path) {
      at = at.getAsJsonObject(key);
    }
    return at;
  }

  private static List<String> enumAt(String... path) {
    return strings(at(path).getAsJsonArray("enum"));
  }

  private static List<String> strings(JsonArray array) {
    return array.asList().stream().map(JsonElement::getAsString).collect(Collectors.toList());
  }

  private static List<String> words(Object[] values) {
    return Arrays.stream(values).map(Object::toString).distinct().collect(Collectors.toList());
  }

  private static void assertClosed(JsonObject object) {
    assertThat(object.get("additionalProperties").getAsBoolean()).isFalse();
    assertThat(strings(object.getAsJsonArray("required")))
        .containsExactlyElementsOf(object.getAsJsonObject("properties").keySet());
  }
}
