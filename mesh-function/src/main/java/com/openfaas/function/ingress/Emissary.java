package com.openfaas.function.ingress;

/**
 * Emissary-ingress, once Ambassador (https://www.getambassador.io/docs/emissary): class {@code
 * getambassador.io/ingress-controller}; meshed as {@code enabled}, its Mapping dials the Service by
 * its full name (https://linkerd.io/2-edge/tasks/using-ingress/#ambassador).
 */
final class Emissary {
  static final Controller LINE =
      new Controller(
          "emissary",
          "Emissary-ingress (Ambassador)",
          Recognition.byController("getambassador.io/ingress-controller")
              .byClass("ambassador", "emissary")
              .byImage(
                  ImageName.of("emissary"),
                  ImageName.of("datawire/ambassador"),
                  ImageName.of("datawire/aes")),
          Meshing.enabled("emissary", "ambassador"),
          ByOperator.applies(
              "# a Mapping dials the Service by its full name:",
              "apiVersion: getambassador.io/v3alpha1",
              "kind: Mapping",
              "metadata:",
              "  name: mesh-setup-gateway",
              "  namespace: {namespace}",
              "spec:",
              "  hostname: \"*\"",
              "  prefix: /",
              "  service: http://{gateway}"),
          "meshed as enabled; Emissary dials the Service unless a resolver for endpoints is set, so the"
              + " route needs nothing");

  private Emissary() {}
}
