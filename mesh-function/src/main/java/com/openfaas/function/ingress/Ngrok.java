package com.openfaas.function.ingress;

/**
 * ngrok's operator (https://github.com/ngrok/ngrok-operator): classes {@code
 * k8s.ngrok.com/ingress-controller} and, newer, {@code ngrok.com/ingress-controller}; its pod in
 * the cluster dials the Service, so mode {@code enabled} will do
 * (https://linkerd.io/2-edge/tasks/using-ingress/#ngrok).
 */
final class Ngrok {
  static final Controller LINE =
      new Controller(
          "ngrok",
          "ngrok",
          Recognition.byController(
                  "k8s.ngrok.com/ingress-controller", "ngrok.com/ingress-controller")
              .byGateway("ngrok.com/gateway-controller")
              .byClass("ngrok")
              .byImage(
                  ImageName.of("ngrok/ngrok-operator"),
                  ImageName.of("ngrok/kubernetes-ingress-controller")),
          Meshing.enabled("ngrok-operator", "ngrok-ingress-controller"),
          ByOperator.nothing(),
          "meshed as enabled; its pod dials the gateway's Service, so the route needs nothing");

  private Ngrok() {}
}
