package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.platform.Workload;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
    LiveView view = new LiveView(cluster, time);
    try {
      for (Workload workload : workloads) {
        if (!view.watches.containsKey(Listing.key(workload))) {
          view.arm(from.listing(workload));
        }
      }
      return view;
    } catch (ClusterException | RuntimeException e) {
      view.close();
      throw e;
    }
  }

  /** The same for one workload, from a new list: the observation may be too old to watch from. */
  public static LiveView of(Cluster cluster, Supplier<Duration> time, Workload workload)
      throws ClusterException {
    LiveView view = new LiveView(cluster, time);
    try {
      view.arm(Listing.anew(cluster, workload));
      return view;
    } catch (ClusterException | RuntimeException e) {
      view.close();
      throw e;
    }
  }

  private void arm(Listing listing) throws ClusterException {
    NamespaceWatch watch = new NamespaceWatch(cluster, changes, time, this::relist);
    watches.put(listing.key(), watch);
    watch.start(listing);
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
}
