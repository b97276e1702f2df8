package com.openfaas.function.cluster;

import com.openfaas.function.platform.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import java.util.function.Function;

/**
 * Changes as they happen, from where a list ended. Each method takes the label key that every
 * object must have (null for all), and the resource version to watch from.
 */
public final class Watches {
  private final ObjectRequests objects;

  Watches(ObjectRequests objects) {
    this.objects = objects;
  }

  /**
   * Deployments or DaemonSets.
   *
   * @param wanted what the listener gets of each
   */
  public <V> Watch workloads(
      Kind kind,
      String namespace,
      String label,
      String from,
      Function<HasMetadata, V> wanted,
      Listener<V> listener)
      throws ClusterException {
    return objects.watch(
        kind.resource + " in " + namespace,
        Paths.all(kind, namespace, label),
        from,
        ObjectRequests.type(kind),
        wanted,
        listener);
  }

  /**
   * Pods.
   *
   * @param wanted what the listener gets of each pod
   */
  public <V> Watch pods(
      String namespace, String label, String from, Function<Pod, V> wanted, Listener<V> listener)
      throws ClusterException {
    return objects.watch(
        "pods in " + namespace, Paths.pods(namespace, label), from, Pod.class, wanted, listener);
  }

  /** Called on a thread of the client, one event at a time. */
  public interface Listener<V> {
    /**
     * An object was added, changed or deleted.
     *
     * @param gone if it was deleted; the object is then its last state
     */
    void changed(V object, boolean gone);

    /** No more events: the watch was closed or has expired, or the connection was lost. */
    void ended();
  }
}
