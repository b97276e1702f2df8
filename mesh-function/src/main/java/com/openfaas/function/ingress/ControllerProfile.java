package com.openfaas.function.ingress;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Traffic.RouteView;
import com.openfaas.function.platform.Workload.Template;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One row of the table of ingress controllers: how to recognize it, how Linkerd meshes it, and what
 * its routes need.
 *
 * <p>In mode {@code ingress} Linkerd's proxy sends a request wherever the header {@code
 * l5d-dst-override} says, so a controller that lets a client's own header through is an open relay
 * into the cluster (https://linkerd.io/2-edge/tasks/using-ingress/#ingress-mode). Hence the order
 * for such a controller: first the header on the route, by {@link #settings} or by the operator
 * ({@link #needs}), then the mesh. In mode {@code enabled} the proxy does not read that header.
 */
public final class ControllerProfile {
  /**
   * Set on a route by the operator, to vouch that a client's {@code l5d-dst-override} is
   * overwritten or removed by means that annotations do not show, such as a setting of the whole
   * controller. Only {@code true} counts.
   */
  public static final String VOUCHED = "mesh-setup.openfaas.com/l5d-dst-override-is-set";

  /** The annotation that named the class before {@code spec.ingressClassName} existed. */
  public static final String CLASS = "kubernetes.io/ingress.class";

  /** linkerd2 excludes these namespaces by default: proxy-injector's namespaceSelector. */
  private static final String OWN_NAMESPACE =
      "the injector's webhook excludes this namespace (kube-system and cert-manager by default):"
          + " install the controller in a namespace of its own";

  private static final String OTHER_ROUTES =
      "; the controller's other routes need the header too, and an Ingress with further backends"
          + " must be split first";

  /** The table. Of two with the same name, the more likely one comes first. */
  public static final List<ControllerProfile> TABLE =
      ProfileRow.all(ProfileRow.resource("controllers.yaml"), ControllerProfile::new);

  private static final ControllerProfile UNKNOWN = profile("unknown");
  private static final ControllerProfile OF_ANY_GATEWAY = profile("gateway-api");

  /** Its stable name in reports. */
  public final String id;

  public final String title;

  /** Where it usually runs, most common first; empty if it runs outside the cluster. */
  public final List<String> namespaces;

  /**
   * The value for {@code linkerd.io/inject} on its pod template: {@code enabled} or {@code
   * ingress}; empty if there is no pod to mesh, or if meshing it is left to the operator.
   */
  public final String mode;

  /** What its pod template needs in addition to {@code linkerd.io/inject}. */
  public final Map<String, String> podAnnotations;

  /** What to do if the injector's webhook excludes its namespace. */
  public final String whereNamespaceIsExcluded;

  /** What is done and what to know, in one sentence. */
  public final String verdict;

  private final List<String> controllers;
  private final List<String> gateways;
  private final List<String> classes;
  private final List<String> images;
  private final Pattern tag;
  private final List<String> clientAddressAnnotations;
  private final RouteSetting setting;
  private final String manifest;

  ControllerProfile(ProfileRow row) {
    id = row.text("id");
    title = row.text("title");
    controllers = row.texts("controllers");
    gateways = row.texts("gateways");
    classes = row.texts("classes");
    images = row.texts("images");
    tag = row.pattern("tag", ".*");
    namespaces = row.texts("namespaces");
    mode = row.textOr("inject", "");
    podAnnotations = row.textsByKey("podAnnotations");
    whereNamespaceIsExcluded = row.textOr("whereNamespaceIsExcluded", OWN_NAMESPACE);
    clientAddressAnnotations = row.texts("clientAddressAnnotations");
    setting = RouteSetting.of(row);
    manifest = row.textOr("apply", "");
    verdict = row.text("verdict") + (setting.holdsForAllPaths() ? OTHER_ROUTES : "");
    check(row);
  }

  private void check(ProfileRow row) {
    boolean meshed = !mode.isEmpty();
    row.check(
        !meshed || Set.of(Annotations.ENABLED, Annotations.INGRESS).contains(mode),
        "inject is neither enabled nor ingress");
    row.check(
        !meshed || !(images.isEmpty() || namespaces.isEmpty()),
        "a controller that is meshed is found by images and namespaces");
    row.check(
        setting.mode().isEmpty() || setting.mode().equals(mode),
        "what its routes need is made for inject: " + setting.mode());
    row.check(
        !Annotations.INGRESS.equals(mode) || setting != RouteSetting.FixedSetting.NONE,
        "with inject: ingress nothing keeps a client's " + RouteSetting.HEADER + " out");
  }

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
    return those(profile -> profile.classes.contains(name), UNKNOWN);
  }

  /**
   * The controller of an HTTPRoute, by {@code spec.controllerName} of its Gateway's class; {@code
   * gateway-api} if the table does not have it.
   */
  static ControllerProfile ofGateway(String controllerName) {
    return those(profile -> profile.gateways.contains(controllerName), OF_ANY_GATEWAY).get(0);
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
            .map(ControllerProfile::of)
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

  /**
   * Whether an image identifies the route's controller; not if that is outside the cluster or
   * created by a Gateway.
   */
  public static boolean hasImage(RouteView route) {
    return candidates(route).stream().anyMatch(profile -> !profile.images.isEmpty());
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

  /**
   * Whether this is an image of the controller's data plane, in any registry.
   *
   * @param image {@code [registry/]path[:tag][@digest]}; a missing tag counts as ""
   */
  public boolean isImage(String image) {
    String named = image.split("@", -1)[0];
    int colon = named.indexOf(':', named.lastIndexOf('/') + 1);
    String path = colon < 0 ? named : named.substring(0, colon);
    return tag.matcher(colon < 0 ? "" : named.substring(colon + 1)).matches()
        && images.stream().anyMatch(end -> path.equals(end) || path.endsWith("/" + end));
  }

  boolean isController(String name) {
    return controllers.stream()
        .anyMatch(known -> name.equals(known) || name.startsWith(known + "/"));
  }

  boolean runs(Template template) {
    return template.containers.stream().anyMatch(container -> isImage(container.image));
  }

  /** Whether it has no pod in the cluster that could be found. */
  public boolean isOutside() {
    return namespaces.isEmpty();
  }

  /**
   * The annotations to write on the Ingress in addition to its own. A value shared with others is
   * returned whole, with what was there. Never for an HTTPRoute, which has fields of its own.
   *
   * @param present the annotations of the Ingress now
   * @param gatewayAddress the gateway's Service as {@code host:port}
   */
  public Map<String, String> settings(Map<String, String> present, String gatewayAddress) {
    return setting.annotations(present, gatewayAddress);
  }

  /**
   * What the operator must put on the route before the controller is meshed, in one sentence; empty
   * if the route's annotations show it, or if nothing is needed.
   */
  String needs(Map<String, String> present, String routeNamespace) {
    return "true".equals(present.get(VOUCHED)) ? "" : setting.missing(present, routeNamespace);
  }

  /** The objects that the operator can apply; empty if none is needed. */
  String manifest(String routeNamespace, String gatewayAddress) {
    return manifest
        .replace("{namespace}", routeNamespace)
        .replace("{gateway}", gatewayAddress)
        .replace("{service}", gatewayAddress.substring(0, gatewayAddress.indexOf('.')))
        .replace("{port}", gatewayAddress.substring(gatewayAddress.lastIndexOf(':') + 1));
  }

  /** The annotations that the operator then writes on the route, in this order. */
  Map<String, String> afterwards(Map<String, String> present, String routeNamespace) {
    return setting.afterwards(present, routeNamespace);
  }

  /**
   * Whether the header applies to every path of the Ingress: requests for another backend would
   * then go to the gateway, so such an Ingress must be split before the controller is meshed.
   */
  boolean sendsWholeRouteToGateway() {
    return setting.holdsForAllPaths();
  }

  /**
   * The route's annotations that depend on the client's address. Behind Linkerd's inbound proxy
   * every client of a controller is 127.0.0.1 (https://github.com/linkerd/linkerd2/issues/3334), so
   * an allow list blocks everybody and a rate limit is shared by all.
   */
  public Set<String> byClientAddress(Map<String, String> present) {
    Set<String> used = new TreeSet<>(present.keySet());
    used.retainAll(clientAddressAnnotations);
    return used;
  }

  @Override
  public String toString() {
    return id;
  }
}
