package com.openfaas.function.observe;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.networking.v1.IngressServiceBackend;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The Services that select the gateway's pods. */
final class GatewayServices {
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
