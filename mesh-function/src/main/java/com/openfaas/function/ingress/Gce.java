package com.openfaas.function.ingress;

/**
 * Google's load balancer for GKE
 * (https://cloud.google.com/kubernetes-engine/docs/concepts/ingress): classes {@code gce} and
 * {@code gce-internal} have no IngressClass object. Linkerd's documentation lists it, but the proxy
 * of these routes is Google's and runs outside the cluster.
 */
final class Gce {
  static final Controller LINE =
      new Controller(
          "gce",
          "GCE (Google's load balancer)",
          Recognition.byController("networking.gke.io/gateway").byClass("gce", "gce-internal"),
          Meshing.none(),
          ByOperator.nothing(),
          "not meshed: the load balancer runs outside the cluster, so its requests reach the gateway"
              + " without Linkerd's TLS; a meshed controller behind it would change that");

  private Gce() {}
}
