package com.openfaas.function.plan;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.openfaas.function.platform.Annotations;
import java.util.Map;
import java.util.TreeMap;

/** Reads back the annotation in which a change keeps the values that were there before it. */
final class Previous {
  private Previous() {}

  /** The recorded values by annotation (null = absent); empty where nothing usable is recorded. */
  static Map<String, String> recorded(Map<String, String> annotations) {
    Map<String, String> values = new TreeMap<>();
    String json = annotations.get(Annotations.PREVIOUS);
    if (json == null) {
      return values;
    }
    try {
      for (Map.Entry<String, JsonElement> entry :
          JsonParser.parseString(json).getAsJsonObject().entrySet()) {
        JsonElement value = entry.getValue();
        values.put(entry.getKey(), value.isJsonNull() ? null : value.getAsString());
      }
      return values;
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      // Somebody else wrote it. A record that cannot be read holds nothing to keep; we write anew.
      return new TreeMap<>();
    }
  }
}
