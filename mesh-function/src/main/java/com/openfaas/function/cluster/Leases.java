package com.openfaas.function.cluster;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;

/** Leases, with the API server's own guard against two writers. */
final class Leases {
  private final KubernetesClient client;
  private final Requests requests;

  Leases(KubernetesClient client, Requests requests) {
    this.client = client;
    this.requests = requests;
  }

  /** The Lease, or null where there is none. */
  Lease get(String namespace, String name) throws ClusterException {
    return requests.ask(
        "get", "lease " + namespace + "/" + name, () -> leases(namespace).withName(name).get());
  }

  /** Fails with the code {@code conflict} where there is one already. */
  Lease create(Lease lease) throws ClusterException {
    return requests.ask(
        "create",
        subject(lease),
        () -> leases(lease.getMetadata().getNamespace()).resource(lease).create());
  }

  /** Fails with the code {@code conflict} where it is no longer as it was read. */
  Lease update(Lease lease) throws ClusterException {
    return requests.ask(
        "update",
        subject(lease),
        () -> leases(lease.getMetadata().getNamespace()).resource(lease).update());
  }

  private NonNamespaceOperation<Lease, LeaseList, Resource<Lease>> leases(String namespace) {
    return client.leases().inNamespace(namespace);
  }

  private static String subject(Lease lease) {
    return "lease " + lease.getMetadata().getNamespace() + "/" + lease.getMetadata().getName();
  }
}
