package com.openfaas.function.ingress;

/**
 * Gloo (https://docs.solo.io/gloo-edge/): meshed in mode {@code ingress}; its setting {@code
 * linkerd} adds the header to every upstream (https://linkerd.io/2-edge/tasks/using-ingress/#gloo).
 * Its own documentation does not say that a client's header is removed from routes to other
 * upstreams.
 */
final class Gloo {
  static final Controller LINE =
      new Controller(
          "gloo",
          "Gloo",
          Recognition.byController("solo.io/gloo")
              .byClass("gloo")
              .byImage(
                  ImageName.of("solo-io/gloo-envoy-wrapper"),
                  ImageName.of("solo-io/gloo-ee-envoy-wrapper")),
          Meshing.ingress("gloo-system"),
          ByOperator.setsForAllRoutes(
              "whether Gloo's setting spec.linkerd is true is not to be seen from here",
              "# kubectl -n gloo-system patch settings default --type merge -p"
                  + " '{\"spec\":{\"linkerd\":true}}'"),
          "meshed as ingress once the operator says that Gloo's setting linkerd is on, which adds"
              + " l5d-dst-override to every upstream");

  private Gloo() {}
}
