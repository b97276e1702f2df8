package com.openfaas.function.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A watch, as its bytes arrive")
class ObjectWatchTest {
  private static final String GONE =
      "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":410}}\n";

  private final List<String> told = new ArrayList<>();
  private final Answer answer = new Answer();
  private ObjectWatch<Pod, String> watch;

  @BeforeEach
  void open() {
    ObjectWatch.Listener<String> listener =
        new ObjectWatch.Listener<>() {
          @Override
          public void changed(String name, boolean gone) {
            told.add(gone ? name + " is gone" : name);
          }

          @Override
          public void ended() {
            told.add("the end");
          }
        };
    watch =
        new ObjectWatch<>(
            FieldFilter.mapper().readerFor(Pod.class),
            pod -> pod.getMetadata().getName(),
            listener);
    watch.start(answer);
  }

  @Test
  void tellsEachEventWhereverItsBytesAreCut() throws IOException {
    byte[] events =
        (event("ADDED", "a") + event("MODIFIED", "é") + event("DELETED", "c")).getBytes(UTF_8);
    for (int cut = 0; cut <= events.length; cut++) {
      told.clear();
      watch.consume(List.of(ByteBuffer.wrap(Arrays.copyOf(events, cut))), answer);
      watch.consume(List.of(ByteBuffer.wrap(events, cut, events.length - cut)), answer);
      assertThat(told).as("cut at %d", cut).containsExactly("a", "é", "c is gone");
    }
  }

  @Test
  void tellsOfAnObjectOnlyWhenItsLineIsWhole() throws IOException {
    String event = event("ADDED", "a");
    send(event.substring(0, event.length() - 1));
    assertThat(told).isEmpty();
    send("\n");
    assertThat(told).containsExactly("a");
  }

  @Test
  void passesOverWhatIsNoChange() throws IOException {
    send(event("BOOKMARK", "a") + event("SOMETHING_NEW", "b"));
    assertThat(told).isEmpty();
  }

  @Test
  void asksForMoreAfterEachPart() throws IOException {
    int before = answer.asked;
    send(event("ADDED", "a"));
    send(event("ADDED", "b"));
    assertThat(answer.asked).isEqualTo(before + 2);
  }

  @Test
  void anErrorIsTheLastEvent() throws IOException {
    send(event("ADDED", "a") + GONE);
    assertThat(told).containsExactly("a", "the end");
    assertThat(answer.done).isCancelled();
  }

  @Test
  void whatIsNoEventFails() {
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> send("upstream is busy\n"));
  }

  @Test
  @DisplayName("that it broke off is in the log where nobody has closed it, and nowhere else")
  void saysThatItBrokeOff() {
    assertThat(logged(() -> answer.done.completeExceptionally(new IOException("reset"))))
        .contains("a watch ended: java.io.IOException: reset");

    Answer closed = new Answer();
    watch.start(closed);
    watch.close();
    assertThat(logged(() -> closed.done.completeExceptionally(new IOException("cancelled"))))
        .doesNotContain("a watch ended");
  }

  private static String logged(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return log.toString(UTF_8);
  }

  @Test
  void endsWithTheAnswerHoweverItEnds() {
    answer.done.completeExceptionally(new IOException("connection reset"));
    assertThat(told).containsExactly("the end");
  }

  private void send(String text) throws IOException {
    watch.consume(List.of(ByteBuffer.wrap(text.getBytes(UTF_8))), answer);
  }

  private static String event(String type, String name) {
    return "{\"type\":\""
        + type
        + "\",\"object\":{\"kind\":\"Pod\",\"metadata\":{\"name\":\""
        + name
        + "\",\"uid\":\"1\"},\"spec\":{\"volumes\":[{}]}}}\n";
  }

  /** The answer's body; what it holds is given by the test. */
  private static final class Answer implements AsyncBody {
    final CompletableFuture<Void> done = new CompletableFuture<>();
    int asked;

    @Override
    public void consume() {
      asked++;
    }

    @Override
    public CompletableFuture<Void> done() {
      return done;
    }

    @Override
    public void cancel() {
      done.cancel(false);
    }
  }
}
