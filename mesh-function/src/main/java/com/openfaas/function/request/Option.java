package com.openfaas.function.request;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** One option as the caller wrote it: a JSON value of the body, or a text from the query. */
final class Option {
  private final JsonElement value;
  private final boolean fromQuery;

  Option(JsonElement value, boolean fromQuery) {
    this.value = value;
    this.fromQuery = fromQuery;
  }

  static Option text(String value) {
    return new Option(new JsonPrimitive(value), true);
  }

  /** The text, or null where the value is something else. */
  String asText() {
    return isText(value) ? value.getAsString() : null;
  }

  /** The texts of a list, or of one text with commas; null where the value is something else. */
  List<String> asTexts() {
    List<String> texts = new ArrayList<>();
    if (isText(value)) {
      for (String text : value.getAsString().split(",", -1)) {
        texts.add(text.trim());
      }
      return texts;
    }
    if (!value.isJsonArray()) {
      return null;
    }
    for (JsonElement element : value.getAsJsonArray()) {
      if (!isText(element)) {
        return null;
      }
      texts.add(element.getAsString());
    }
    return texts;
  }

  /** The whole number from 1 to a million, or null where the value is something else. */
  Integer asCount() {
    boolean number = value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    boolean countable = number || (fromQuery && isText(value));
    String digits = countable ? value.getAsString() : "";
    return digits.matches("[1-9][0-9]{0,6}") ? Integer.valueOf(digits) : null;
  }

  /** The time, or null where the value is something else. */
  Instant asTime() {
    try {
      return isText(value) ? Instant.parse(value.getAsString()) : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static boolean isText(JsonElement element) {
    return element.isJsonPrimitive() && element.getAsJsonPrimitive().isString();
  }
}
