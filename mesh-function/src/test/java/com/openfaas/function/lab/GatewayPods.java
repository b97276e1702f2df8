package com.openfaas.function.lab;

import com.sun.net.httpserver.HttpExchange;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The gateway's pods and the calls each of them carries. The gateway ends at once on SIGTERM, so
 * the calls of a pod are cut as soon as it is being deleted.
 */
final class GatewayPods {
  private final Set<String> ready = new TreeSet<>();
  private final Map<String, Set<HttpExchange>> calls = new HashMap<>();
  private int ended;
  private int cut;
  private int refused;

  synchronized void follow(Pod pod) {
    String uid = pod.getMetadata().getUid();
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      gone(uid);
    } else if (Endpoints.isReady(pod)) {
      ready.add(uid);
    } else {
      ready.remove(uid);
    }
  }

  synchronized void gone(String uid) {
    ended += ready.remove(uid) ? 1 : 0;
    Set<HttpExchange> ofPod = calls.remove(uid);
    if (ofPod != null) {
      cut += ofPod.size();
      ofPod.forEach(HttpExchange::close);
    }
  }

  /** The pod that carries the call from now on, or empty if no pod is there to take it. */
  synchronized Optional<String> take(HttpExchange call) {
    if (ready.isEmpty()) {
      refused++;
      return Optional.empty();
    }
    List<String> all = new ArrayList<>(ready);
    String pod = all.get(ThreadLocalRandom.current().nextInt(all.size()));
    calls.computeIfAbsent(pod, key -> new HashSet<>()).add(call);
    return Optional.of(pod);
  }

  /** Lets go of a call, and says whether its pod was still there: only then it has an answer. */
  synchronized boolean finish(String pod, HttpExchange call) {
    Set<HttpExchange> ofPod = calls.get(pod);
    return ofPod != null && ofPod.remove(call);
  }

  synchronized int ready() {
    return ready.size();
  }

  /** Those that could take a call now, by uid. */
  synchronized Set<String> pods() {
    return Set.copyOf(ready);
  }

  /** How many have ended that could take calls. */
  synchronized int ended() {
    return ended;
  }

  synchronized int cut() {
    return cut;
  }

  synchronized int refused() {
    return refused;
  }
}
