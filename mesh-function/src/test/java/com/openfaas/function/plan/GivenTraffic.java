package com.openfaas.function.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.ControlPlane.Certificate;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Traffic;
import com.openfaas.function.platform.Traffic.Calls;
import com.openfaas.function.platform.Traffic.IngressView;
import com.openfaas.function.platform.Traffic.RouteView;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** The routes and the functions' Services of a case's given.yaml; see cases/plan/README.md. */
final class GivenTraffic {
  private static final String NAMESPACE = "openfaas";

  private final JsonNode yaml;
  private final List<Workload> workloads;

  GivenTraffic(JsonNode yaml, List<Workload> workloads) {
    this.yaml = yaml;
    this.workloads = workloads;
  }

  Traffic traffic() {
    return new Traffic(ingress(), calls());
  }

  private IngressView ingress() {
    List<RouteView> routes = new ArrayList<>();
    yaml.path("routes").forEach(route -> routes.add(route(route)));
    return new IngressView(
        routes, routes.isEmpty() ? "no route leads to the gateway" : "", unread("routesUnread"));
  }

  /** To which nobody has written since mesh-setup, or somebody has to all of them. */
  Annotated object(
      Kind kind,
      String namespace,
      String name,
      Map<String, String> annotations,
      Map<String, String> labels) {
    boolean ours = !yaml.path("writtenByOthers").asBoolean();
    String label = labels.get(Annotations.INJECT);
    return new Annotated(kind, namespace, name, annotations, Annotated.UNKNOWN, label, ours);
  }

  private List<Problem> unread(String key) {
    List<Problem> unread = new ArrayList<>();
    yaml.path(key)
        .properties()
        .forEach(p -> unread.add(new Problem(p.getKey(), p.getValue().asText(), "no", "grant it")));
    return unread;
  }

  private RouteView route(JsonNode route) {
    Kind kind = route.path("kind").asText().equals("HTTPRoute") ? Kind.HTTP_ROUTE : Kind.INGRESS;
    String through = route.path("through").asText();
    return new RouteView(
        object(
            kind,
            NAMESPACE,
            route.get("name").asText(),
            texts(route.path("annotations")),
            Map.of()),
        route.path("class").asText(),
        route.path("controller").asText(),
        "gateway.openfaas.svc.cluster.local:8080",
        route.path("shared").asBoolean(),
        workloads.stream().filter(w -> w.key().equals(through)).findFirst().orElse(null));
  }

  private Calls calls() {
    List<Annotated> services = new ArrayList<>();
    yaml.path("services")
        .properties()
        .forEach(
            s ->
                services.add(
                    object(
                        Kind.SERVICE, "openfaas-fn", s.getKey(), texts(s.getValue()), Map.of())));
    List<Workload> neighbours = new ArrayList<>();
    yaml.path("neighbours").forEach(n -> neighbours.add(Given.workload(n, Role.CORE)));
    List<String> profiled = new ArrayList<>();
    yaml.path("profiled").forEach(n -> profiled.add(n.asText()));
    return new Calls(
        yaml.path("directFunctions").asBoolean(),
        services,
        new HashSet<>(profiled),
        neighbours,
        unread("servicesUnread"));
  }

  private static Map<String, String> texts(JsonNode map) {
    Map<String, String> texts = new HashMap<>();
    map.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }

  /** Of the control plane. */
  static List<Certificate> certificates(JsonNode yaml) {
    List<Certificate> certificates = new ArrayList<>();
    yaml.path("certificates")
        .forEach(
            given ->
                certificates.add(
                    new Certificate(
                        Certificate.Use.valueOf(given.get("use").asText()),
                        given.path("name").asText("CN=root.linkerd.cluster.local"),
                        given.path("serial").asText("1A"),
                        Instant.parse(given.get("ends").asText()))));
    return certificates;
  }
}
