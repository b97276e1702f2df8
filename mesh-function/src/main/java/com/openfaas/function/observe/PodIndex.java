package com.openfaas.function.observe;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Selector;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Pods by each of their labels, to find a workload's pods without searching all of them. */
final class PodIndex {
  private final Map<String, PodView> all = new LinkedHashMap<>();
  private final Map<String, Map<String, PodView>> byLabel = new HashMap<>();

  PodIndex(Collection<PodView> pods) {
    pods.forEach(this::put);
  }

  void put(PodView pod) {
    remove(pod.name);
    all.put(pod.name, pod);
    for (Map.Entry<String, String> label : pod.labels.entrySet()) {
      byLabel.computeIfAbsent(text(label), key -> new LinkedHashMap<>()).put(pod.name, pod);
    }
  }

  void remove(String name) {
    PodView before = all.remove(name);
    if (before != null) {
      before.labels.entrySet().forEach(label -> byLabel.get(text(label)).remove(name));
    }
  }

  /** The pods that the workload owns. */
  List<PodView> of(Annotated workload, Selector selector) {
    return selected(selector).filter(pod -> pod.isOf(workload)).collect(Collectors.toList());
  }

  /** Pods that match the workload's selector, are not being deleted, and have another owner. */
  List<PodView> strays(Annotated workload, Selector selector) {
    return selected(selector)
        .filter(pod -> !pod.leaving && !pod.isOf(workload))
        .collect(Collectors.toList());
  }

  private Stream<PodView> selected(Selector selector) {
    Map<String, PodView> candidates =
        selector.labels.entrySet().stream()
            .findFirst()
            .map(label -> byLabel.getOrDefault(text(label), Map.of()))
            .orElse(all);
    return candidates.values().stream().filter(pod -> selector.matches(pod.labels));
  }

  private static String text(Map.Entry<String, String> label) {
    return label.getKey() + "=" + label.getValue();
  }
}
