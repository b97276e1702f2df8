package com.openfaas.function.cluster;

import com.openfaas.function.platform.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import java.util.function.Function;

/**
 * Changes as they happen, from where a list ended. Each method takes the label key that every
 * object must carry (null for all), and the resource version after which changes are wanted.
 */
public final class Watches {
  private final ObjectRequests objects;

  Watches(ObjectRequests objects) {
    this.objects = objects;
  }

  /**
   * Deployments or DaemonSets.
   *
   * @param wanted what is told of each
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
   * @param wanted what is told of each pod
   */
  public <V> Watch pods(
      String namespace, String label, String from, Function<Pod, V> wanted, Listener<V> listener)
      throws ClusterException {
    return objects.watch(
        "pods in " + namespace, Paths.pods(namespace, label), from, Pod.class, wanted, listener);
  }

  /** Is told, on a thread of the client, one event after the other. */
  public interface Listener<V> {
    /**
     * An object is there anew, is another now, or is gone.
     *
     * @param gone then it is told as it was last
     */
    void changed(V object, boolean gone);

    /** Nothing more comes: the watch was closed, is too old, or the connection was lost. */
    void ended();
  }
}
