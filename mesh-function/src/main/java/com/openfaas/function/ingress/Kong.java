package com.openfaas.function.ingress;

/**
 * Kong's ingress controller (https://developer.konghq.com/kubernetes-ingress-controller/): class
 * {@code ingress-controllers.konghq.com/kong}; meshed in mode {@code ingress}, a KongPlugin {@code
 * request-transformer} removes a client's header and adds ours
 * (https://linkerd.io/2-edge/tasks/using-ingress/#kong). The plugin works in the order remove,
 * rename, replace, add, append, and must stand in the route's namespace. A route that lists a
 * KongPlugin which does not exist is served without it
 * (https://github.com/Kong/kubernetes-ingress-controller/issues/6139).
 */
final class Kong {
  static final Controller LINE =
      new Controller(
          "kong",
          "Kong",
          Recognition.byController("ingress-controllers.konghq.com/kong")
              .byClass("kong")
              .byImage(ImageName.of("kong"), ImageName.of("kong/kong-gateway")),
          Meshing.ingress("kong"),
          AttachedObject.vouchedFor(
              "KongPlugin",
              "konghq.com/plugins",
              "mesh-setup-gateway",
              "apiVersion: configuration.konghq.com/v1",
              "kind: KongPlugin",
              "metadata:",
              "  name: mesh-setup-gateway",
              "  namespace: {namespace}",
              "plugin: request-transformer",
              "config:",
              "  remove:",
              "    headers:",
              "      - l5d-dst-override",
              "  add:",
              "    headers:",
              "      - \"l5d-dst-override:{gateway}\""),
          "meshed as ingress once the operator says that the route's KongPlugin is there, which removes"
              + " a client's l5d-dst-override and adds ours");

  private Kong() {}
}
