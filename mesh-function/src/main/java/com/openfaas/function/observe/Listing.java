package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.Listed;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Selector;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.platform.Workload.Rollout;
import com.openfaas.function.platform.Workload.Template;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The workloads of one kind in one namespace, and the pods there, at one moment. */
final class Listing {
  final Kind kind;
  final String namespace;

  /** The label key the list was limited to; null for all. */
  final String label;

  final Listed<WorkloadView> workloads;
  final Listed<PodView> pods;

  Listing(
      Kind kind,
      String namespace,
      String label,
      Listed<WorkloadView> workloads,
      Listed<PodView> pods) {
    this.kind = kind;
    this.namespace = namespace;
    this.label = label;
    this.workloads = workloads;
    this.pods = pods;
  }

  /** Every workload in it, whatever its role; StatefulSets as far as their pods show them. */
  List<Workload> strangers() {
    PodIndex index = new PodIndex(pods.items);
    List<Workload> strangers =
        workloads.items.stream()
            .map(workload -> workload.workload(Role.CORE, index))
            .collect(Collectors.toList());
    String made = Kind.STATEFUL_SET + "/";
    pods.items.stream()
        .filter(pod -> pod.controller.startsWith(made))
        .collect(Collectors.groupingBy(pod -> pod.controller.substring(made.length())))
        .forEach((name, its) -> strangers.add(statefulSet(name, its)));
    return strangers;
  }

  /** Listing them would need one more right and request; a pod has what its template has. */
  private Workload statefulSet(String name, List<PodView> its) {
    PodView pod = its.get(0);
    Map<Integer, String> ports =
        pod.ports.stream().collect(Collectors.toMap(port -> port, port -> ""));
    Template template =
        new Template(
            pod.labels,
            pod.annotations,
            false,
            true,
            pod.account,
            List.of(new Template.Container(name, "", ports)),
            "");
    int serving = (int) its.stream().filter(PodView::isServing).count();
    return new Workload(
        Role.CORE,
        new Annotated(Kind.STATEFUL_SET, namespace, name, Map.of()),
        new Workload.Spec(Selector.ALL, template, false),
        new Rollout(its.size(), its.size(), its.size(), serving, true, false, ""),
        its);
  }

  /**
   * Lists both.
   *
   * @param label the key every object must have, or null for all
   */
  static Listing read(Cluster cluster, Kind kind, String namespace, String label)
      throws ClusterException {
    return new Listing(
        kind,
        namespace,
        label,
        cluster.workloads(kind, namespace, label, WorkloadView::of),
        cluster.pods(namespace, label, Views::pod));
  }

  /** Lists the kind and namespace of the workload again. */
  static Listing anew(Cluster cluster, Workload workload) throws ClusterException {
    return read(cluster, workload.object.kind, workload.namespace, label(workload));
  }

  /** The key of the listing that contains the workload; functions are listed by their label. */
  static String key(Workload workload) {
    return key(workload.object.kind, workload.namespace, label(workload));
  }

  private static String label(Workload workload) {
    return workload.role.isFunction() ? Workload.FUNCTION_LABEL : null;
  }

  String key() {
    return key(kind, namespace, label);
  }

  private static String key(Kind kind, String namespace, String label) {
    return kind + " " + namespace + " " + label;
  }

  /** Pods by each of their labels, to find a workload's pods without searching all of them. */
  static final class PodIndex {
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
}
