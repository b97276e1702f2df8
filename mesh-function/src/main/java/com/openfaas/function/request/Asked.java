package com.openfaas.function.request;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.openfaas.model.IRequest;
import java.io.IOException;
import java.io.StringReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request, read once. Headers are case-insensitive, as the upstream entrypoint passes {@code
 * X-call-id} on. Options come from a JSON object as the body, from the body as one bare word (the
 * action), or from query parameters. The query is read raw, because the upstream entrypoint cuts
 * values at a second {@code =}.
 */
public final class Asked {
  static final String ACTION = "action";

  final Map<String, Option> byName = new TreeMap<>();
  final List<String> faults = new ArrayList<>();

  final String body;
  final String query;

  private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private Asked(IRequest request) {
    this.body = request.getBody() == null ? "" : request.getBody();
    this.query = request.getQueryRaw() == null ? "" : request.getQueryRaw();
    if (request.getHeaders() != null) {
      request.getHeaders().forEach(this::addHeader);
    }
  }

  public static Asked of(IRequest request) {
    Asked asked = new Asked(request);
    // Too long a body is refused for its length alone: parsing it could take a minute.
    if (!asked.isTooLong()) {
      asked.readBody(asked.body.trim());
    }
    asked.readQuery(asked.query);
    return asked;
  }

  private void addHeader(String name, String value) {
    if (name != null) {
      headers.put(name, value);
    }
  }

  /** The value of a header, or null. */
  public String header(String name) {
    return headers.get(name);
  }

  /** Whether it has more bytes than allowed; first by the character count, which is cheaper. */
  boolean isTooLong() {
    return body.length() > RequestReader.MAX_BODY_BYTES
        || body.getBytes(StandardCharsets.UTF_8).length > RequestReader.MAX_BODY_BYTES;
  }

  private void readBody(String body) {
    if (body.isEmpty()) {
      return;
    }
    if (body.startsWith("{")) {
      readObject(body);
    } else if (body.matches("[A-Za-z]{1,40}")) {
      byName.put(ACTION, Option.text(body));
    } else {
      faults.add("body: expected nothing, a JSON object of options, or one action as a bare word");
    }
  }

  private void readObject(String body) {
    try (JsonReader reader = new JsonReader(new StringReader(body))) {
      reader.setStrictness(Strictness.STRICT);
      reader.beginObject();
      while (reader.hasNext()) {
        String name = reader.nextName();
        Option option = new Option(JsonParser.parseReader(reader), false);
        if (byName.put(name, option) != null) {
          faults.add(quoted(name) + ": given twice in the body");
        }
      }
      reader.endObject();
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        faults.add("body: something follows the JSON object");
      }
    } catch (IOException | JsonParseException | IllegalStateException e) {
      faults.add("body: not a JSON object: " + firstLine(e));
    }
  }

  private void readQuery(String query) {
    for (String pair : query.split("&", -1)) {
      int at = pair.indexOf('=');
      String name = decoded(at < 0 ? pair : pair.substring(0, at));
      String value = decoded(at < 0 ? "" : pair.substring(at + 1));
      if (pair.isEmpty()) {
        continue;
      }
      if (name == null || value == null) {
        faults.add("query: a %-escape in " + quoted(pair) + " is not one");
      } else if (byName.putIfAbsent(name, Option.text(value)) != null) {
        faults.add(quoted(name) + ": given more than once (body and query, or query twice)");
      }
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The parser's message, without its advice to programmers. */
  private static String firstLine(Exception e) {
    Throwable cause = e.getCause() instanceof IOException ? e.getCause() : e;
    String line = String.valueOf(cause.getMessage()).split("\n", -1)[0];
    return printable(line.replaceAll("Use JsonReader\\S+ to accept ", ""), 200);
  }

  /** A caller's text inside a message. */
  static String quoted(String text) {
    return '"' + printable(text, 60) + '"';
  }

  /** Shortened, without characters that break a line, move the cursor or change text direction. */
  private static String printable(String text, int most) {
    String plain = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    return plain.length() > most ? plain.substring(0, most) + "..." : plain;
  }

  /** One option as the caller wrote it: a JSON value of the body, or a text from the query. */
  static final class Option {
    private final JsonElement value;
    private final boolean fromQuery;

    Option(JsonElement value, boolean fromQuery) {
      this.value = value;
      this.fromQuery = fromQuery;
    }

    static Option text(String value) {
      return new Option(new JsonPrimitive(value), true);
    }

    /** The text, or null if the value is something else. */
    String asText() {
      return isText(value) ? value.getAsString() : null;
    }

    /** The texts of a list, or of one comma-separated text; null if the value is something else. */
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

    /** A whole number from 1 to 9,999,999, or null if the value is something else. */
    Integer asCount() {
      boolean number = value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
      boolean countable = number || (fromQuery && isText(value));
      String digits = countable ? value.getAsString() : "";
      return digits.matches("[1-9][0-9]{0,6}") ? Integer.valueOf(digits) : null;
    }

    /** The time, or null if the value is something else. */
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
}
