package com.openfaas.function.ingress;

import static com.openfaas.function.ingress.ControllerProfileTest.profile;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each controller asks of the operator, hands out for it, and takes for done. */
class OperatorObjectsTest {
  private static final String GATEWAY = "gateway.openfaas.svc.cluster.local:8080";
  private static final String HEADER = "l5d-dst-override";
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Pattern ANNOTATE =
      Pattern.compile("# kubectl -n faas annotate ingress web --overwrite '([^=]+)=([^']*)'");

  @ParameterizedTest
  @ValueSource(strings = {"traefik", "traefik-2", "kong", "contour", "gloo"})
  void whatTheOperatorAppliesIsWhatWasMissing(String id) {
    ControllerProfile profile = profile(id);
    assertThat(profile.settings(Map.of(), GATEWAY)).isEmpty();
    assertThat(profile.needs(Map.of(), "faas")).isNotEmpty();
    String text = objects(id, Map.of());
    assertThat(profile.needs(afterCommands(text, Map.of()), "faas")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "traefik, traefik.io/v1alpha1",
    "traefik-2, traefik.containo.us/v1alpha1",
  })
  void traefiksMiddlewareReplacesTheHeader(String id, String apiVersion) {
    String text = objects(id, Map.of());
    JsonNode object = yaml(text);
    assertThat(object.at("/apiVersion").asText()).isEqualTo(apiVersion);
    assertThat(object.at("/kind").asText()).isEqualTo("Middleware");
    assertThat(object.at("/metadata/namespace").asText()).isEqualTo("faas");
    assertThat(object.at("/spec/headers/customRequestHeaders/" + HEADER).asText())
        .isEqualTo(GATEWAY);
    assertThat(afterCommands(text, Map.of()))
        .containsEntry(
            "traefik.ingress.kubernetes.io/router.middlewares",
            "faas-" + object.at("/metadata/name").asText() + "@kubernetescrd");
    assertThat(text)
        .contains(
            "kubectl -n faas annotate service gateway --overwrite"
                + " traefik.ingress.kubernetes.io/service.nativelb=true");
  }

  @Test
  void aMiddlewareOfAnotherNamespaceIsNotTheRoutesOwn() {
    Map<String, String> elsewhere =
        Map.of(
            "traefik.ingress.kubernetes.io/router.middlewares",
            "shop-mesh-setup-gateway@kubernetescrd");
    assertThat(profile("traefik").needs(elsewhere, "faas"))
        .contains("faas-mesh-setup-gateway@kubernetescrd");
  }

  @Test
  void middlewaresThatARouteHasStay() {
    String key = "traefik.ingress.kubernetes.io/router.middlewares";
    Map<String, String> present = Map.of(key, "faas-auth@kubernetescrd, faas-gzip@kubernetescrd");
    String text = objects("traefik", present);
    assertThat(afterCommands(text, present))
        .containsEntry(
            key,
            "faas-auth@kubernetescrd,faas-gzip@kubernetescrd,"
                + "faas-mesh-setup-gateway@kubernetescrd");
    assertThat(profile("traefik").needs(present, "faas")).isNotEmpty();
  }

  @Test
  void kongsPluginRemovesAClientsHeaderBeforeItAddsOurs() {
    JsonNode plugin = yaml(objects("kong", Map.of()));
    assertThat(plugin.at("/plugin").asText()).isEqualTo("request-transformer");
    assertThat(plugin.at("/metadata/namespace").asText()).isEqualTo("faas");
    assertThat(plugin.at("/config/remove/headers/0").asText()).isEqualTo(HEADER);
    assertThat(plugin.at("/config/add/headers/0").asText()).isEqualTo(HEADER + ":" + GATEWAY);
  }

  @Test
  @DisplayName("Kong serves a route whose plugin is missing, so its annotation shows nothing")
  void kongsAnnotationAloneIsNotEnough() {
    Map<String, String> listed = Map.of("konghq.com/plugins", "mesh-setup-gateway");
    assertThat(profile("kong").needs(listed, "faas")).contains(ControllerProfile.VOUCHED);
  }

  @Test
  void contoursHttpProxySetsTheHeaderAndNamesTheService() {
    String text =
        ControllerProfileTest.route(
                profile("contour"),
                new Annotated(Kind.INGRESS, "faas", "web", Map.of()),
                "gate.faas.svc.cluster.local:80")
            .objects();
    JsonNode proxy = yaml(text);
    JsonNode route = proxy.at("/spec/routes/0");
    assertThat(route.at("/requestHeadersPolicy/set/0/name").asText()).isEqualTo(HEADER);
    assertThat(route.at("/requestHeadersPolicy/set/0/value").asText())
        .isEqualTo("gate.faas.svc.cluster.local:80");
    assertThat(route.at("/services/0/name").asText()).isEqualTo("gate");
    assertThat(route.at("/services/0/port").asInt()).isEqualTo(80);
    assertThat(text).contains("applyToIngress: true", "%CONTOUR_SERVICE_NAME%");
    assertThat(profile("contour").podAnnotations)
        .isEqualTo(Map.of("config.linkerd.io/skip-outbound-ports", "8001"));
  }

  @Test
  void gloosSettingIsAPatch() {
    assertThat(objects("gloo", Map.of()))
        .contains("-n gloo-system patch settings default", "{\"spec\":{\"linkerd\":true}}");
  }

  @Test
  void emissarysMappingDialsTheServiceByItsFullName() {
    JsonNode mapping = yaml(objects("emissary", Map.of()));
    assertThat(mapping.at("/spec/service").asText()).isEqualTo("http://" + GATEWAY);
    assertThat(profile("emissary").needs(Map.of(), "faas")).isEmpty();
  }

  @Test
  void enRoutesFlagIsJsonInYaml() throws IOException {
    JsonNode config = yaml(objects("enroute", Map.of()));
    assertThat(
            new ObjectMapper().readTree(config.at("/spec/config").asText()).at("/linkerd_enabled"))
        .isEqualTo(new ObjectMapper().getNodeFactory().booleanNode(true));
  }

  @Test
  void envoyGatewaysProxyIsInjectedAndDialsServices() {
    JsonNode proxy =
        yaml(
            ControllerProfileTest.route(
                    profile("envoy-gateway"),
                    new Annotated(Kind.HTTP_ROUTE, "faas", "web", Map.of()),
                    GATEWAY)
                .objects());
    assertThat(proxy.at("/spec/routingType").asText()).isEqualTo("Service");
    assertThat(
            proxy
                .at("/spec/provider/kubernetes/envoyDeployment/pod/annotations/linkerd.io~1inject")
                .asText())
        .isEqualTo("enabled");
  }

  private static String objects(String id, Map<String, String> present) {
    return ControllerProfileTest.route(profile(id), "faas", "web", present).objects();
  }

  /** The route's annotations once the operator ran the commands of the text. */
  private static Map<String, String> afterCommands(String text, Map<String, String> before) {
    Map<String, String> annotations = new TreeMap<>(before);
    Matcher command = ANNOTATE.matcher(text);
    while (command.find()) {
      annotations.put(command.group(1), command.group(2));
    }
    return annotations;
  }

  /** The one object in the text. */
  private static JsonNode yaml(String text) {
    try (JsonParser parser = YAML.createParser(text)) {
      JsonNode object = YAML.readTree(parser);
      assertThat(parser.nextToken()).as("one document").isNull();
      return object;
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }
}
