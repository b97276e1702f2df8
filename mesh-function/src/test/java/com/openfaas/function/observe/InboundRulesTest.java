package com.openfaas.function.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.openfaas.function.platform.Cases;
import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.InboundRules;
import com.openfaas.function.platform.InboundRules.Admission;
import com.openfaas.function.platform.InboundRules.Caller;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Problem;
import com.openfaas.function.platform.Reading;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Whom Linkerd's policy objects let in: cases/inbound-rules.yaml tells each")
class InboundRulesTest {
  private static final Set<String> FUNCTIONS = Set.of("openfaas-fn");
  private static final Map<String, String> VERSIONS =
      Map.of("Server", "v1beta3", "ServerAuthorization", "v1beta1", "HTTPRoute", "v1beta3");
  private static final Workload FIGLET =
      Sample.function().labelled("faas_function", "figlet").port(8080, "http").workload();

  static Stream<Named<JsonNode>> cases() {
    return StreamSupport.stream(Cases.yaml(Cases.file("inbound-rules.yaml")).spliterator(), false)
        .map(given -> Named.of(given.get("is").asText(), given));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void judgesTheGateway(JsonNode given) throws Exception {
    InboundRules rules;
    try (CannedApi api = new CannedApi()) {
      serve(api, given.get("objects"));
      rules = InboundRulesReader.read(api.cluster(), "openfaas", FUNCTIONS, false).value;
    }
    String otherwise = given.path("byDefault").asText("deny");
    Map<String, String> answers = new HashMap<>();
    String by = "";
    for (String how : List.of("unmeshed", "meshed")) {
      Admission admission = rules.admits(gateway(how), FIGLET, 8080, otherwise);
      answers.put(how, admission.answer.name().toLowerCase(Locale.ROOT));
      by = admission.by;
    }
    Map<String, String> expected = new HashMap<>();
    given
        .get("is admitted")
        .properties()
        .forEach(e -> expected.put(e.getKey(), e.getValue().asText()));
    assertThat(answers).as(by).isEqualTo(expected);
    assertThat(by).contains(given.path("by").asText());
  }

  @Test
  @DisplayName("where there is no Server, one request for each namespace, one for what may be left")
  void asksForTheRestOnlyWhereThereIsAServer() throws Exception {
    try (CannedApi api = new CannedApi()) {
      lists(api, "openfaas", "Server", List.of());
      lists(api, "openfaas-fn", "Server", List.of());
      assertThat(
              InboundRulesReader.read(api.cluster(), "openfaas", FUNCTIONS, false).value.installed)
          .isTrue();
      assertThat(api.asked())
          .hasSize(3)
          .allMatch(
              path -> path.endsWith("/servers") || path.contains("openfaas-fn/authorization"));
    }
  }

  @Test
  @DisplayName(
      "what a run has left that was cut off between two deletions is seen without a Server")
  void seesWhatIsLeftOfOurs() throws Exception {
    try (CannedApi api = new CannedApi()) {
      lists(api, "openfaas", "Server", List.of());
      lists(api, "openfaas-fn", "Server", List.of());
      for (String kind : List.of("AuthorizationPolicy", "MeshTLSAuthentication")) {
        lists(api, "openfaas-fn", kind, List.of(ours(", spec: {}")));
      }
      InboundRules rules =
          InboundRulesReader.read(api.cluster(), "openfaas", FUNCTIONS, false).value;
      assertThat(rules.named(Kind.MESH_TLS_AUTHENTICATION, "openfaas-fn").isOurs).isTrue();
      assertThat(rules.named(Kind.AUTHORIZATION_POLICY, "openfaas-fn").isOurs).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ", spec: null", ", spec: all", ", spec: [{port: 8080}]"})
  @DisplayName("a forged object, with our label and our entry, but without a spec, is not ours")
  void whatHasNoSpecIsNotOurs(String spec) throws Exception {
    try (CannedApi api = new CannedApi()) {
      lists(api, "openfaas", "Server", List.of());
      for (String kind : List.of("Server", "AuthorizationPolicy", "MeshTLSAuthentication")) {
        lists(api, "openfaas-fn", kind, List.of(ours(spec)));
      }
      InboundRules rules =
          InboundRulesReader.read(api.cluster(), "openfaas", FUNCTIONS, false).value;
      assertThat(List.of(Kind.SERVER, Kind.AUTHORIZATION_POLICY, Kind.MESH_TLS_AUTHENTICATION))
          .allMatch(kind -> rules.named(kind, "openfaas-fn").isForeign());
    }
  }

  private static String ours(String spec) {
    return CannedPlatform.json(
        "{metadata: {name: mesh-setup, namespace: openfaas-fn, creationTimestamp:"
            + " '2026-01-02T00:00:00Z', labels: {app.kubernetes.io/managed-by: mesh-setup},"
            + " managedFields: [{manager: mesh-setup, operation: Apply, time:"
            + " '2026-01-02T00:00:00Z'}]}"
            + spec
            + "}");
  }

  @Test
  void aReleaseBeforeAccessPoliciesIsReadToo() throws Exception {
    try (CannedApi api = new CannedApi()) {
      String path = "/apis/policy.linkerd.io/v1beta1/namespaces/openfaas-fn/servers";
      api.lists(
          path,
          "ServerList",
          CannedPlatform.json(
              "{metadata: {namespace: openfaas-fn, name: x, creationTimestamp:"
                  + " '2026-01-02T00:00:00Z'}, spec: {podSelector: {}, port: 8080}}"));
      InboundRules rules =
          InboundRulesReader.read(api.cluster(), "openfaas-fn", FUNCTIONS, false).value;
      assertThat(rules.serversOf(FIGLET, 8080).get(0).name).isEqualTo("x");
      assertThat(rules.audits).as("it would refuse at once").isFalse();
    }
  }

  @Test
  @DisplayName("a route of the Gateway API on our Server is seen as one of Linkerd's own")
  void seesRoutesOfTheGatewayApiOnOurServer() throws Exception {
    String route =
        "{metadata: {name: theirs, namespace: openfaas-fn}, spec: {parentRefs: [{kind: Server,"
            + " name: mesh-setup}]}}";
    try (CannedApi api = new CannedApi()) {
      lists(api, "openfaas", "Server", List.of());
      lists(api, "openfaas-fn", "Server", List.of(ours(", spec: {podSelector: {}, port: 8080}")));
      api.lists(
          "/apis/gateway.networking.k8s.io/v1/namespaces/openfaas-fn/grpcroutes",
          "GRPCRouteList",
          CannedPlatform.json(route));
      InboundRules rules =
          InboundRulesReader.read(api.cluster(), "openfaas", FUNCTIONS, false).value;
      assertThat(rules.routeOf(rules.servers.get(0))).isEqualTo("grpcroute openfaas-fn/theirs");
    }
  }

  @Test
  void aClusterThatDoesNotKnowThemHasNone() throws Exception {
    try (CannedApi api = new CannedApi()) {
      assertThat(InboundRulesReader.read(api.cluster(), "openfaas", FUNCTIONS, false).value)
          .isSameAs(InboundRules.ABSENT);
    }
  }

  @Test
  void whatMayNotBeReadIsAProblem() throws Exception {
    try (CannedApi api = new CannedApi()) {
      api.refuses("/apis/policy.linkerd.io/v1beta3/namespaces/openfaas-fn/servers", 403);
      assertThat(
              InboundRulesReader.read(api.cluster(), "openfaas-fn", FUNCTIONS, false)
                  .problem
                  .subject)
          .isEqualTo("servers in openfaas-fn");
    }
  }

  @Test
  @DisplayName(
      "without linkerd-config the mesh's name is not known: then the account alone is compared")
  void comparesTheAccountWhereTheTrustDomainIsNotKnown() {
    Identity identity =
        Identity.of(
            "openfaas",
            "openfaas-controller",
            Reading.failed(new Problem("forbidden", "linkerd", "no", "grant it")));
    String whole = "openfaas-controller.openfaas.serviceaccount.identity.linkerd.cluster.local";
    assertThat(identity.matches(whole)).isTrue();
    assertThat(identity.matches("*.openfaas.serviceaccount.identity.linkerd.cluster.local"))
        .isTrue();
    assertThat(identity.matches("default.openfaas.serviceaccount.identity.linkerd.cluster.local"))
        .isFalse();
    assertThat(identity.matches("*")).isTrue();
  }

  private static Caller gateway(String how) {
    Identity identity =
        Identity.of(
            "openfaas", "openfaas-controller", Reading.of(Sample.plane(Reading.of(Sample.CONFIG))));
    return new Caller(how.equals("meshed") ? identity : null, List.of("10.42.0.7"));
  }

  private static void serve(CannedApi api, JsonNode objects) throws IOException {
    for (String namespace : List.of("openfaas", "openfaas-fn")) {
      Map<String, List<String>> byKind = new HashMap<>(Map.of("Server", new ArrayList<>()));
      for (JsonNode object : objects) {
        if (object.path("in").asText("openfaas-fn").equals(namespace)) {
          byKind
              .computeIfAbsent(object.get("kind").asText(), kind -> new ArrayList<>())
              .add(item(namespace, object));
        }
      }
      byKind.forEach((kind, items) -> lists(api, namespace, kind, items));
    }
  }

  private static void lists(CannedApi api, String namespace, String kind, List<String> items) {
    String plural = kind.toLowerCase(Locale.ROOT).replaceAll("y$", "ie") + "s";
    String version = VERSIONS.getOrDefault(kind, "v1alpha1");
    api.lists(
        "/apis/policy.linkerd.io/" + version + "/namespaces/" + namespace + "/" + plural,
        kind + "List",
        items.toArray(String[]::new));
  }

  private static String item(String namespace, JsonNode given) {
    return given.path("labels").properties().stream()
        .map(label -> "\"" + label.getKey() + "\":" + label.getValue())
        .collect(
            Collectors.joining(
                ",",
                "{\"metadata\":{\"namespace\":\""
                    + namespace
                    + "\",\"name\":"
                    + given.get("name")
                    + ",\"creationTimestamp\":\""
                    + given.path("made").asText("2026-01-02T00:00:00Z")
                    + "\",\"labels\":{",
                "}},\"spec\":" + given.get("spec") + "}"));
  }
}
