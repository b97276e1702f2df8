package com.openfaas.function.observe;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Kind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An HTTPRoute's fields, by the paths of https://gateway-api.sigs.k8s.io/reference/spec/. */
final class HttpRouteFields {
  private final ObjectMeta meta;
  private final Map<?, ?> spec;
  private final Map<?, ?> status;

  HttpRouteFields(GenericKubernetesResource route) {
    this.meta = route.getMetadata();
    this.spec = map(route.getAdditionalProperties().get("spec"));
    this.status = map(route.getAdditionalProperties().get("status"));
  }

  Annotated object() {
    return Views.object(Kind.HTTP_ROUTE, meta.getNamespace(), meta);
  }

  /** Names of the Services of its own namespace that it sends requests to. */
  List<String> backends() {
    return services().map(ref -> text(ref, "name", "")).collect(Collectors.toList());
  }

  /** How many backends it has, whatever they are. */
  int allBackends() {
    return (int) references().count();
  }

  int portOf(String backend) {
    return services()
        .filter(ref -> backend.equals(ref.get("name")))
        .map(ref -> ref.get("port"))
        .filter(Number.class::isInstance)
        .map(port -> ((Number) port).intValue())
        .findFirst()
        .orElse(GatewayServices.DEFAULT_PORT);
  }

  /** The name of its first parent; empty where it has none. */
  String gateway() {
    return parents().map(parent -> text(parent, "name", "")).findFirst().orElse("");
  }

  String gatewayNamespace() {
    return parents()
        .map(parent -> text(parent, "namespace", meta.getNamespace()))
        .findFirst()
        .orElse("");
  }

  /** What its status says of who serves it; empty where nobody has taken it on. */
  String controllerName() {
    return list(status.get("parents"))
        .map(p -> text(p, "controllerName", ""))
        .findFirst()
        .orElse("");
  }

  private Stream<Map<?, ?>> parents() {
    return list(spec.get("parentRefs"));
  }

  private Stream<Map<?, ?>> references() {
    return list(spec.get("rules")).flatMap(rule -> list(rule.get("backendRefs")));
  }

  private Stream<Map<?, ?>> services() {
    return references()
        .filter(ref -> text(ref, "kind", "Service").equals("Service"))
        .filter(ref -> text(ref, "namespace", meta.getNamespace()).equals(meta.getNamespace()));
  }

  private static Stream<Map<?, ?>> list(Object list) {
    return list instanceof List
        ? ((List<?>) list).stream().map(HttpRouteFields::map)
        : Stream.empty();
  }

  private static Map<?, ?> map(Object object) {
    return object instanceof Map ? (Map<?, ?>) object : Map.of();
  }

  private static String text(Map<?, ?> map, String key, String otherwise) {
    Object value = map.get(key);
    return value instanceof String ? (String) value : otherwise;
  }
}
