package com.openfaas.function.ingress;

/**
 * HAProxy Ingress by the community (https://haproxy-ingress.github.io), another controller than
 * haproxytech's and not in Linkerd's documentation. Its {@code service-upstream} makes it dial the
 * Service (https://haproxy-ingress.github.io/docs/configuration/keys/#service-upstream), so mode
 * {@code enabled} will do.
 */
final class HaproxyIngress {
  static final Controller LINE =
      new Controller(
          "haproxy-ingress",
          "HAProxy Ingress (community)",
          Recognition.byController("haproxy-ingress.github.io/controller")
              .byClass("haproxy")
              .byImage(ImageName.of("jcmoraisjr/haproxy-ingress")),
          Meshing.enabled("ingress-controller", "haproxy-ingress"),
          new FixedAnnotation("haproxy-ingress.github.io/service-upstream", "true"),
          "meshed as enabled, and the route dials the gateway's Service; Linkerd's documentation does"
              + " not name this controller");

  private HaproxyIngress() {}
}
