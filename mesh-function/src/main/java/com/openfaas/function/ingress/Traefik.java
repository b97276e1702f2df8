package com.openfaas.function.ingress;

/**
 * Traefik, one line per major version (https://doc.traefik.io/traefik/): meshed in mode {@code
 * ingress}, the header set by an annotation in 1.x and by a Middleware since
 * (https://linkerd.io/2-edge/tasks/using-ingress/#traefik). A Middleware's {@code
 * customRequestHeaders} replace a client's
 * (https://doc.traefik.io/traefik/middlewares/http/headers/#customrequestheaders); its API group
 * {@code traefik.containo.us} ended with 2.x (https://doc.traefik.io/traefik/migrate/v2-to-v3/). A
 * route that lists a Middleware which does not exist answers 404
 * (https://github.com/traefik/traefik/issues/9703), so the annotation shows that it exists. {@code
 * service.nativelb}:
 * https://doc.traefik.io/traefik/routing/providers/kubernetes-ingress/#on-service
 *
 * <p>The versions share class and controller name: the image's tag tells them apart, and one that
 * says nothing of a version counts as the newest.
 *
 * <p>With {@code service.nativelb} on the gateway's Service a Traefik from 2.10 on would do in mode
 * {@code enabled} (https://github.com/linkerd/website/pull/1855). That annotation of a Service is
 * not ours to write, so the mode here is the one that fits every Traefik.
 */
final class Traefik {
  /** What to do about the Traefik that k3s installs: https://docs.k3s.io/networking. */
  static final String K3S =
      "the injector's webhook never sees kube-system, where k3s installs Traefik: \"linkerd inject\""
          + " prints injected there and nothing is meshed; install Traefik in a namespace of its own"
          + " and start k3s with --disable traefik";

  private static final String FIRST = "v?1(\\..*)?";
  private static final String SECOND = "v?2(\\..*)?";
  private static final String LATER = "(?!v?[12](\\.|$)).*";

  static final Controller FIRST_LINE =
      new Controller(
          "traefik-1",
          "Traefik 1",
          Recognition.byController().byClass("traefik").byImage(images(FIRST)),
          Meshing.ingress("traefik", "default", "kube-system").whereExcluded(K3S),
          new HeaderAnnotation("ingress.kubernetes.io/custom-request-headers", "||", ":"),
          "meshed as ingress after the route sets l5d-dst-override, which replaces a client's and ends"
              + " service weights; Traefik 1 is without support since 2021");

  static final Controller SECOND_LINE =
      new Controller(
          "traefik-2",
          "Traefik 2",
          Recognition.byController("traefik.io/ingress-controller")
              .byClass("traefik")
              .byImage(images(SECOND)),
          Meshing.ingress("traefik", "default", "kube-system").whereExcluded(K3S),
          middleware("traefik.containo.us/v1alpha1"),
          "meshed as ingress once the route's Middleware sets l5d-dst-override, which replaces a"
              + " client's");

  static final Controller LINE =
      new Controller(
          "traefik",
          "Traefik 3",
          Recognition.byController("traefik.io/ingress-controller")
              .byClass("traefik")
              .byImage(images(LATER)),
          Meshing.ingress("traefik", "default", "kube-system").whereExcluded(K3S),
          middleware("traefik.io/v1alpha1"),
          "meshed as ingress once the route's Middleware sets l5d-dst-override, which replaces a"
              + " client's");

  private static ImageName[] images(String tag) {
    return new ImageName[] {
      ImageName.of("traefik", tag), ImageName.of("mirrored-library-traefik", tag)
    };
  }

  private static RouteSetting middleware(String apiVersion) {
    return AttachedObject.shownByRoute(
        "Middleware",
        "traefik.ingress.kubernetes.io/router.middlewares",
        "{namespace}-mesh-setup-gateway@kubernetescrd",
        "apiVersion: " + apiVersion,
        "kind: Middleware",
        "metadata:",
        "  name: mesh-setup-gateway",
        "  namespace: {namespace}",
        "spec:",
        "  headers:",
        "    customRequestHeaders:",
        "      l5d-dst-override: \"{gateway}\"",
        "# from Traefik 2.10 on, so that it dials the gateway's Service and not its pods:",
        "# kubectl -n {namespace} annotate service {service} --overwrite"
            + " traefik.ingress.kubernetes.io/service.nativelb=true");
  }

  private Traefik() {}
}
