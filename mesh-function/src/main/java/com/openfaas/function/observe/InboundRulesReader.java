package com.openfaas.function.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.openfaas.function.cluster.Cluster;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.platform.Authorization;
import com.openfaas.function.platform.Authorization.Cidr;
import com.openfaas.function.platform.Authorization.Clients;
import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.InboundRules;
import com.openfaas.function.platform.InboundRules.PolicyObject;
import com.openfaas.function.platform.InboundRules.Server;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Selector;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads Linkerd's policy objects (linkerd2 charts/linkerd-crds/templates/policy). Without a Server
 * the others have no effect, and are read only if some may be mesh-setup's.
 */
final class InboundRulesReader {
  /** v1beta3 has accessPolicy; releases before 2.16 have v1beta1. */
  private static final List<String> SERVER_VERSIONS = List.of("v1beta3", "v1beta1");

  private final Cluster cluster;
  private final Set<String> namespaces;
  private final Set<String> functions;
  private boolean ours;
  private String version = "";
  private final List<PolicyObject> named = new ArrayList<>();
  private final List<Server> servers = new ArrayList<>();
  private final List<Authorization> authorizations = new ArrayList<>();
  private final Map<String, String> routes = new TreeMap<>();

  /** The identities of MeshTLSAuthentications, by kind and {@code namespace/name}. */
  private final Map<String, List<String>> identities = new HashMap<>();

  /** The networks of NetworkAuthentications, likewise. */
  private final Map<String, List<Cidr>> networks = new HashMap<>();

  private InboundRulesReader(
      Cluster cluster, Set<String> namespaces, Set<String> functions, boolean ours) {
    this.functions = functions;
    this.cluster = cluster;
    this.namespaces = namespaces;
    this.ours = ours;
  }

  /**
   * Those of the gateway's namespace and of the function namespaces.
   *
   * @param ours whether to look for every object of mesh-setup, even a single one left over
   */
  static Reading<InboundRules> read(
      Cluster cluster, String gateway, Set<String> functions, boolean ours)
      throws ClusterException {
    Set<String> namespaces = new TreeSet<>(functions);
    namespaces.add(gateway);
    try {
      return Reading.of(new InboundRulesReader(cluster, namespaces, functions, ours).read());
    } catch (ClusterException e) {
      return Reading.failed(e.readError());
    }
  }

  private InboundRules read() throws ClusterException {
    for (String namespace : namespaces) {
      Optional<List<GenericKubernetesResource>> found = servers(namespace);
      if (found.isEmpty()) {
        return InboundRules.ABSENT;
      }
      found.get().forEach(this::addServer);
    }
    ours |= isSomethingLeft();
    for (String namespace : servers.isEmpty() && !ours ? Set.<String>of() : namespaces) {
      for (var one : list("v1alpha1", "meshtlsauthentications", namespace)) {
        note(Kind.MESH_TLS_AUTHENTICATION, one);
        identities.put(
            key("MeshTLSAuthentication", namespace, PolicyFields.name(one)),
            PolicyFields.identities(one));
      }
      for (var one : list("v1alpha1", "networkauthentications", namespace)) {
        networks.put(
            key("NetworkAuthentication", namespace, PolicyFields.name(one)),
            PolicyFields.networks(PolicyFields.spec(one), "networks"));
      }
    }
    Set<String> guarded = servers.stream().map(s -> s.namespace).collect(Collectors.toSet());
    for (String namespace : ours ? namespaces : guarded) {
      list("v1alpha1", "authorizationpolicies", namespace).forEach(this::addPolicy);
      list("v1beta1", "serverauthorizations", namespace).forEach(this::addServerAuthorization);
      list("v1beta3", "httproutes", namespace).forEach(one -> addRoute("httproute", one));
    }
    readRoutes();
    boolean audits = version.equals(SERVER_VERSIONS.get(0));
    return new InboundRules(servers, authorizations, routes, audits, named);
  }

  /**
   * Whether mesh_protect was on before: of our three objects, the AuthorizationPolicy is created
   * first and deleted last.
   */
  private boolean isSomethingLeft() throws ClusterException {
    for (String namespace : ours ? Set.<String>of() : functions) {
      for (var one : list("v1alpha1", "authorizationpolicies", namespace)) {
        if (PolicyFields.name(one).equals(PolicyObject.NAME)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Gateway API routes attach to Servers, too (https://linkerd.io/2-edge/reference/httproute/,
   * grpcroute/); the right to read them comes with our Server's.
   */
  private void readRoutes() throws ClusterException {
    for (PolicyObject one : named) {
      if (one.object.kind == Kind.SERVER && one.isOurs) {
        String namespace = one.object.namespace;
        cluster.networking().httpRoutes(namespace).forEach(r -> addRoute("httproute", r));
        cluster.networking().grpcRoutes(namespace).forEach(r -> addRoute("grpcroute", r));
      }
    }
  }

  private void note(Kind kind, GenericKubernetesResource one) {
    if (PolicyFields.name(one).equals(PolicyObject.NAME)) {
      named.add(PolicyFields.named(kind, one));
    }
  }

  private Optional<List<GenericKubernetesResource>> servers(String namespace)
      throws ClusterException {
    for (String candidate : SERVER_VERSIONS) {
      var found = cluster.networking().inboundRules(candidate, "servers", namespace);
      if (found.isPresent()) {
        version = candidate;
        return found;
      }
    }
    return Optional.empty();
  }

  private List<GenericKubernetesResource> list(String version, String kinds, String namespace)
      throws ClusterException {
    return cluster.networking().inboundRules(version, kinds, namespace).orElse(List.of());
  }

  private static String key(String kind, String namespace, String name) {
    return kind + " " + namespace + "/" + name;
  }

  /** A Server for workloads outside the cluster selects no pods. */
  private void addServer(GenericKubernetesResource server) {
    note(Kind.SERVER, server);
    JsonNode spec = PolicyFields.spec(server);
    if (spec.has("podSelector")) {
      servers.add(
          new Server(
              PolicyFields.namespace(server),
              PolicyFields.name(server),
              Views.orEmpty(server.getMetadata().getLabels()),
              Instant.parse(server.getMetadata().getCreationTimestamp()),
              PolicyFields.selector(spec.get("podSelector")),
              spec.path("port").asText(),
              spec.path("accessPolicy").asText("deny")));
    }
  }

  /** A route's Server is in the route's own namespace. */
  private void addRoute(String kind, GenericKubernetesResource route) {
    for (JsonNode parent : PolicyFields.spec(route).path("parentRefs")) {
      if (parent.path("kind").asText().equals("Server")) {
        String server =
            "server " + PolicyFields.namespace(route) + "/" + parent.path("name").asText();
        routes.putIfAbsent(server, PolicyFields.subject(kind, route));
      }
    }
  }

  /** All references must match; a policy with a reference to a missing object has no effect. */
  private void addPolicy(GenericKubernetesResource policy) {
    note(Kind.AUTHORIZATION_POLICY, policy);
    List<String> asked = List.of(Clients.UNAUTHENTICATED);
    List<Cidr> from = List.of();
    String doubt = "";
    for (JsonNode ref : PolicyFields.spec(policy).path("requiredAuthenticationRefs")) {
      String namespace = ref.path("namespace").asText(PolicyFields.namespace(policy));
      String kind = ref.path("kind").asText();
      String key = key(kind, namespace, ref.path("name").asText());
      if (kind.equals("ServiceAccount")) {
        asked = List.of(Identity.pattern(namespace, ref.path("name").asText()));
      } else if (identities.containsKey(key)) {
        asked = identities.get(key);
      } else if (networks.containsKey(key)) {
        from = networks.get(key);
      } else if (namespaces.contains(namespace)) {
        doubt = "which has no effect: there is no " + key;
        asked = List.of();
      } else {
        doubt = "which asks for " + key + ", not read";
      }
    }
    addPolicy(policy, new Clients(asked, from), doubt);
  }

  /** A policy for a route applies to some requests only. */
  private void addPolicy(GenericKubernetesResource policy, Clients clients, String doubt) {
    JsonNode target = PolicyFields.spec(policy).path("targetRef");
    String of = target.path("kind").asText();
    boolean route = of.equals("HTTPRoute") || of.equals("GRPCRoute");
    if (route || of.equals("Server") || of.equals("Namespace")) {
      authorizations.add(
          new Authorization(
              PolicyFields.subject("authorizationpolicy", policy),
              PolicyFields.namespace(policy),
              of.equals("Server") ? target.path("name").asText() : null,
              Selector.ALL,
              clients,
              route ? "which is about a route, " + target.path("name").asText() : doubt));
    }
  }

  private void addServerAuthorization(GenericKubernetesResource authorization) {
    JsonNode server = PolicyFields.spec(authorization).path("server");
    authorizations.add(
        new Authorization(
            PolicyFields.subject("serverauthorization", authorization),
            PolicyFields.namespace(authorization),
            server.has("name") ? server.get("name").asText() : null,
            PolicyFields.selector(server.path("selector")),
            PolicyFields.clients(authorization),
            ""));
  }
}
