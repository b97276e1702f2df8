package com.openfaas.function.cluster;

import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;

/** Changes as they happen, from where a list ended. */
public final class Watches {
  private final KubernetesClient client;
  private final Requests requests;

  Watches(KubernetesClient client, Requests requests) {
    this.client = client;
    this.requests = requests;
  }

  /**
   * Follows the Deployments of a namespace.
   *
   * @param from the resource version after which changes are wanted
   */
  public Watch deployments(String namespace, String label, String from, Watcher<Deployment> watcher)
      throws ClusterException {
    return requests.ask(
        "watch",
        "deployments in " + namespace,
        () -> deploymentsOf(namespace, label).watch(since(from), watcher));
  }

  public Watch daemonSets(String namespace, String from, Watcher<DaemonSet> watcher)
      throws ClusterException {
    return requests.ask(
        "watch",
        "daemonsets in " + namespace,
        () -> client.apps().daemonSets().inNamespace(namespace).watch(since(from), watcher));
  }

  public Watch pods(String namespace, String label, String from, Watcher<Pod> watcher)
      throws ClusterException {
    return requests.ask(
        "watch",
        "pods in " + namespace,
        () -> podsOf(namespace, label).watch(since(from), watcher));
  }

  private FilterWatchListDeletable<Deployment, DeploymentList, ?> deploymentsOf(
      String namespace, String label) {
    var all = client.apps().deployments().inNamespace(namespace);
    return label == null ? all : all.withLabel(label);
  }

  private FilterWatchListDeletable<Pod, PodList, ?> podsOf(String namespace, String label) {
    var all = client.pods().inNamespace(namespace);
    return label == null ? all : all.withLabel(label);
  }

  private static ListOptions since(String resourceVersion) {
    return new ListOptionsBuilder().withResourceVersion(resourceVersion).build();
  }
}
