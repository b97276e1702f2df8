package com.openfaas.function.lab;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The addresses of the functions as faas-netes knows them: of pods that are Ready and not being
 * deleted. They come and go a constant time after the pods do, for the endpoints controller and the
 * caches between are never quite up to date; in a cluster that time varies.
 */
final class Endpoints implements AutoCloseable {
  private final Map<String, Map<String, String>> addresses = new TreeMap<>();
  private final ExecutorService oneByOne = Executors.newSingleThreadExecutor();
  private final Executor later;

  Endpoints(Duration delay) {
    this.later = CompletableFuture.delayedExecutor(delay.toMillis(), MILLISECONDS, oneByOne);
  }

  void follow(Pod pod) {
    String uid = pod.getMetadata().getUid();
    String service = key(pod.getMetadata().getNamespace(), FunctionPods.function(pod));
    String address = pod.getStatus().getPodIP();
    boolean ready = isReady(pod);
    later.execute(() -> set(service, uid, ready ? address : null));
  }

  void gone(Pod pod) {
    String service = key(pod.getMetadata().getNamespace(), FunctionPods.function(pod));
    later.execute(() -> set(service, pod.getMetadata().getUid(), null));
  }

  /** Any one of them: faas-netes takes no turns. */
  synchronized Optional<String> pick(String namespace, String function) {
    List<String> all =
        new ArrayList<>(addresses.getOrDefault(key(namespace, function), Map.of()).values());
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(all.get(ThreadLocalRandom.current().nextInt(all.size())));
  }

  /** The pods that it picks from, by uid. */
  synchronized Set<String> pods(String namespace, String function) {
    return Set.copyOf(addresses.getOrDefault(key(namespace, function), Map.of()).keySet());
  }

  static boolean isReady(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && pod.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  private synchronized void set(String service, String uid, String address) {
    Map<String, String> ofService = addresses.computeIfAbsent(service, key -> new TreeMap<>());
    if (address == null) {
      ofService.remove(uid);
    } else {
      ofService.put(uid, address);
    }
  }

  private static String key(String namespace, String function) {
    return namespace + "/" + function;
  }

  @Override
  public void close() {
    oneByOne.shutdownNow();
  }
}
