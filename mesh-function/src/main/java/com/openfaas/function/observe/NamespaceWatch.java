package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.ObjectWatch;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import io.fabric8.kubernetes.client.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One namespace's workloads of one kind, and its pods, kept up to date by two watches. */
final class NamespaceWatch implements AutoCloseable {
  private static final String ANY_POD = "";

  private final Map<String, WorkloadView> workloads = new HashMap<>();
  private PodIndex pods = new PodIndex(List.of());

  /** Built on demand and kept until a change: an event concerns one of many pending rollouts. */
  private final Map<String, Workload> views = new HashMap<>();

  /** Names of views by one label of their pods. */
  private final Map<String, Set<String>> viewsByLabel = new HashMap<>();

  private final Cluster cluster;
  private final BlockingQueue<Runnable> changes;
  private final Supplier<Duration> time;
  private final Consumer<NamespaceWatch> onEnded;
  private final List<Watch> open = new ArrayList<>();
  private final List<Feed<?>> feeds = new ArrayList<>();
  private Listing last;

  /** Counts restarts: events of replaced watches are ignored. */
  private int era;

  NamespaceWatch(
      Cluster cluster,
      BlockingQueue<Runnable> changes,
      Supplier<Duration> time,
      Consumer<NamespaceWatch> onEnded) {
    this.cluster = cluster;
    this.changes = changes;
    this.time = time;
    this.onEnded = onEnded;
  }

  void start(Listing from) throws ClusterException {
    last = from;
    views.clear();
    workloads.clear();
    from.workloads.items.forEach(workload -> workloads.put(workload.object.name, workload));
    pods = new PodIndex(from.pods.items);
    era++;
    feeds.clear();
    Feed<WorkloadView> ofWorkloads = feed(this::changed);
    Feed<PodView> ofPods = feed(this::changed);
    open.add(
        cluster.watchWorkloads(
            from.kind,
            from.namespace,
            from.label,
            from.workloads.resourceVersion,
            WorkloadView::of,
            ofWorkloads));
    open.add(
        cluster.watchPods(
            from.namespace, from.label, from.pods.resourceVersion, Views::pod, ofPods));
  }

  private <V> Feed<V> feed(BiConsumer<V, Boolean> change) {
    Feed<V> feed = new Feed<>(era, change);
    feeds.add(feed);
    return feed;
  }

  /** How long the more silent of the two watches has been silent. */
  Duration silence() {
    Duration now = time.get();
    return feeds.stream()
        .map(feed -> now.minus(feed.heardAt))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  void relist() throws ClusterException {
    // Set first, whatever the result, so that a failure is not retried at once.
    feeds.forEach(feed -> feed.heardAt = time.get());
    Listing anew = Listing.read(cluster, last.kind, last.namespace, last.label);
    close();
    start(anew);
  }

  /** The workload as it is now: the same instance until it changes; null once it is deleted. */
  Workload now(Workload workload) {
    WorkloadView told = workloads.get(workload.name);
    return told == null
        ? null
        : views.computeIfAbsent(workload.name, name -> view(workload.role, told));
  }

  String lastWriter(String name) {
    WorkloadView told = workloads.get(name);
    return told == null ? Annotated.UNKNOWN : told.object.lastWriter;
  }

  private Workload view(Role role, WorkloadView told) {
    Workload view = told.workload(role, pods);
    String label =
        view.selector.labels.entrySet().stream().findFirst().map(String::valueOf).orElse(ANY_POD);
    viewsByLabel.computeIfAbsent(label, key -> new HashSet<>()).add(view.name);
    return view;
  }

  private void forget(String label) {
    viewsByLabel.getOrDefault(label, Set.of()).forEach(views::remove);
  }

  /** Keeps the newer state: after our patch a watch may still deliver an older one. */
  void put(WorkloadView workload) {
    String name = workload.object.name;
    WorkloadView known = workloads.get(name);
    if (known == null || known.generation <= workload.generation) {
      workloads.put(name, workload);
      views.remove(name);
    }
  }

  private void changed(WorkloadView workload, boolean gone) {
    if (gone) {
      workloads.remove(workload.object.name);
      views.remove(workload.object.name);
    } else {
      put(workload);
    }
  }

  private void changed(PodView pod, boolean gone) {
    if (gone) {
      pods.remove(pod.name);
    } else {
      pods.put(pod);
    }
    pod.labels.forEach((key, value) -> forget(key + "=" + value));
    forget(ANY_POD);
  }

  @Override
  public void close() {
    open.forEach(Watch::close);
    open.clear();
  }

  /** Queues events; a watch that has ended requests a new list. */
  private final class Feed<V> implements ObjectWatch.Listener<V> {
    private final int born;
    private final BiConsumer<V, Boolean> change;
    private Duration heardAt = time.get();

    Feed(int born, BiConsumer<V, Boolean> change) {
      this.born = born;
      this.change = change;
    }

    @Override
    public void changed(V object, boolean gone) {
      changes.add(() -> ifCurrent(() -> change.accept(object, gone)));
    }

    @Override
    public void ended() {
      changes.add(() -> ifCurrent(() -> onEnded.accept(NamespaceWatch.this)));
    }

    private void ifCurrent(Runnable run) {
      if (born == era) {
        heardAt = time.get();
        run.run();
      }
    }
  }
}
