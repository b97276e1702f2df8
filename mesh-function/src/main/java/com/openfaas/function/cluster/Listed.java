package com.openfaas.function.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectReader;
import io.fabric8.kubernetes.api.model.ListMeta;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** The result of a list. */
public final class Listed<V> {
  /** Where a watch for later changes starts. */
  public final String resourceVersion;

  public final List<V> items;

  private Listed(String resourceVersion, List<V> items) {
    this.resourceVersion = Objects.requireNonNull(resourceVersion);
    this.items = List.copyOf(items);
  }

  /**
   * The pages of one list, read one object at a time
   * (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks).
   */
  static final class Pages<T, V> {
    private final ObjectReader reader;
    private final Function<? super T, V> wanted;
    private final List<V> items = new ArrayList<>();
    private ListMeta meta = new ListMeta();
    private int before;

    /**
     * @param reader reads one object
     * @param wanted what to keep of each
     */
    Pages(ObjectReader reader, Function<? super T, V> wanted) {
      this.reader = reader;
      this.wanted = wanted;
    }

    /** Starts the next page. */
    void begin() {
      before = items.size();
    }

    /** Reads a page; on a retry, what was read of it before is dropped. */
    Void read(InputStream body) throws IOException {
      items.subList(before, items.size()).clear();
      try (JsonParser parser = reader.createParser(body)) {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String field = parser.currentName();
          parser.nextToken();
          if (field.equals("metadata")) {
            meta = reader.forType(ListMeta.class).readValue(parser);
          } else if (field.equals("items") && parser.currentToken() == JsonToken.START_ARRAY) {
            readItems(parser);
          } else {
            parser.skipChildren();
          }
        }
        if (parser.currentToken() != JsonToken.END_OBJECT) {
          throw new IOException("it is not a complete list");
        }
      }
      return null;
    }

    private void readItems(JsonParser parser) throws IOException {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        T item = reader.readValue(parser);
        items.add(wanted.apply(item));
      }
    }

    /** The query for the next page; empty after the last. */
    String following() {
      String token = meta.getContinue();
      return token == null || token.isEmpty()
          ? ""
          : "&continue=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
    }

    Listed<V> listed() {
      return new Listed<>(meta.getResourceVersion(), items);
    }
  }
}
