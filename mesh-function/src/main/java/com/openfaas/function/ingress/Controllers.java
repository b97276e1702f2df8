package com.openfaas.function.ingress;

import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.RouteView;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The table of ingress controllers, and how a route's own is found in it. */
public final class Controllers {
  /** The annotation that named a class before there was {@code spec.ingressClassName}. */
  private static final String CLASS = "kubernetes.io/ingress.class";

  public static final List<Controller> TABLE =
      List.of(
          IngressNginx.LINE,
          F5Nginx.LINE,
          Traefik.FIRST_LINE,
          Traefik.SECOND_LINE,
          Traefik.LINE,
          Kong.LINE,
          Contour.LINE,
          HaproxyTech.LINE,
          HaproxyIngress.LINE,
          Gce.LINE,
          Emissary.LINE,
          Gloo.LINE,
          EnRoute.LINE,
          Ngrok.LINE,
          Istio.LINE,
          Cilium.LINE,
          GatewayApi.ENVOY_GATEWAY,
          GatewayApi.LINE,
          Unknown.LINE);

  private Controllers() {}

  /**
   * The controller of an Ingress; the line {@code unknown} where the table has none.
   *
   * @param controllerName {@code spec.controller} of its IngressClass; empty where it has none, and
   *     only then names decide
   * @param className {@code spec.ingressClassName}; empty where only the old annotation may say it
   */
  public static Controller of(
      String controllerName, String className, Map<String, String> routeAnnotations) {
    if (!controllerName.isEmpty()) {
      return first(line -> line.isController(controllerName), Unknown.LINE);
    }
    String name = className.isEmpty() ? routeAnnotations.getOrDefault(CLASS, "") : className;
    return first(line -> line.isClass(name), Unknown.LINE);
  }

  /** The controller of an HTTPRoute, by {@code spec.controllerName} of its Gateway's class. */
  public static Controller ofGateway(String controllerName) {
    return first(line -> line.isController(controllerName), GatewayApi.LINE);
  }

  /**
   * The line a container's image tells, {@code unknown} where none does: for what a class cannot
   * say, such as Traefik's major version, or whose controller a class named {@code nginx} is.
   */
  public static Controller ofImage(String image) {
    return first(line -> line.isImage(image), Unknown.LINE);
  }

  /** The controller of a route, refined by the image of its workload where that is known. */
  public static Controller of(RouteView route) {
    Controller line =
        route.object.kind == Kind.HTTP_ROUTE
            ? ofGateway(route.controllerName)
            : of(route.controllerName, route.className, route.object.annotations);
    if (route.controller == null) {
      return line;
    }
    return route.controller.template.containers.stream()
        .map(container -> ofImage(container.image))
        .filter(byImage -> byImage != Unknown.LINE && isFamily(line, byImage))
        .findFirst()
        .orElse(line);
  }

  /** Whether a container of this image could be the route's controller. */
  public static boolean runs(RouteView route, String image) {
    Controller line = of(route);
    return line.isImage(image) || isFamily(line, ofImage(image));
  }

  /** Major versions that no class tells apart have lines of their own. */
  private static boolean isFamily(Controller line, Controller byImage) {
    return byImage.id.equals(line.id) || byImage.id.startsWith(line.id + "-");
  }

  private static Controller first(Predicate<Controller> rule, Controller otherwise) {
    return TABLE.stream().filter(rule).findFirst().orElse(otherwise);
  }
}
