package com.openfaas.function.ingress;

/**
 * Load balancers of a cloud: their proxies run outside the cluster, so there is no pod to mesh.
 *
 * <ul>
 *   <li>GKE: classes {@code gce} and {@code gce-internal} without an IngressClass
 *       (https://cloud.google.com/kubernetes-engine/docs/concepts/ingress), Gateways by {@code
 *       networking.gke.io/gateway}. Linkerd's documentation has a section on it, with a header that
 *       only a meshed proxy would read (https://linkerd.io/2-edge/tasks/using-ingress/#gce).
 *   <li>AWS: class {@code ingress.k8s.aws/alb}
 *       (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/ingress_class/).
 *   <li>Azure: class {@code azure/application-gateway}
 *       (https://azure.github.io/application-gateway-kubernetes-ingress/).
 * </ul>
 */
final class CloudBalancers {
  private static final String OUTSIDE =
      "not meshed: the load balancer runs outside the cluster, so its requests reach the gateway"
          + " without Linkerd's TLS; a meshed controller behind it would change that";

  static final Controller GCE =
      outside(
          "gce",
          "GCE (Google's load balancer)",
          Recognition.byController()
              .byGateway("networking.gke.io/gateway")
              .byClass("gce", "gce-internal"));

  static final Controller ALB =
      outside(
          "aws-alb",
          "AWS Application Load Balancer",
          Recognition.byController("ingress.k8s.aws/alb").byClass("alb"));

  static final Controller AZURE =
      outside(
          "azure-application-gateway",
          "Azure Application Gateway",
          Recognition.byController("azure/application-gateway")
              .byClass("azure/application-gateway"));

  private CloudBalancers() {}

  private static Controller outside(String id, String title, Recognition recognition) {
    return new Controller(id, title, recognition, Meshing.none(), ByOperator.nothing(), OUTSIDE);
  }
}
