package com.openfaas.function.cluster;

import com.openfaas.function.platform.Code;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;

/** Leases, with the API server's optimistic locking. */
final class Leases {
  private final ObjectRequests objects;

  Leases(ObjectRequests objects) {
    this.objects = objects;
  }

  /** The Lease, or null if there is none. */
  Lease get(String namespace, String name) throws ClusterException {
    try {
      return objects.whole(
          "lease " + namespace + "/" + name, path(namespace) + "/" + name, Lease.class);
    } catch (ClusterException e) {
      if (e.problem.is(Code.NOT_FOUND)) {
        return null;
      }
      throw e;
    }
  }

  /** Fails with {@code conflict} if there is one already. */
  Lease create(Lease lease) throws ClusterException {
    return objects.create(subject(lease), path(lease.getMetadata().getNamespace()), lease);
  }

  /** Fails with {@code conflict} if it has changed since it was read. */
  Lease update(Lease lease) throws ClusterException {
    String path = path(lease.getMetadata().getNamespace()) + "/" + lease.getMetadata().getName();
    return objects.update(subject(lease), path, lease);
  }

  private static String path(String namespace) {
    return "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";
  }

  private static String subject(Lease lease) {
    return "lease " + lease.getMetadata().getNamespace() + "/" + lease.getMetadata().getName();
  }
}
