package com.openfaas.function.ingress;

/**
 * HAProxy Technologies' ingress controller (https://github.com/haproxytech/kubernetes-ingress):
 * meshed in mode {@code ingress}, the header set by an annotation
 * (https://linkerd.io/2-edge/tasks/using-ingress/#haproxy), which becomes {@code http-request
 * set-header} and so replaces a client's
 * (https://github.com/haproxytech/kubernetes-ingress/blob/master/documentation/annotations.md). A
 * controller with a class of its own puts it after the name
 * (https://github.com/haproxytech/kubernetes-ingress/blob/master/documentation/ingressclass.md).
 */
final class HaproxyTech {
  static final Controller LINE =
      new Controller(
          "haproxy",
          "HAProxy Kubernetes Ingress Controller (haproxytech)",
          Recognition.byController("haproxy.org/ingress-controller")
              .byClass("haproxy")
              .byImage(ImageName.of("haproxytech/kubernetes-ingress")),
          Meshing.ingress("haproxy-controller"),
          new HeaderAnnotation("haproxy.org/request-set-header", "\n", " "),
          "meshed as ingress after the route sets l5d-dst-override, which replaces a client's");

  private HaproxyTech() {}
}
