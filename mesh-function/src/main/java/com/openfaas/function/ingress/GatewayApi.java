package com.openfaas.function.ingress;

/**
 * Controllers of the Gateway API, on which Linkerd's documentation has no section. They make the
 * proxy's Deployment from the Gateway, so an annotation on its pod template would be undone: it
 * belongs in an object of the operator's.
 *
 * <ul>
 *   <li>Envoy Gateway: pods' annotations and {@code routingType: Service} in an EnvoyProxy
 *       (https://gateway.envoyproxy.io/docs/tasks/operations/customize-envoyproxy/,
 *       https://gateway.envoyproxy.io/docs/api/extension_types/#envoyproxyspec).
 *   <li>NGINX Gateway Fabric makes a Deployment for each Gateway
 *       (https://docs.nginx.com/nginx-gateway-fabric/install/deploy-data-plane/).
 *   <li>{@code spec.infrastructure.annotations} of a Gateway are meant for all that is made from it
 *       (https://gateway-api.sigs.k8s.io/reference/spec/#gatewayinfrastructure).
 * </ul>
 */
final class GatewayApi {
  static final Controller ENVOY_GATEWAY =
      new Controller(
          "envoy-gateway",
          "Envoy Gateway",
          Recognition.byController().byGateway("gateway.envoyproxy.io/gatewayclass-controller"),
          Meshing.none("envoy-gateway-system"),
          ByOperator.applies(
              "apiVersion: gateway.envoyproxy.io/v1alpha1",
              "kind: EnvoyProxy",
              "metadata:",
              "  name: mesh-setup-gateway",
              "  namespace: envoy-gateway-system",
              "spec:",
              "  routingType: Service",
              "  provider:",
              "    type: Kubernetes",
              "    kubernetes:",
              "      envoyDeployment:",
              "        pod:",
              "          annotations:",
              "            linkerd.io/inject: enabled",
              "# then name it in spec.parametersRef of the GatewayClass"),
          "left to the operator: Envoy Gateway makes its proxies itself; an EnvoyProxy object with"
              + " linkerd.io/inject: enabled and routingType: Service meshes them");

  static final Controller NGINX_GATEWAY_FABRIC =
      new Controller(
          "nginx-gateway-fabric",
          "NGINX Gateway Fabric",
          Recognition.byController().byGateway("gateway.nginx.org/nginx-gateway-controller"),
          Meshing.none("nginx-gateway"),
          annotatesTheGateway(),
          "left to the operator: NGINX Gateway Fabric makes a Deployment for each Gateway and would"
              + " undo an annotation on it");

  static final Controller LINE =
      new Controller(
          "gateway-api",
          "Gateway API controller",
          Recognition.byController(),
          Meshing.none(),
          annotatesTheGateway(),
          "left to the operator: the controller makes the proxy's Deployment and would undo an"
              + " annotation on it; linkerd.io/inject: enabled belongs in the object it makes it"
              + " from");

  private GatewayApi() {}

  private static RouteSetting annotatesTheGateway() {
    return ByOperator.applies(
        "# where the controller hands a Gateway's annotations on to its pods:",
        "# kubectl -n GATEWAY-NAMESPACE patch gateway GATEWAY --type merge -p"
            + " '{\"spec\":{\"infrastructure\":{\"annotations\":"
            + "{\"linkerd.io/inject\":\"enabled\"}}}}'");
  }
}
