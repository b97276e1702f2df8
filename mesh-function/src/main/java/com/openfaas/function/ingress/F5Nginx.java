package com.openfaas.function.ingress;

/**
 * NGINX Ingress Controller by F5 (https://docs.nginx.com/nginx-ingress-controller/): class {@code
 * nginx.org/ingress-controller}. Linkerd's documentation names {@code use-cluster-ip} of a
 * VirtualServer (https://linkerd.io/2-edge/tasks/using-ingress/#nginx-f5-nginx-version); the same
 * exists as an annotation of an Ingress since 3.5
 * (https://github.com/nginx/kubernetes-ingress/pull/4862).
 */
final class F5Nginx {
  static final Controller LINE =
      new Controller(
          "f5-nginx",
          "NGINX Ingress Controller (F5)",
          Recognition.byController("nginx.org/ingress-controller")
              .byClass("nginx")
              .byImage(
                  ImageName.of("nginx/nginx-ingress"),
                  ImageName.of("nginxinc/nginx-ingress"),
                  ImageName.of("nginx-ic/nginx-plus-ingress")),
          Meshing.enabled("nginx-ingress"),
          new FixedAnnotation("nginx.org/use-cluster-ip", "true"),
          "meshed as enabled, and the route dials the gateway's Service; releases before 3.5 know that"
              + " annotation only as the field use-cluster-ip of a VirtualServer");

  private F5Nginx() {}
}
