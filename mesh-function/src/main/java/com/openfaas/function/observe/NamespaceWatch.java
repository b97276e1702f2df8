package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.observe.Observation.Listing;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** One namespace's Deployments and pods, followed by two watches. */
final class NamespaceWatch implements AutoCloseable {
  final Map<String, Deployment> deployments = new HashMap<>();
  PodIndex pods = new PodIndex(List.of());

  private final Cluster cluster;
  private final String namespace;
  private final BlockingQueue<Runnable> changes;
  private final Consumer<NamespaceWatch> onLost;
  private final List<Watch> open = new ArrayList<>();
  private String label;

  /** Watches that were replaced may still speak; only the newest are heard. */
  private int era;

  NamespaceWatch(
      Cluster cluster,
      String namespace,
      BlockingQueue<Runnable> changes,
      Consumer<NamespaceWatch> onLost) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.changes = changes;
    this.onLost = onLost;
  }

  void start(Listing from) throws ClusterException {
    label = from.label;
    deployments.clear();
    from.deployments.getItems().forEach(d -> deployments.put(d.getMetadata().getName(), d));
    pods = new PodIndex(from.pods);
    era++;
    open.add(
        cluster.watchDeployments(
            namespace, label, from.deploymentsVersion(), new Feed<Deployment>(era, this::change)));
    open.add(
        cluster.watchPods(namespace, label, from.podsVersion, new Feed<Pod>(era, this::change)));
  }

  void relist() throws ClusterException {
    close();
    start(
        new Listing(label, cluster.deployments(namespace, label), cluster.pods(namespace, label)));
  }

  /** Takes the newer of two states of a Deployment: a watch may tell an old one after our patch. */
  void put(Deployment deployment) {
    String name = deployment.getMetadata().getName();
    Deployment known = deployments.get(name);
    if (known == null || generation(known) <= generation(deployment)) {
      deployments.put(name, deployment);
    }
  }

  private void change(Watcher.Action action, Deployment deployment) {
    if (action == Watcher.Action.DELETED) {
      deployments.remove(deployment.getMetadata().getName());
    } else {
      put(deployment);
    }
  }

  private void change(Watcher.Action action, Pod pod) {
    if (action == Watcher.Action.DELETED) {
      pods.remove(pod.getMetadata().getName());
    } else {
      pods.put(Views.pod(pod));
    }
  }

  private static long generation(Deployment deployment) {
    Long generation = deployment.getMetadata().getGeneration();
    return generation == null ? 0 : generation;
  }

  @Override
  public void close() {
    open.forEach(Watch::close);
    open.clear();
  }

  /** Hands events to the queue; a watch that is lost for good asks for a new look. */
  private final class Feed<T extends HasMetadata> implements Watcher<T> {
    private final int born;
    private final BiConsumer<Action, T> change;

    Feed(int born, BiConsumer<Action, T> change) {
      this.born = born;
      this.change = change;
    }

    @Override
    public void eventReceived(Action action, T object) {
      if (action == Action.ADDED || action == Action.MODIFIED || action == Action.DELETED) {
        changes.add(() -> ifCurrent(() -> change.accept(action, object)));
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      changes.add(() -> ifCurrent(() -> onLost.accept(NamespaceWatch.this)));
    }

    private void ifCurrent(Runnable run) {
      if (born == era) {
        run.run();
      }
    }
  }
}
