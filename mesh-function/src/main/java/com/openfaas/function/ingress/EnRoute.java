package com.openfaas.function.ingress;

/**
 * EnRoute (https://getenroute.io): meshed as {@code enabled}; one flag of its GlobalConfig makes it
 * dial Services (https://linkerd.io/2-edge/tasks/using-ingress/#enroute).
 */
final class EnRoute {
  static final Controller LINE =
      new Controller(
          "enroute",
          "EnRoute",
          Recognition.byController("enroute.saaras.io/ingress-controller")
              .byClass("enroute")
              .byImage(ImageName.of("saarasio/enroute-gwi"), ImageName.of("saarasio/enroute-gw")),
          Meshing.enabled("enroute", "enroute-demo"),
          ByOperator.applies(
              "apiVersion: enroute.saaras.io/v1",
              "kind: GlobalConfig",
              "metadata:",
              "  name: enable-linkerd",
              "  namespace: default",
              "  labels:",
              "    app: web",
              "spec:",
              "  name: linkerd-global-config",
              "  type: globalconfig_globals",
              "  config: |",
              "    {\"linkerd_enabled\": true}"),
          "meshed as enabled; its GlobalConfig linkerd_enabled makes it dial Services, which is the"
              + " operator's to set");

  private EnRoute() {}
}
