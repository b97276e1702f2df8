package com.openfaas.function.ingress;

/**
 * Istio's ingress gateway: class {@code istio.io/ingress-controller}
 * (https://istio.io/latest/docs/tasks/traffic-management/ingress/kubernetes-ingress/). Its only
 * container is {@code istio-proxy}, and Linkerd injects no pod that has a container of that name
 * (reason {@code sidecar_already_exists}, linkerd2 pkg/inject/report.go).
 */
final class Istio {
  static final Controller LINE =
      new Controller(
          "istio",
          "Istio ingress gateway",
          Recognition.byController("istio.io/ingress-controller")
              .byGateway("istio.io/gateway-controller")
              .byClass("istio")
              .byImage(ImageName.of("istio/proxyv2")),
          Meshing.none("istio-system", "istio-ingress"),
          ByOperator.nothing(),
          "refused: its pod is another mesh's proxy (istio-proxy), which Linkerd does not inject; put a"
              + " controller that can be meshed in front of the gateway");

  private Istio() {}
}
