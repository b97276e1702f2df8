package com.openfaas.function.ingress;

/**
 * Cilium's ingress and Gateway API controller
 * (https://docs.cilium.io/en/stable/network/servicemesh/): the routes are served by the Envoy of
 * Cilium's own DaemonSet on each node, with the host's network.
 */
final class Cilium {
  static final Controller LINE =
      new Controller(
          "cilium",
          "Cilium",
          Recognition.byController("cilium.io/ingress-controller")
              .byGateway("io.cilium/gateway-controller")
              .byClass("cilium")
              .byImage(ImageName.of("cilium/cilium-envoy")),
          Meshing.none("kube-system"),
          ByOperator.nothing(),
          "not meshed: Cilium's Envoy runs in the host's network on each node, so its requests reach"
              + " the gateway without Linkerd's TLS");

  private Cilium() {}
}
