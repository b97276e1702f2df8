package com.openfaas.function.ingress;

/**
 * The community's ingress-nginx (https://github.com/kubernetes/ingress-nginx): class {@code
 * k8s.io/ingress-nginx}, dials pods unless {@code service-upstream} is set
 * (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#service-upstream);
 * meshed by its pod template, never its namespace, where the chart's admission Jobs would be meshed
 * too (https://linkerd.io/2-edge/tasks/using-ingress/#nginx-community-version).
 */
final class IngressNginx {
  static final Controller LINE =
      new Controller(
          "ingress-nginx",
          "ingress-nginx (community)",
          Recognition.byController("k8s.io/ingress-nginx", "k8s.io/internal-ingress-nginx")
              .byClass("nginx")
              .byImage(
                  ImageName.of("ingress-nginx/controller"),
                  ImageName.of("ingress-nginx/controller-chroot"),
                  ImageName.of("kubernetes-ingress-controller/nginx-ingress-controller"),
                  ImageName.of("rancher/nginx-ingress-controller")),
          Meshing.enabled("ingress-nginx", "default"),
          new FixedAnnotation("nginx.ingress.kubernetes.io/service-upstream", "true"),
          "meshed as enabled, and the route dials the gateway's Service; that ends sticky sessions and"
              + " proxy_next_upstream on this route, and ingress-nginx itself is retired since March"
              + " 2026");

  private IngressNginx() {}
}
