package com.openfaas.function.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The report, or a refusal, as JSON. */
final class JsonFormat {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  private JsonFormat() {}

  static String of(Report report) {
    StringBuilder json = new StringBuilder();
    GSON.toJson(report, json);
    return json.append('\n').toString();
  }

  static String ofRefusal(int status, List<String> faults) {
    Map<String, Object> refusal = new TreeMap<>();
    if (status >= 500) {
      refusal.put("outcome", Outcome.FAILED.toString());
    }
    refusal.put("status", status);
    refusal.put("errors", faults);
    return GSON.toJson(refusal) + "\n";
  }
}
