package com.openfaas.function.plan;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.openfaas.function.platform.Cases;
import com.openfaas.function.platform.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each folder of cases/plan: of what is given, exactly this plan. */
class PlanGoldenTest {
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  static Stream<Named<Path>> cases() {
    return Cases.in("plan").stream()
        .filter(Files::isDirectory)
        .map(folder -> Named.of(folder.getFileName().toString(), folder));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void makesThisPlan(Path folder) {
    Given given = new Given(Cases.yaml(folder.resolve("given.yaml")));
    Plan plan = new Planner(given.scope(), Sample.MOMENT).plan();
    Cases.holdsGolden(folder.resolve("plan.json"), json(plan));
  }

  private static String json(Plan plan) {
    JsonArray steps = new JsonArray();
    for (Step step : plan.steps) {
      JsonObject entry = new JsonObject();
      entry.addProperty("wave", step.wave.toString());
      entry.addProperty("object", step.subject());
      entry.addProperty("reason", step.reason.toString());
      entry.add("patch", JsonParser.parseString(step.patch()));
      steps.add(entry);
    }
    return PRETTY.toJson(steps) + "\n";
  }
}
