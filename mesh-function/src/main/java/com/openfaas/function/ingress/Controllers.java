package com.openfaas.function.ingress;

import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Traffic.RouteView;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The table of ingress controllers, and how a route's controller is found in it. */
public final class Controllers {
  /** Of two with the same name, the more likely one comes first. */
  public static final List<ControllerProfile> TABLE =
      ProfileRow.all(ProfileRow.resource("controllers.yaml"), ControllerProfile::new);

  /** The annotation that named the class before {@code spec.ingressClassName} existed. */
  public static final String CLASS = "kubernetes.io/ingress.class";

  private static final ControllerProfile UNKNOWN = profile("unknown");
  private static final ControllerProfile OF_ANY_GATEWAY = profile("gateway-api");

  private Controllers() {}

  /**
   * The profiles an Ingress may belong to, most likely first, at least one: {@code unknown} if the
   * table has none. Only the workload's image decides between them: major versions of Traefik share
   * a name, and so do controllers of class {@code nginx} or {@code haproxy}.
   *
   * @param controllerName {@code spec.controller} of its IngressClass; if empty, class names decide
   * @param className {@code spec.ingressClassName}; empty if only the old annotation may name it
   */
  static List<ControllerProfile> candidates(
      String controllerName, String className, Map<String, String> routeAnnotations) {
    if (!controllerName.isEmpty()) {
      return those(profile -> profile.isController(controllerName), UNKNOWN);
    }
    String name = className.isEmpty() ? routeAnnotations.getOrDefault(CLASS, "") : className;
    return those(profile -> profile.isClass(name), UNKNOWN);
  }

  /**
   * The controller of an HTTPRoute, by {@code spec.controllerName} of its Gateway's class; {@code
   * gateway-api} if the table does not have it.
   */
  static ControllerProfile ofGateway(String controllerName) {
    return those(profile -> profile.isGateway(controllerName), OF_ANY_GATEWAY).get(0);
  }

  /** The controller with this image, or {@code unknown}. */
  static ControllerProfile ofImage(String image) {
    return those(profile -> profile.isImage(image), UNKNOWN).get(0);
  }

  /**
   * The controller of a route, by the image of its workload where that is known; if the route's
   * class is unknown, by the image alone.
   */
  public static ControllerProfile of(RouteView route) {
    List<ControllerProfile> candidates = candidates(route);
    List<ControllerProfile> possible = candidates.get(0) == UNKNOWN ? TABLE : candidates;
    return possible.stream()
        .filter(each -> route.controller != null && each.runs(route.controller.template))
        .findFirst()
        .orElse(candidates.get(0));
  }

  /**
   * The controller of all routes through one workload, in any order: unknown ones are ignored, and
   * two different ones make it {@code unknown}.
   */
  static ControllerProfile of(Collection<RouteView> routes) {
    List<ControllerProfile> named =
        routes.stream()
            .map(Controllers::of)
            .filter(profile -> profile != UNKNOWN)
            .distinct()
            .collect(Collectors.toList());
    return named.size() == 1 ? named.get(0) : UNKNOWN;
  }

  /** Whether a container of this image could be the route's controller. */
  public static boolean runs(RouteView route, String image) {
    return candidates(route).stream().anyMatch(profile -> profile.isImage(image));
  }

  /** Whether the table has the image, but under another controller than the route's class names. */
  public static boolean isOfAnother(RouteView route, String image) {
    return ofImage(image) != UNKNOWN && candidates(route).get(0) != UNKNOWN && !runs(route, image);
  }

  /** Whether the route's controller can be identified by an image at all. */
  public static boolean hasImage(RouteView route) {
    return candidates(route).stream().anyMatch(ControllerProfile::hasImage);
  }

  private static List<ControllerProfile> candidates(RouteView route) {
    return route.object.kind == Kind.HTTP_ROUTE
        ? List.of(ofGateway(route.controllerName))
        : candidates(route.controllerName, route.className, route.object.annotations);
  }

  private static List<ControllerProfile> those(
      Predicate<ControllerProfile> are, ControllerProfile otherwise) {
    List<ControllerProfile> found =
        TABLE.stream().filter(are).collect(Collectors.toUnmodifiableList());
    return found.isEmpty() ? List.of(otherwise) : found;
  }

  private static ControllerProfile profile(String id) {
    return TABLE.stream().filter(profile -> profile.id.equals(id)).findFirst().orElseThrow();
  }
}
