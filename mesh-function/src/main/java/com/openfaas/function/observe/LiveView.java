package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.platform.Workload;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An observation kept up to date by watches, one for the workloads and one for the pods of each
 * namespace, armed from where the observation ended, so that nothing is missed in between. Changes
 * wait in a queue and are applied by the thread that asks: there is no other concurrency.
 *
 * <p>A watch can die without a word. Where all of them are silent for a while, the namespaces are
 * listed anew.
 */
public final class LiveView implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveView.class);
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final Map<String, NamespaceWatch> watches = new LinkedHashMap<>();
  private final BlockingQueue<Runnable> changes = new LinkedBlockingQueue<>();

  /** Arms the watches where these workloads are. */
  public LiveView(Cluster cluster, Observation from, Collection<Workload> workloads)
      throws ClusterException {
    for (Workload workload : workloads) {
      String key = Listing.key(workload);
      if (!watches.containsKey(key)) {
        NamespaceWatch watch = new NamespaceWatch(cluster, changes, this::relist);
        watches.put(key, watch);
        watch.start(from.listing(workload));
      }
    }
  }

  /** The workload as it is now: the same value until it changes; null when it is gone. */
  public Workload now(Workload workload) {
    return watches.get(Listing.key(workload)).now(workload);
  }

  /**
   * Who wrote to the workload last, as the API server keeps it, and neither we nor its controllers.
   */
  public String lastWriter(Workload workload) {
    return watches.get(Listing.key(workload)).lastWriter(workload.name);
  }

  /** What a patch of ours answered; the watch may tell it only later. */
  public void put(Workload workload, HasMetadata answered) {
    watches.get(Listing.key(workload)).put(WorkloadViews.of(answered));
  }

  /** Waits until something may have changed, or the time is over. */
  public void awaitChange(Duration longest) throws InterruptedException {
    boolean shorter = longest.compareTo(SILENCE) < 0;
    Runnable change = changes.poll((shorter ? longest : SILENCE).toMillis(), TimeUnit.MILLISECONDS);
    if (change == null) {
      if (!shorter) {
        LOG.warn("no word from any watch for {} s: listing anew", SILENCE.toSeconds());
        new ArrayList<>(watches.values()).forEach(this::relist);
      }
      return;
    }
    List<Runnable> all = new ArrayList<>(List.of(change));
    changes.drainTo(all);
    all.forEach(Runnable::run);
  }

  private void relist(NamespaceWatch watch) {
    try {
      watch.relist();
    } catch (ClusterException e) {
      // The next silence tries again; until then the view is old, and nothing is decided by age.
      LOG.warn("{}; {}", e.problem, e.problem.hint);
    }
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
