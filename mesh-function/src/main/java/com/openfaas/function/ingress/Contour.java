package com.openfaas.function.ingress;

/**
 * Contour (https://projectcontour.io): class {@code projectcontour.io/ingress-controller}; meshed
 * in mode {@code ingress} with the port to Contour's own server skipped
 * (https://linkerd.io/2-edge/tasks/using-ingress/#contour). Linkerd's documentation sets the header
 * in an HTTPProxy's {@code requestHeadersPolicy}, which an Ingress has not; Contour's configuration
 * has it for all routes, with the Service's name filled in
 * (https://projectcontour.io/docs/main/configuration/#policy-configuration, and the example in
 * https://projectcontour.io/docs/main/config/request-rewriting/), and it replaces a client's
 * ({@code headerValueList} in
 * https://github.com/projectcontour/contour/blob/main/internal/envoy/v3/route.go). The image is
 * plain Envoy, which Envoy Gateway and EnRoute run too: the class tells them apart.
 */
final class Contour {
  static final Controller LINE =
      new Controller(
          "contour",
          "Contour",
          Recognition.byController("projectcontour.io/ingress-controller")
              .byClass("contour")
              .byImage(ImageName.of("envoyproxy/envoy"), ImageName.of("bitnami/envoy")),
          Meshing.ingress("projectcontour").with("config.linkerd.io/skip-outbound-ports", "8001"),
          ByOperator.setsForAllRoutes(
              "an Ingress cannot carry l5d-dst-override through Contour, and whether Contour's"
                  + " configuration sets it on all routes is not to be seen from here",
              "# Contour sets the header on every route: merge into the key contour.yaml of its",
              "# ConfigMap (projectcontour/contour) and restart the Deployment contour:",
              "#   policy:",
              "#     applyToIngress: true",
              "#     request-headers:",
              "#       set:",
              "#         l5d-dst-override: "
                  + "\"%CONTOUR_SERVICE_NAME%.%CONTOUR_NAMESPACE%.svc.cluster.local"
                  + ":%CONTOUR_SERVICE_PORT%\"",
              "# or replace the Ingress by this HTTPProxy, with your host name:",
              "apiVersion: projectcontour.io/v1",
              "kind: HTTPProxy",
              "metadata:",
              "  name: mesh-setup-gateway",
              "  namespace: {namespace}",
              "spec:",
              "  virtualhost:",
              "    fqdn: HOST",
              "  routes:",
              "    - requestHeadersPolicy:",
              "        set:",
              "          - name: l5d-dst-override",
              "            value: \"{gateway}\"",
              "      services:",
              "        - name: {service}",
              "          port: {port}"),
          "meshed as ingress with outbound port 8001 skipped once the operator says that Contour sets"
              + " l5d-dst-override, which replaces a client's");

  private Contour() {}
}
