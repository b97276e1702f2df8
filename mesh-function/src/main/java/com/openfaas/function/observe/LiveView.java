package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.cluster.ObjectWatch;
import com.openfaas.function.observe.Listing.PodIndex;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An observation kept up to date by watches, one for the workloads and one for the pods of each
 * namespace, which start where the observation's lists ended, so that nothing is missed. Events are
 * queued and applied by the thread that asks: there is no other concurrency.
 *
 * <p>A watch can die silently, even while others are alive. If one that is waited for is silent for
 * a while, its namespace is listed again.
 */
public final class LiveView implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveView.class);
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final Map<String, NamespaceWatch> watches = new LinkedHashMap<>();
  private final BlockingQueue<Runnable> changes = new LinkedBlockingQueue<>();
  private final Cluster cluster;
  private final Supplier<Duration> time;

  private LiveView(Cluster cluster, Supplier<Duration> time) {
    this.cluster = cluster;
    this.time = time;
  }

  /**
   * Starts the watches for these workloads: all or none.
   *
   * @param time the time passed since some moment, by a monotonic clock
   */
  public static LiveView of(
      Cluster cluster, Supplier<Duration> time, Observation from, Collection<Workload> workloads)
      throws ClusterException {
    return new LiveView(cluster, time)
        .started(workloads.stream().map(from::listing).distinct().collect(Collectors.toList()));
  }

  /** The same for one workload, from a new list: the observation may be too old to watch from. */
  public static LiveView of(Cluster cluster, Supplier<Duration> time, Workload workload)
      throws ClusterException {
    return new LiveView(cluster, time).started(List.of(Listing.anew(cluster, workload)));
  }

  private LiveView started(List<Listing> from) throws ClusterException {
    try {
      for (Listing listing : from) {
        NamespaceWatch watch = new NamespaceWatch();
        watches.put(listing.key(), watch);
        watch.start(listing);
      }
      return this;
    } catch (ClusterException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The workload as it is now: the same instance until it changes; null once it is deleted. */
  public Workload now(Workload workload) {
    return watch(workload).now(workload);
  }

  /** Who wrote to the workload last by its managed fields, other than us and its controllers. */
  public String lastWriter(Workload workload) {
    return watch(workload).lastWriter(workload.name);
  }

  /** Adds the answer to our own patch; the watch may deliver it later. */
  public void put(Workload workload, HasMetadata answered) {
    watch(workload).put(WorkloadView.of(answered));
  }

  /**
   * Lists these workloads and their pods again: a decision based on the absence of events must not
   * rely on the watch.
   *
   * @throws ClusterException if one cannot be read: nothing is known of it then
   */
  public void renew(Collection<Workload> workloads) throws ClusterException {
    for (NamespaceWatch watch : of(workloads)) {
      watch.relist();
    }
  }

  /**
   * Waits until something may have changed, or the time is up.
   *
   * @param awaited the workloads whose changes are waited for
   */
  public void awaitChange(Duration longest, Collection<Workload> awaited)
      throws InterruptedException {
    Set<NamespaceWatch> followed = of(awaited);
    Duration wait = longest;
    for (NamespaceWatch watch : followed) {
      Duration untilSilent = SILENCE.minus(watch.silence());
      wait = untilSilent.compareTo(wait) < 0 ? untilSilent : wait;
    }
    Runnable change = changes.poll(Math.max(0, wait.toMillis()), TimeUnit.MILLISECONDS);
    if (change != null) {
      List<Runnable> all = new ArrayList<>(List.of(change));
      changes.drainTo(all);
      all.forEach(Runnable::run);
    }
    followed.stream()
        .filter(watch -> watch.silence().compareTo(SILENCE) >= 0)
        .forEach(this::relist);
  }

  private void relist(NamespaceWatch watch) {
    try {
      watch.relist();
    } catch (ClusterException e) {
      // Retried after the next silence; until then the view is stale, and nothing is decided by it.
      LOG.warn("{}; {}", e.problem, e.problem.hint);
    }
  }

  private Set<NamespaceWatch> of(Collection<Workload> workloads) {
    Set<NamespaceWatch> found = new LinkedHashSet<>();
    workloads.forEach(workload -> found.add(watch(workload)));
    return found;
  }

  private NamespaceWatch watch(Workload workload) {
    return watches.get(Listing.key(workload));
  }

  /** Ends a wait, from another thread. */
  public void wake() {
    changes.add(() -> {});
  }

  @Override
  public void close() {
    watches.values().forEach(NamespaceWatch::close);
  }

  /** One namespace's workloads of one kind, and its pods, kept up to date by two watches. */
  private final class NamespaceWatch implements AutoCloseable {
    private static final String ANY_POD = "";

    private final Map<String, WorkloadView> workloads = new HashMap<>();
    private PodIndex pods = new PodIndex(List.of());

    /** Built on demand and kept until a change: an event concerns one of many pending rollouts. */
    private final Map<String, Workload> views = new HashMap<>();

    /** Names of views by one label of their pods. */
    private final Map<String, Set<String>> viewsByLabel = new HashMap<>();

    private final List<Watch> open = new ArrayList<>();
    private final List<Feed<?>> feeds = new ArrayList<>();
    private Listing last;

    /** Counts restarts: events of replaced watches are ignored. */
    private int era;

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
        changes.add(() -> ifCurrent(() -> LiveView.this.relist(NamespaceWatch.this)));
      }

      private void ifCurrent(Runnable run) {
        if (born == era) {
          heardAt = time.get();
          run.run();
        }
      }
    }
  }
}
