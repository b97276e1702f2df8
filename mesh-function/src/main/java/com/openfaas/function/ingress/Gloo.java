package com.openfaas.function.ingress;

/**
 * Gloo (https://docs.solo.io/gloo-edge/): meshed in mode {@code ingress}; its setting {@code
 * linkerd} sets the header on every route to a Service, in place of a client's
 * (https://linkerd.io/2-edge/tasks/using-ingress/#gloo,
 * https://github.com/solo-io/gloo/blob/main/projects/gloo/pkg/plugins/linkerd/plugin.go), and on no
 * route to anything else. It goes by the old class annotation and has no IngressClass.
 */
final class Gloo {
  static final Controller LINE =
      new Controller(
          "gloo",
          "Gloo",
          Recognition.byController()
              .byClass("gloo")
              .byImage(
                  ImageName.of("solo-io/gloo-envoy-wrapper"),
                  ImageName.of("solo-io/gloo-ee-envoy-wrapper")),
          Meshing.ingress("gloo-system"),
          ByOperator.setsForAllRoutes(
              "whether Gloo's setting spec.linkerd is true is not to be seen from here",
              "# kubectl -n gloo-system patch settings default --type merge -p"
                  + " '{\"spec\":{\"linkerd\":true}}'"),
          "meshed as ingress once the operator says that Gloo's setting linkerd is on, which replaces"
              + " a client's l5d-dst-override on every route to a Service and on no other");

  private Gloo() {}
}
