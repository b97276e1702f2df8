package com.openfaas.function.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a watch of a function's pod tells, and when; nothing happens to the pod but by a test. */
final class PodEvents implements Watcher<Pod>, AutoCloseable {
  private static final String FUNCTION = "nodeinfo";
  private static final Duration LONG = Duration.ofMinutes(2);

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Watch watch;

  PodEvents(TestPlatform platform, KubernetesClient client) {
    this.watch =
        client
            .pods()
            .inNamespace(platform.functions())
            .withLabel("faas_function", FUNCTION)
            .watch(this);
  }

  static List<Pod> pods(TestPlatform platform, KubernetesClient client) {
    return client
        .pods()
        .inNamespace(platform.functions())
        .withLabel("faas_function", FUNCTION)
        .list()
        .getItems();
  }

  /** Makes an event of that value. */
  static void cause(TestPlatform platform, String value) {
    platform
        .admin()
        .resource(pods(platform, platform.admin()).get(0))
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"annotations\":{\"seen\":\"" + value + "\"}}}");
  }

  @Override
  public void eventReceived(Action action, Pod pod) {
    String seen = pod.getMetadata().getAnnotations().get("seen");
    events.add(new Event(String.valueOf(seen), null));
  }

  @Override
  public void onClose(WatcherException cause) {
    events.add(new Event("end", cause));
  }

  /** The next event, or null if none comes in time. */
  Event next(Duration atMost) throws InterruptedException {
    return events.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** When the value was told. */
  long await(String value) throws InterruptedException {
    Event event = next(LONG);
    while (event != null && !event.value.equals(value)) {
      event = next(LONG);
    }
    assertThat(event).as(value).isNotNull();
    return event.at;
  }

  WatcherException awaitEnd() throws InterruptedException {
    Event event = next(LONG);
    while (event != null && event.cause == null) {
      event = next(LONG);
    }
    assertThat(event).as("the watch's end").isNotNull();
    return event.cause;
  }

  @Override
  public void close() {
    watch.close();
  }

  /** One event. */
  static final class Event {
    final long at = System.nanoTime();
    final String value;
    final WatcherException cause;

    Event(String value, WatcherException cause) {
      this.value = value;
      this.cause = cause;
    }
  }
}
