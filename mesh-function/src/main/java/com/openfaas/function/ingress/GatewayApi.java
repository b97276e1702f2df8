package com.openfaas.function.ingress;

/**
 * Controllers of the Gateway API. Linkerd's documentation has no section on them. Most make the
 * proxy's Deployment from the Gateway object, so an annotation on its pod template is undone by the
 * controller and belongs in the controller's own object.
 */
final class GatewayApi {
  static final Controller ENVOY_GATEWAY =
      new Controller(
          "envoy-gateway",
          "Envoy Gateway",
          Recognition.byController("gateway.envoyproxy.io/gatewayclass-controller")
              .byImage(ImageName.of("envoyproxy/envoy")),
          Meshing.none("envoy-gateway-system"),
          ByOperator.nothing(),
          "left to the operator");

  static final Controller LINE =
      new Controller(
          "gateway-api",
          "Gateway API controller",
          Recognition.byController(),
          Meshing.none(),
          ByOperator.nothing(),
          "left to the operator: the controller makes the proxy's Deployment and would undo an"
              + " annotation on it; set linkerd.io/inject: enabled on its pods by the controller's own"
              + " object");

  private GatewayApi() {}
}
