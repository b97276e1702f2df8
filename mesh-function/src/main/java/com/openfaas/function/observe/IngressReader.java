package com.openfaas.function.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.ingress.ControllerProfile;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Traffic.IngressView;
import com.openfaas.function.platform.Traffic.RouteView;
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
 * Finds the routes whose backend is the gateway's Service, and their controllers. A missing right
 * is reported and does not stop the observation.
 */
final class IngressReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";

  private final Cluster cluster;
  private final String namespace;
  private final ControllerReader controllers;
  private final List<Problem> unread = new ArrayList<>();
  private final List<RouteView> routes = new ArrayList<>();
  private Map<String, IngressClass> classes;

  /**
   * @param namespace the gateway's: an Ingress reaches only Services of its own namespace
   */
  IngressReader(Cluster cluster, String namespace, ControllerReader controllers) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.controllers = controllers;
  }

  /**
   * @param gateway the labels of its pods
   */
  IngressView read(Map<String, String> gateway) throws ClusterException {
    try {
      GatewayServices services =
          new GatewayServices(cluster.networking().services(namespace), gateway);
      readIngresses(services);
      readHttpRoutes(services);
      boolean nothing = routes.isEmpty() && unread.isEmpty();
      unread.addAll(controllers.problems());
      return new IngressView(routes, nothing ? services.withoutRoute() : withoutAll(), unread);
    } catch (ClusterException e) {
      unread.add(e.readError());
      return new IngressView(routes, withoutAll(), unread);
    }
  }

  private String withoutAll() {
    return routes.isEmpty() ? "the routes to the gateway could not be read" : "";
  }

  private void readIngresses(GatewayServices services) throws ClusterException {
    try {
      for (Ingress ingress : cluster.networking().ingresses(namespace)) {
        readIngress(ingress, services);
      }
    } catch (ClusterException e) {
      unread.add(e.readError());
    }
  }

  private void readHttpRoutes(GatewayServices services) throws ClusterException {
    try {
      for (GenericKubernetesResource route : cluster.networking().httpRoutes(namespace)) {
        readHttpRoute(route, services);
      }
    } catch (ClusterException e) {
      unread.add(e.readError());
    }
  }

  private void readIngress(Ingress ingress, GatewayServices services) throws ClusterException {
    List<IngressBackend> backends = backends(ingress);
    List<IngressServiceBackend> ofGateway =
        backends.stream()
            .map(IngressBackend::getService)
            .filter(service -> service != null && services.contains(service.getName()))
            .collect(Collectors.toList());
    if (ofGateway.isEmpty()) {
      return;
    }
    Map<String, String> annotations = Views.orEmpty(ingress.getMetadata().getAnnotations());
    String named = Objects.requireNonNullElse(ingress.getSpec().getIngressClassName(), "");
    String name = named.isEmpty() ? annotations.getOrDefault(ControllerProfile.CLASS, "") : named;
    IngressClass its = classOf(name);
    RouteView route =
        new RouteView(
            Views.object(Kind.INGRESS, namespace, ingress.getMetadata()),
            its == null ? name : its.getMetadata().getName(),
            its == null ? "" : Objects.requireNonNullElse(its.getSpec().getController(), ""),
            services.address(ofGateway.get(0)),
            ofGateway.size() < backends.size(),
            null);
    routes.add(route.through(controllers.find(route, release(its))));
  }

  /** All backends: Services, and resources such as a bucket. */
  private static List<IngressBackend> backends(Ingress ingress) {
    List<IngressBackend> backends = new ArrayList<>();
    backends.add(ingress.getSpec().getDefaultBackend());
    ingress.getSpec().getRules().stream()
        .filter(rule -> rule.getHttp() != null)
        .flatMap(rule -> rule.getHttp().getPaths().stream())
        .forEach(path -> backends.add(path.getBackend()));
    return backends.stream().filter(Objects::nonNull).collect(Collectors.toList());
  }

  /** The class of that name, or the cluster's default if it is empty; null if there is none. */
  private IngressClass classOf(String name) throws ClusterException {
    if (classes == null) {
      classes = readClasses();
    }
    return name.isEmpty()
        ? classes.values().stream()
            .filter(each -> annotation(each, DEFAULT_CLASS).equals("true"))
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
          .forEach(each -> read.put(each.getMetadata().getName(), each));
    } catch (ClusterException e) {
      unread.add(e.readError());
    }
    return read;
  }

  /** The namespace where Helm installed the controller and its class; empty if Helm did not. */
  private static String release(IngressClass its) {
    return its == null ? "" : annotation(its, "meta.helm.sh/release-namespace");
  }

  private static String annotation(IngressClass its, String key) {
    return Views.orEmpty(its.getMetadata().getAnnotations()).getOrDefault(key, "");
  }

  /** The fields are those of https://gateway-api.sigs.k8s.io/reference/spec/. */
  private void readHttpRoute(GenericKubernetesResource found, GatewayServices services)
      throws ClusterException {
    JsonNode fields = JSON.valueToTree(found.getAdditionalProperties());
    List<JsonNode> backends = new ArrayList<>();
    fields.at("/spec/rules").forEach(rule -> rule.path("backendRefs").forEach(backends::add));
    List<JsonNode> ofGateway =
        backends.stream()
            .filter(ref -> ref.path("kind").asText("Service").equals("Service"))
            .filter(ref -> ref.path("namespace").asText(namespace).equals(namespace))
            .filter(ref -> services.contains(ref.path("name").asText()))
            .collect(Collectors.toList());
    if (ofGateway.isEmpty()) {
      return;
    }
    JsonNode backend = ofGateway.get(0);
    JsonNode gateway = fields.at("/spec/parentRefs/0");
    RouteView route =
        new RouteView(
            Views.object(Kind.HTTP_ROUTE, namespace, found.getMetadata()),
            gateway.path("name").asText(),
            fields.at("/status/parents/0/controllerName").asText(),
            services.address(
                backend.path("name").asText(),
                backend.path("port").asInt(GatewayServices.DEFAULT_PORT)),
            ofGateway.size() < backends.size(),
            null);
    String ofItsGateway =
        gateway.isMissingNode() ? "" : gateway.path("namespace").asText(namespace);
    routes.add(route.through(controllers.find(route, ofItsGateway)));
  }

  /** The Services that select the gateway's pods. */
  private static final class GatewayServices {
    /** The port in the OpenFaaS chart (gateway-svc.yaml), for a route that names none. */
    static final int DEFAULT_PORT = 8080;

    private final Map<String, Service> byName = new TreeMap<>();

    /**
     * @param gateway the labels of its pods
     */
    GatewayServices(List<Service> services, Map<String, String> gateway) {
      for (Service service : services) {
        Map<String, String> selector = Views.orEmpty(service.getSpec().getSelector());
        if (!selector.isEmpty() && gateway.entrySet().containsAll(selector.entrySet())) {
          byName.put(service.getMetadata().getName(), service);
        }
      }
    }

    boolean contains(String service) {
      return byName.containsKey(service);
    }

    /** The backend's address, as {@code name.namespace.svc.cluster.local:port}. */
    String address(IngressServiceBackend backend) {
      Integer number = backend.getPort() == null ? null : backend.getPort().getNumber();
      String name = backend.getPort() == null ? null : backend.getPort().getName();
      int named =
          byName.get(backend.getName()).getSpec().getPorts().stream()
              .filter(port -> Objects.equals(port.getName(), name))
              .map(ServicePort::getPort)
              .findFirst()
              .orElse(DEFAULT_PORT);
      return address(backend.getName(), number == null ? named : number);
    }

    String address(String service, int port) {
      String namespace = byName.get(service).getMetadata().getNamespace();
      return service + "." + namespace + ".svc.cluster.local:" + port;
    }

    /** How calls arrive if there is no route to any of them. */
    String withoutRoute() {
      String open =
          byName.values().stream()
              .filter(s -> Set.of("LoadBalancer", "NodePort").contains(s.getSpec().getType()))
              .map(s -> "Service " + s.getMetadata().getName() + " (" + s.getSpec().getType() + ")")
              .collect(Collectors.joining(", "));
      return open.isEmpty()
          ? "no Ingress, HTTPRoute, LoadBalancer or NodePort routes to the gateway"
          : "no Ingress or HTTPRoute routes to the gateway: calls arrive at " + open;
    }
  }
}
