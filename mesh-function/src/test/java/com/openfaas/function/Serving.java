package com.openfaas.function;

import com.openfaas.function.lab.FakeGateway;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Whether callers are served through the gateway, asked all the time: a function, and mesh-setup.
 */
final class Serving implements AutoCloseable {
  private static final List<String> ASKED = List.of("nodeinfo", "mesh-setup");
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** A gateway that rolls may lose a call or two: so many in a row are no accident. */
  private static final int BROKEN = 3;

  private final HttpClient client = HttpClient.newHttpClient();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final FakeGateway gateway;
  private final Thread asking = new Thread(this::ask, "serving");
  private int inARow;
  private long brokenSince;
  private Duration cutOff = Duration.ZERO;

  private Serving(FakeGateway gateway) {
    this.gateway = gateway;
  }

  static Serving begin(FakeGateway gateway) {
    Serving serving = new Serving(gateway);
    serving.asking.setDaemon(true);
    serving.asking.start();
    return serving;
  }

  private void ask() {
    try {
      while (!ended.await(100, TimeUnit.MILLISECONDS)) {
        long asked = System.nanoTime();
        note(areServed(), asked);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean areServed() throws InterruptedException {
    for (String function : ASKED) {
      HttpRequest request =
          HttpRequest.newBuilder(gateway.function(function)).timeout(PATIENCE).build();
      try {
        if (client.send(request, BodyHandlers.discarding()).statusCode() != 200) {
          return false;
        }
      } catch (IOException e) {
        // No answer: that is what is asked for here.
        return false;
      }
    }
    return true;
  }

  private synchronized void note(boolean served, long asked) {
    if (served && inARow >= BROKEN) {
      cutOff = cutOff.plusNanos(System.nanoTime() - brokenSince);
    }
    brokenSince = inARow == 0 ? asked : brokenSince;
    inARow = served ? 0 : inARow + 1;
  }

  private synchronized boolean isBroken() {
    return inARow >= BROKEN;
  }

  void awaitBroken() {
    Awaitility.await("callers are cut off")
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ZERO)
        .until(this::isBroken);
  }

  /** Ends it when callers are served; gives how long they were not. */
  Duration awaitServed() throws InterruptedException {
    Awaitility.await("callers are served")
        .atMost(Duration.ofMinutes(3))
        .pollDelay(Duration.ZERO)
        .until(() -> !isBroken());
    close();
    asking.join();
    return cutOff;
  }

  @Override
  public void close() {
    ended.countDown();
  }
}
