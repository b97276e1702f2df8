package com.openfaas.function.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectReader;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch: one event a line, {@code {"type":"MODIFIED","object":{...}}}, streamed
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).
 * The client's own watch turns each event into a string, then a tree, then an object.
 */
public final class ObjectWatch<T, V> implements AsyncBody.Consumer<List<ByteBuffer>>, Watch {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectWatch.class);

  private final ObjectReader reader;
  private final Function<? super T, V> wanted;
  private final Listener<V> listener;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private volatile AsyncBody events;

  /** Set by {@link #close()}: the exception that ends a cancelled stream is then expected. */
  private volatile boolean closed;

  /**
   * @param reader reads objects of the watched kind
   * @param wanted what the listener gets of each object
   */
  ObjectWatch(ObjectReader reader, Function<? super T, V> wanted, Listener<V> listener) {
    this.reader = reader;
    this.wanted = wanted;
    this.listener = listener;
  }

  /** Starts reading events. */
  void start(AsyncBody events) {
    this.events = events;
    var unused = events.done().whenComplete((done, failure) -> ended(failure));
    events.consume();
  }

  @Override
  public void consume(List<ByteBuffer> some, AsyncBody from) throws IOException {
    for (ByteBuffer buffer : some) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      read(bytes);
    }
    from.consume();
  }

  private void read(byte[] bytes) throws IOException {
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        line.write(bytes, start, i - start);
        tell(line.toByteArray());
        line.reset();
        start = i + 1;
      }
    }
    line.write(bytes, start, bytes.length - start);
  }

  private void tell(byte[] event) throws IOException {
    String type = "";
    try (JsonParser parser = reader.createParser(event)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (field.equals("type")) {
          type = parser.getText();
        } else if (field.equals("object")
            && List.of("ADDED", "MODIFIED", "DELETED").contains(type)) {
          listener.changed(wanted.apply(reader.readValue(parser)), type.equals("DELETED"));
        } else {
          parser.skipChildren();
        }
      }
    }
    if (type.equals("ERROR")) {
      // Usually 410 Gone: no more events follow.
      close();
    }
  }

  private void ended(Throwable failure) {
    if (failure != null && !closed) {
      LOG.warn("a watch ended: {}", failure.toString());
    }
    listener.ended();
  }

  @Override
  public void close() {
    closed = true;
    events.cancel();
  }

  /** Called on a thread of the client, one event at a time. */
  public interface Listener<V> {
    /**
     * An object was added, changed or deleted.
     *
     * @param gone if it was deleted; the object is then its last state
     */
    void changed(V object, boolean gone);

    /** No more events: the watch was closed or has expired, or the connection was lost. */
    void ended();
  }
}
