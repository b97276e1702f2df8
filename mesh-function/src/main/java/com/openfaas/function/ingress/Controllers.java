package com.openfaas.function.ingress;

import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.RouteView;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The table of ingress controllers, and how a route's own is found in it. */
public final class Controllers {
  /** Where two lines answer to one name, the likelier one is first. */
  public static final List<Controller> TABLE =
      List.of(
          IngressNginx.LINE,
          F5Nginx.LINE,
          Traefik.LINE,
          Traefik.SECOND_LINE,
          Traefik.FIRST_LINE,
          Kong.LINE,
          Contour.LINE,
          HaproxyTech.LINE,
          HaproxyIngress.LINE,
          Emissary.LINE,
          Gloo.LINE,
          EnRoute.LINE,
          Ngrok.LINE,
          CloudBalancers.GCE,
          CloudBalancers.ALB,
          CloudBalancers.AZURE,
          Istio.LINE,
          Cilium.LINE,
          GatewayApi.ENVOY_GATEWAY,
          GatewayApi.NGINX_GATEWAY_FABRIC,
          GatewayApi.LINE,
          Unknown.LINE);

  /** The annotation that named a class before there was {@code spec.ingressClassName}. */
  public static final String CLASS = "kubernetes.io/ingress.class";

  private Controllers() {}

  /** The likeliest of {@link #candidates}. */
  public static Controller of(
      String controllerName, String className, Map<String, String> routeAnnotations) {
    return candidates(controllerName, className, routeAnnotations).get(0);
  }

  /**
   * The lines an Ingress may belong to, likeliest first, at least one: {@code unknown} where the
   * table has none. The image of the workload tells which one it is, see {@link
   * Controller#isImage}: majors of Traefik share a name, and so do controllers of class {@code
   * nginx} or {@code haproxy}.
   *
   * @param controllerName {@code spec.controller} of its IngressClass; empty where it has none, and
   *     only then names of classes decide
   * @param className {@code spec.ingressClassName}; empty where only the old annotation may say it
   */
  public static List<Controller> candidates(
      String controllerName, String className, Map<String, String> routeAnnotations) {
    if (!controllerName.isEmpty()) {
      return told(recognition -> recognition.isController(controllerName), Unknown.LINE);
    }
    String name = className.isEmpty() ? routeAnnotations.getOrDefault(CLASS, "") : className;
    return told(recognition -> recognition.isClass(name), Unknown.LINE);
  }

  /**
   * The controller of an HTTPRoute, by {@code spec.controllerName} of its Gateway's class; the line
   * {@code gateway-api} where the table has none of its own.
   */
  public static Controller ofGateway(String controllerName) {
    return told(recognition -> recognition.isGateway(controllerName), GatewayApi.LINE).get(0);
  }

  /** The line that a container's image tells; {@code unknown} where none does. */
  public static Controller ofImage(String image) {
    return told(recognition -> recognition.isImage(image), Unknown.LINE).get(0);
  }

  /**
   * The controller of a route, by the image of its workload where that is known; where nothing is
   * said of its class, the image alone tells it.
   */
  public static Controller of(RouteView route) {
    List<Controller> candidates = candidates(route);
    List<Controller> lines = candidates.get(0) == Unknown.LINE ? TABLE : candidates;
    return lines.stream()
        .filter(line -> route.controller != null && line.runs(route.controller.template))
        .findFirst()
        .orElse(candidates.get(0));
  }

  /** Whether a container of this image could be the route's controller. */
  public static boolean runs(RouteView route, String image) {
    return candidates(route).stream().anyMatch(line -> line.isImage(image));
  }

  /** Whether the image is a controller's of the table, and the route's class says another one. */
  public static boolean isOfAnother(RouteView route, String image) {
    return ofImage(image) != Unknown.LINE
        && candidates(route).get(0) != Unknown.LINE
        && !runs(route, image);
  }

  /** Whether an image can tell the route's controller at all. */
  public static boolean hasImage(RouteView route) {
    return candidates(route).stream().anyMatch(Controller::hasImage);
  }

  private static List<Controller> candidates(RouteView route) {
    return route.object.kind == Kind.HTTP_ROUTE
        ? List.of(ofGateway(route.controllerName))
        : candidates(route.controllerName, route.className, route.object.annotations);
  }

  private static List<Controller> told(Predicate<Recognition> by, Controller otherwise) {
    List<Controller> lines =
        TABLE.stream().filter(line -> line.isTold(by)).collect(Collectors.toUnmodifiableList());
    return lines.isEmpty() ? List.of(otherwise) : lines;
  }
}
