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
 * namespace, armed from where the observation ended, so that nothing is missed in between. Changes
 * wait in a queue and are applied by the thread that asks: there is no other concurrency.
 *
 * <p>A watch can die without a word, also beside one that speaks. Where one of those that are
 * waited for is silent for a while, its namespace is listed anew.
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
   * Arms the watches where these workloads are, all or none.
   *
   * @param time what has passed since some moment, by a clock that nobody sets
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

  /** The same for one workload, from a listing of its own: an older observation may be too old. */
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

  /** The workload as it is now: the same value until it changes; null when it is gone. */
  public Workload now(Workload workload) {
    return watch(workload).now(workload);
  }

  /**
   * Who wrote to the workload last, as the API server keeps it, and neither we nor its controllers.
   */
  public String lastWriter(Workload workload) {
    return watch(workload).lastWriter(workload.name);
  }

  /** What a patch of ours answered; the watch may tell it only later. */
  public void put(Workload workload, HasMetadata answered) {
    watch(workload).put(WorkloadView.of(answered));
  }

  /**
   * Reads these workloads and their pods anew from the API server: what is decided by nothing
   * having been heard is not decided by what was heard.
   *
   * @throws ClusterException where one cannot be read: then nothing is known of it
   */
  public void renew(Collection<Workload> workloads) throws ClusterException {
    for (NamespaceWatch watch : of(workloads)) {
      watch.relist();
    }
  }

  /**
   * Waits until something may have changed, or the time is over.
   *
   * @param awaited the workloads for whose changes somebody waits
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
      // The next silence tries again; until then the view is old, and nothing is decided by it.
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

  /** Ends a wait from another thread. */
  public void wake() {
    changes.add(() -> {});
  }

  @Override
  public void close() {
    watches.values().forEach(NamespaceWatch::close);
  }
}
