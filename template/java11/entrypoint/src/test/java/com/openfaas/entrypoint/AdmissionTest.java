package com.openfaas.entrypoint;

import static com.openfaas.entrypoint.Responses.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.openfaas.model.IHandler;
import com.openfaas.model.IRequest;
import com.openfaas.model.IResponse;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How many requests run, wait or are turned away; and how the service ends. */
class AdmissionTest {

  private static final Map<String, String> TWO_RUN_ONE_WAITS =
      Map.of("http_threads", "2", "http_queue", "1");

  @Test
  void answersSideBySide() throws Exception {
    CyclicBarrier allAtOnce = new CyclicBarrier(16);
    IHandler meeting =
        request -> {
          try {
            allAtOnce.await(10, TimeUnit.SECONDS);
            return body("met");
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        };
    try (RunningServer server = RunningServer.with(meeting)) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        answers.add(server.getLater("/"));
      }
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo("met");
      }
    }
  }

  @Test
  void turnsAwayWhatNeitherRunsNorWaits() throws Exception {
    Gate gate = new Gate();
    try (RunningServer server = RunningServer.with(gate, TWO_RUN_ONE_WAITS)) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        answers.add(server.getLater("/"));
      }
      await().until(() -> answers.stream().filter(CompletableFuture::isDone).count() == 3);
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        if (answer.isDone()) {
          assertThat(answer.get().statusCode()).isEqualTo(503);
          assertThat(answer.get().headers().firstValue("Retry-After")).hasValue("1");
          assertThat(answer.get().body()).contains("busy");
        }
      }
      assertThat(gate.entered).hasValue(2);

      gate.open.countDown();
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
      assertThat(gate.entered).hasValue(3);
      assertThat(server.get("/").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void finishesWhatRunsAndWaitsThenTurnsTheRestAway() throws Exception {
    Gate gate = new Gate();
    try (RunningServer server =
        RunningServer.with(gate, Map.of("http_threads", "1", "http_queue", "4"))) {
      List<CompletableFuture<HttpResponse<String>>> admitted =
          List.of(server.getLater("/1"), server.getLater("/2"));
      gate.running.acquire();
      await().until(() -> server.server.admittedCount() == 2);
      Thread drain = new Thread(server.server::drain);
      drain.start();
      assertThat(gate.closed.await(10, TimeUnit.SECONDS)).isTrue();

      HttpResponse<String> late = server.get("/3");
      assertThat(late.statusCode()).isEqualTo(503);
      assertThat(late.body()).contains("stopping");
      assertThat(drain.isAlive()).isTrue();

      gate.open.countDown();
      for (CompletableFuture<HttpResponse<String>> answer : admitted) {
        assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("through");
      }
      drain.join(10_000);
      assertThat(drain.isAlive()).isFalse();
    }
  }

  @Test
  void doesNotWaitForeverForWhatRuns() throws Exception {
    Gate gate = new Gate();
    try (StandardError log = new StandardError();
        RunningServer server = RunningServer.with(gate, Map.of("http_drain_timeout", "0.1s"))) {
      CompletableFuture<HttpResponse<String>> unfinished = server.getLater("/");
      gate.running.acquire();

      server.server.drain();

      assertThat(log.text()).contains("Ended with 1 unfinished");
      assertThat(unfinished).isNotDone();
    }
  }

  /** Holds every call until the gate opens, and notes what happened. */
  private static final class Gate implements IHandler, AutoCloseable {

    final CountDownLatch open = new CountDownLatch(1);
    final CountDownLatch closed = new CountDownLatch(1);
    final AtomicInteger entered = new AtomicInteger();
    final Semaphore running = new Semaphore(0);

    @Override
    public IResponse Handle(IRequest request) {
      entered.incrementAndGet();
      running.release();
      try {
        open.await();
        return body("through");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return body("interrupted");
      }
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }
}
