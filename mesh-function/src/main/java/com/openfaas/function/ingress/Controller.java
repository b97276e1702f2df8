package com.openfaas.function.ingress;

import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Template;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * One line of the table of ingress controllers.
 *
 * <p>In mode {@code ingress} Linkerd's proxy sends a request wherever the header {@code
 * l5d-dst-override} says, so a controller that lets a client's own header through is an open relay
 * into the cluster (https://linkerd.io/2-edge/tasks/using-ingress/#ingress-mode). Hence the order
 * for such a line: first the header on the route, by {@link #settings} or by the operator ({@link
 * #needs}), then the mesh. In mode {@code enabled} the proxy does not read that header.
 */
public final class Controller {
  /**
   * On a route: the operator's word that a client's {@code l5d-dst-override} is overwritten or
   * removed by means that annotations do not show, such as a setting of the whole controller. Only
   * {@code true} counts.
   */
  public static final String VOUCHED = "mesh-setup.openfaas.com/l5d-dst-override-is-set";

  /** The stable word for it, in reports. */
  public final String id;

  public final String title;

  /** Where it usually runs, most usual first; empty where it has no namespace in the cluster. */
  public final List<String> namespaces;

  /**
   * The value for {@code linkerd.io/inject} on its pod template: {@code enabled} or {@code
   * ingress}; empty where there is no pod to mesh, or where we leave it to the operator.
   */
  public final String mode;

  private final Recognition recognition;
  private final Meshing meshing;
  private final RouteSetting route;
  private final String verdict;

  Controller(
      String id,
      String title,
      Recognition recognition,
      Meshing meshing,
      RouteSetting route,
      String verdict) {
    this.id = Objects.requireNonNull(id);
    this.title = Objects.requireNonNull(title);
    this.namespaces = meshing.namespaces;
    this.mode = meshing.mode;
    this.recognition = Objects.requireNonNull(recognition);
    this.meshing = meshing;
    this.route = Objects.requireNonNull(route);
    this.verdict = Objects.requireNonNull(verdict);
  }

  /** Whether a container of this image is the controller's data plane; registry and tag free. */
  public boolean isImage(String image) {
    return recognition.isImage(image);
  }

  /** Whether an image tells it: not one outside of the cluster, or made from a Gateway. */
  boolean hasImage() {
    return recognition.hasImage();
  }

  /** What its pod template needs beside {@code linkerd.io/inject}. */
  public Map<String, String> podAnnotations() {
    return meshing.podAnnotations;
  }

  /**
   * The annotations to write on the Ingress, beside those it has: a value that others share is
   * given whole, with what was there. Never for an HTTPRoute, which has fields of its own.
   *
   * @param routeAnnotations those of the Ingress now
   * @param gatewayAddress the gateway's Service as {@code host:port}
   */
  public Map<String, String> settings(Map<String, String> routeAnnotations, String gatewayAddress) {
    return route.annotations(routeAnnotations, gatewayAddress);
  }

  /** The annotations for an Ingress that has none. */
  public Map<String, String> settings(String gatewayAddress) {
    return settings(Map.of(), gatewayAddress);
  }

  /**
   * What must be in place on the route before the controller is meshed and is not ours to write, in
   * one sentence; empty where the route's annotations show it, or where nothing is needed.
   */
  public String needs(
      Map<String, String> routeAnnotations, String routeNamespace, String gatewayAddress) {
    return isVouchedFor(routeAnnotations) ? "" : route.missing(routeAnnotations, routeNamespace);
  }

  /**
   * Whether the annotations of a route through this controller, the gateway's or another's, show
   * that no client's {@code l5d-dst-override} gets through it. One route that does not is enough
   * for an open relay once the controller is meshed.
   */
  public boolean guards(Map<String, String> routeAnnotations) {
    return !Annotations.INGRESS.equals(mode)
        || isVouchedFor(routeAnnotations)
        || route.guards(routeAnnotations);
  }

  /**
   * What the operator can hand to {@code kubectl apply -f -}, with the commands that go with it as
   * comments; empty where nothing is needed.
   *
   * @param kind of the route: {@code Ingress} or {@code HTTPRoute}
   */
  public String objects(
      String kind,
      String namespace,
      String name,
      Map<String, String> routeAnnotations,
      String gatewayAddress) {
    return route.objects(new RouteName(kind, namespace, name), routeAnnotations, gatewayAddress);
  }

  /** What is done and what to know, in one sentence. */
  public String verdict() {
    return sendsWholeRouteToGateway()
        ? verdict
            + "; the controller's other routes need the header too, and an Ingress with further"
            + " backends must be split first"
        : verdict;
  }

  /**
   * Whether a client's {@code l5d-dst-override} is without effect on a route once what we write or
   * hand out is in place: in mode {@code enabled} nobody reads it, and every setting for mode
   * {@code ingress} in the table replaces it. False where the controller is not ours to mesh:
   * somebody else may have meshed it in whatever mode.
   */
  public boolean stripsClientHeader() {
    return !mode.isEmpty();
  }

  /** What to do where the injector's webhook leaves out the namespace it runs in. */
  public String whereNamespaceIsExcluded() {
    return meshing.whereExcluded;
  }

  /**
   * Whether the header of the route's setting holds for every path of the Ingress: requests for
   * another backend of the same Ingress would go to the gateway, so such an Ingress must be split
   * before the controller is meshed.
   */
  public boolean sendsWholeRouteToGateway() {
    return route.holdsForAllPaths();
  }

  /** Whether it has no pod in the cluster that could be found. */
  public boolean isOutside() {
    return namespaces.isEmpty();
  }

  boolean runs(Template template) {
    return template.containers.stream().anyMatch(container -> isImage(container.image));
  }

  boolean isTold(Predicate<Recognition> by) {
    return by.test(recognition);
  }

  private static boolean isVouchedFor(Map<String, String> routeAnnotations) {
    return "true".equals(routeAnnotations.get(VOUCHED));
  }

  @Override
  public String toString() {
    return id;
  }
}
