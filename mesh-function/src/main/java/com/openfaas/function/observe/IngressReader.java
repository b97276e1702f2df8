package com.openfaas.function.observe;

import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Entry;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.RouteView;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackend;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.api.model.networking.v1.IngressServiceBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds the routes whose backend is the gateway's Service, and the controllers behind them. Both
 * may be beyond our rights, which is told and stops nothing.
 */
final class IngressReader {
  private static final String OLD_CLASS = "kubernetes.io/ingress.class";
  private static final String DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";

  /** The port of the gateway's Service (OpenFaaS chart, gateway-svc.yaml), where it names none. */
  private static final int GATEWAY_PORT = 8080;

  private final Cluster cluster;
  private final String namespace;
  private final ControllerReader controllers;
  private final List<Problem> unread = new ArrayList<>();
  private final List<RouteView> routes = new ArrayList<>();
  private Map<String, IngressClass> classes;

  /**
   * @param namespace the gateway's: an Ingress reaches no Service of another
   */
  IngressReader(Cluster cluster, String namespace, ControllerReader controllers) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.controllers = controllers;
  }

  /**
   * @param gateway its pods' labels; its Services are those that select them
   */
  Entry read(Map<String, String> gateway) throws ClusterException {
    try {
      Map<String, Service> services = new TreeMap<>();
      for (Service service : cluster.networking().services(namespace).getItems()) {
        Map<String, String> selector = Views.orEmpty(service.getSpec().getSelector());
        if (!selector.isEmpty() && gateway.entrySet().containsAll(selector.entrySet())) {
          services.put(service.getMetadata().getName(), service);
        }
      }
      readIngresses(services);
      readHttpRoutes(services);
      unread.addAll(controllers.problems());
      return new Entry(routes, routes.isEmpty() ? withoutRoute(services) : "", unread);
    } catch (ClusterException e) {
      unread.add(Unread.problem(e));
      return new Entry(routes, "what leads to the gateway could not be read", unread);
    }
  }

  private static String withoutRoute(Map<String, Service> services) {
    String open =
        services.values().stream()
            .filter(s -> Set.of("LoadBalancer", "NodePort").contains(s.getSpec().getType()))
            .map(s -> "Service " + s.getMetadata().getName() + " (" + s.getSpec().getType() + ")")
            .collect(Collectors.joining(", "));
    return open.isEmpty()
        ? "no Ingress or HTTPRoute leads to the gateway, and no LoadBalancer or NodePort either"
        : "no Ingress or HTTPRoute leads to the gateway: calls come in by " + open;
  }

  private void readIngresses(Map<String, Service> services) throws ClusterException {
    for (Ingress ingress : cluster.networking().ingresses(namespace).getItems()) {
      String address = address(ingress, services);
      if (address != null) {
        routes.add(route(ingress, address));
      }
    }
  }

  private RouteView route(Ingress ingress, String address) throws ClusterException {
    Map<String, String> annotations = Views.orEmpty(ingress.getMetadata().getAnnotations());
    String named = Objects.requireNonNullElse(ingress.getSpec().getIngressClassName(), "");
    String name = named.isEmpty() ? annotations.getOrDefault(OLD_CLASS, "") : named;
    IngressClass its = classOf(name);
    String className = its == null ? name : its.getMetadata().getName();
    String controller =
        its == null ? "" : Objects.requireNonNullElse(its.getSpec().getController(), "");
    Annotated object =
        new Annotated(Kind.INGRESS, namespace, ingress.getMetadata().getName(), annotations);
    RouteView bare = new RouteView(object, className, controller, address, null);
    return new RouteView(
        object, className, controller, address, controllers.find(bare, release(its)));
  }

  /** The class of that name; without a name, the cluster's default. Null where there is none. */
  private IngressClass classOf(String name) throws ClusterException {
    if (classes == null) {
      classes = readClasses();
    }
    return name.isEmpty()
        ? classes.values().stream()
            .filter(
                c ->
                    "true"
                        .equals(Views.orEmpty(c.getMetadata().getAnnotations()).get(DEFAULT_CLASS)))
            .findFirst()
            .orElse(null)
        : classes.get(name);
  }

  private Map<String, IngressClass> readClasses() throws ClusterException {
    Map<String, IngressClass> read = new TreeMap<>();
    try {
      cluster
          .networking()
          .ingressClasses()
          .getItems()
          .forEach(each -> read.put(each.getMetadata().getName(), each));
    } catch (ClusterException e) {
      unread.add(Unread.problem(e));
    }
    return read;
  }

  /** Where Helm has installed the controller with its class. */
  private static String release(IngressClass its) {
    return its == null
        ? ""
        : Views.orEmpty(its.getMetadata().getAnnotations())
            .getOrDefault("meta.helm.sh/release-namespace", "");
  }

  private static String address(Ingress ingress, Map<String, Service> services) {
    List<IngressBackend> backends = new ArrayList<>();
    backends.add(ingress.getSpec().getDefaultBackend());
    ingress.getSpec().getRules().stream()
        .filter(rule -> rule.getHttp() != null)
        .flatMap(rule -> rule.getHttp().getPaths().stream())
        .forEach(path -> backends.add(path.getBackend()));
    return backends.stream()
        .filter(backend -> backend != null && backend.getService() != null)
        .map(IngressBackend::getService)
        .filter(backend -> services.containsKey(backend.getName()))
        .map(backend -> address(services.get(backend.getName()), backend))
        .findFirst()
        .orElse(null);
  }

  private static String address(Service service, IngressServiceBackend backend) {
    Integer number = backend.getPort() == null ? null : backend.getPort().getNumber();
    String name = backend.getPort() == null ? null : backend.getPort().getName();
    int named =
        service.getSpec().getPorts().stream()
            .filter(port -> Objects.equals(port.getName(), name))
            .map(ServicePort::getPort)
            .findFirst()
            .orElse(GATEWAY_PORT);
    return address(service, number == null ? named : number);
  }

  private static String address(Service service, int port) {
    return service.getMetadata().getName()
        + "."
        + service.getMetadata().getNamespace()
        + ".svc.cluster.local:"
        + port;
  }

  private void readHttpRoutes(Map<String, Service> services) throws ClusterException {
    try {
      for (GenericKubernetesResource route : cluster.networking().httpRoutes(namespace)) {
        HttpRouteFields fields = new HttpRouteFields(route);
        for (String backend : fields.backends()) {
          if (services.containsKey(backend)) {
            routes.add(route(fields, address(services.get(backend), fields.portOf(backend))));
            break;
          }
        }
      }
    } catch (ClusterException e) {
      unread.add(Unread.problem(e));
    }
  }

  private RouteView route(HttpRouteFields route, String address) throws ClusterException {
    RouteView bare =
        new RouteView(route.object(), route.gateway(), route.controllerName(), address, null);
    return new RouteView(
        bare.object,
        bare.className,
        bare.controllerName,
        address,
        controllers.find(bare, route.gatewayNamespace()));
  }
}
