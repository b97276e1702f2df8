package com.openfaas.function.ingress;

/**
 * Kong's ingress controller (https://developer.konghq.com/kubernetes-ingress-controller/): class
 * {@code ingress-controllers.konghq.com/kong}; meshed in mode {@code ingress}, a KongPlugin {@code
 * request-transformer} removes a client's header and adds ours
 * (https://linkerd.io/2-edge/tasks/using-ingress/#kong). The plugin works in the order remove,
 * rename, replace, add, append, and must stand in the route's namespace.
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
          new AttachedObject(
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
          "meshed as ingress once the route's KongPlugin removes a client's l5d-dst-override and adds"
              + " ours; every other route of this Kong needs one too");

  private Kong() {}
}
