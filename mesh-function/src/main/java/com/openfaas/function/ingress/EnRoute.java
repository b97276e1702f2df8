package com.openfaas.function.ingress;

/**
 * EnRoute (https://getenroute.io): meshed as {@code enabled}; one flag of its GlobalConfig makes it
 * leave the choice of pods to Linkerd (https://linkerd.io/2-edge/tasks/using-ingress/#enroute). Its
 * pod holds {@code enroute-gwi} and a plain Envoy
 * (https://github.com/saarasio/enroute/blob/master/helm-chart/enroute/values.yaml).
 */
final class EnRoute {
  static final Controller LINE =
      new Controller(
          "enroute",
          "EnRoute",
          Recognition.byController()
              .byClass("enroute")
              .byImage(ImageName.of("saarasio/enroute-gwi")),
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
          "meshed as enabled; its GlobalConfig linkerd_enabled leaves the choice of pods to Linkerd,"
              + " which is the operator's to set");

  private EnRoute() {}
}
