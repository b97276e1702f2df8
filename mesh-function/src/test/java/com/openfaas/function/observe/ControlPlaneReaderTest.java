package com.openfaas.function.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonPrimitive;
import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.lab.TestCertificate;
import com.openfaas.function.platform.ControlPlane;
import com.openfaas.function.platform.ControlPlane.Certificate.Use;
import com.openfaas.function.platform.ControlPlane.LinkerdConfig;
import com.openfaas.function.platform.ControlPlane.ProxyDefaults;
import com.openfaas.function.platform.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of Linkerd's webhook and ConfigMaps. */
class ControlPlaneReaderTest {
  private static final String WEBHOOK =
      "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/"
          + "linkerd-proxy-injector-webhook-config";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/l5d/deployments";
  private static final String CONFIG = "/api/v1/namespaces/l5d/configmaps/linkerd-config";
  private static final String ROOTS =
      "/api/v1/namespaces/l5d/configmaps/linkerd-identity-trust-roots";
  private static final String SELECTORS =
      "\"namespaceSelector\":{\"matchExpressions\":[{\"key\":\"kubernetes.io/metadata.name\","
          + "\"operator\":\"NotIn\",\"values\":[\"kube-system\"]}]}";

  private CannedApi api;

  @BeforeEach
  void aControlPlane() throws IOException {
    api =
        new CannedApi()
            .answers(WEBHOOK, webhook("{\"service\":{\"namespace\":\"l5d\",\"name\":\"x\"}}"))
            .lists(
                DEPLOYMENTS,
                "DeploymentList",
                deployment("linkerd-identity", "{\"availableReplicas\":2}"),
                deployment("linkerd-proxy-injector", "{}"))
            .answers(CONFIG, values(""))
            .answers(ROOTS, configMap("ca-bundle.crt", "PEM\n"));
  }

  @AfterEach
  void end() {
    api.close();
  }

  @Test
  void isFoundByTheWebhooksService() throws ClusterException {
    ControlPlane plane = read().value;
    assertThat(plane.namespace).isEqualTo("l5d");
    assertThat(plane.available.value)
        .isEqualTo(Map.of("linkerd-identity", 2, "linkerd-proxy-injector", 0));
    assertThat(plane.namespaceSelector.matches(Map.of("kubernetes.io/metadata.name", "x")))
        .isTrue();
    assertThat(
            plane.namespaceSelector.matches(Map.of("kubernetes.io/metadata.name", "kube-system")))
        .isFalse();
    assertThat(plane.objectSelector.matches(Map.of())).isTrue();
  }

  @Test
  @DisplayName("a webhook called by URL tells the namespace by its label")
  void isFoundByTheLabel() throws ClusterException {
    api.answers(WEBHOOK, webhook("{\"url\":\"https://127.0.0.1\"}"));
    assertThat(read().value.namespace).isEqualTo("l5d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"metadata\":{\"name\":\"x\"},\"webhooks\":[]}",
        "{\"metadata\":{\"name\":\"x\"}}",
        "{\"metadata\":{\"name\":\"x\"},\"webhooks\":[{\"clientConfig\":{\"url\":\"https://x\"}}]}"
      })
  void isNotFoundByAWebhookThatDoesNotTell(String webhook) throws ClusterException {
    api.answers(WEBHOOK, webhook);
    assertThat(read().problem.code).isEqualTo("control_plane_not_found");
  }

  @Test
  @DisplayName("the webhook's CA, every anchor of the bundle, and the issuer where Linkerd has it")
  void certificatesAreRead() throws ClusterException {
    String pem = TestCertificate.shared().pem();
    String bundle = Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
    String client = "{\"service\":{\"namespace\":\"l5d\",\"name\":\"x\"},\"caBundle\":\"" + bundle;
    api.answers(WEBHOOK, webhook(client + "\"}"));
    api.answers(ROOTS, configMap("ca-bundle.crt", "# two\n" + pem + "\n" + pem));
    api.answers(
        CONFIG,
        values("identity:\n  issuer:\n    tls:\n      crtPEM: " + new JsonPrimitive(pem) + "\n"));

    assertThat(read().value.certificates.stream().map(certificate -> certificate.use))
        .containsExactly(Use.WEBHOOK_CA, Use.TRUST_ANCHOR, Use.TRUST_ANCHOR, Use.ISSUER);
  }

  @Test
  void isNotFoundWithoutTheWebhook() throws ClusterException {
    api.refuses(WEBHOOK, 404);
    assertThat(read().problem.code).isEqualTo("control_plane_not_found");
    api.refuses(WEBHOOK, 403);
    assertThat(read().problem.code).isEqualTo("forbidden");
  }

  @Test
  void aTokenThatIsNotAcceptedEndsTheObservation() {
    api.refuses(WEBHOOK, 401);
    assertThatThrownBy(this::read).isInstanceOf(ClusterException.class);
  }

  @Test
  @DisplayName("ConfigMaps that may not be read leave Linkerd's defaults, and say so")
  void configIsOptional() throws ClusterException {
    for (String path : new String[] {CONFIG, ROOTS}) {
      api.refuses(path, 403);
      assertThat(read().value.config.problem.code).isEqualTo("forbidden");
      assertThat(read().value.configOrDefaults())
          .usingRecursiveComparison()
          .isEqualTo(LinkerdConfig.defaults());
      api.answers(path, path.equals(CONFIG) ? values("") : configMap("ca-bundle.crt", ""));
    }
    api.refuses(DEPLOYMENTS, 403);
    assertThat(read().value.available.problem.code).isEqualTo("forbidden");
  }

  @Test
  void everyValueThatMattersIsRead() throws ClusterException {
    LinkerdConfig config =
        config(
            "linkerdVersion: edge-1\n"
                + "clusterDomain: cluster.example\n"
                + "identityTrustDomain: t.example\n"
                + "cniEnabled: true\n"
                + "proxy:\n"
                + "  image: {version: edge-2}\n"
                + "  defaultInboundPolicy: deny\n"
                + "  opaquePorts: '25,3306'\n"
                + "  nativeSidecar: true\n"
                + "  outboundTransportMode: transport-header\n"
                + "  resources: {cpu: {request: 100m}}\n"
                + "proxyInit: {ignoreOutboundPorts: '25,4222', ignoreInboundPorts: '25'}\n"
                + "identity: {serviceAccountTokenProjection: false}\n");
    assertThat(config)
        .usingRecursiveComparison()
        .isEqualTo(
            new LinkerdConfig(
                "edge-2",
                "t.example",
                new ProxyDefaults("25,4222", "25", "25,3306", "deny", "100m", true, true),
                true,
                false,
                "a0278171ab77da84cdf84cc11c10e4d8923a3aadc855775d8aae2b6a9333415e"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | '' | cluster.local | 4567,4568",
        "'proxy: {image: {version: \"\"}}\n"
            + "linkerdVersion: edge-1' | edge-1 | cluster.local | 4567,4568",
        "'clusterDomain: a.example' | '' | a.example | 4567,4568",
        "'proxy: text' | '' | cluster.local | 4567,4568",
        "'proxyInit: {ignoreOutboundPorts: 4222}' | '' | cluster.local | 4222",
        "'identityTrustDomain: null' | '' | cluster.local | 4567,4568",
        "'proxyInit: {ignoreOutboundPorts: \"\"}' | '' | cluster.local | 4567,4568",
      })
  @DisplayName("what the values leave out is as in Linkerd's chart")
  void defaultsOfTheChart(String yaml, String version, String domain, String skipped)
      throws ClusterException {
    LinkerdConfig config = config(yaml);
    assertThat(config.proxyVersion).isEqualTo(version);
    assertThat(config.trustDomain).isEqualTo(domain);
    assertThat(config.defaults.skipOutboundPorts).isEqualTo(skipped);
    assertThat(config.cni).isFalse();
    assertThat(config.tokenProjection).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a: [", "\t", "text", "- a\n- b", "42", "a: 1\na: 2"})
  @DisplayName("values that are no YAML map make a problem, never an exception")
  void valuesThatAreNone(String yaml) throws ClusterException {
    api.answers(CONFIG, values(yaml));
    Reading<LinkerdConfig> config = read().value.config;
    assertThat(config.isKnown() || config.problem.code.equals("linkerd_config_unreadable"))
        .isTrue();
  }

  @Test
  @DisplayName("the trust root is the hex SHA-256 of the raw bundle, as the injector notes it")
  void theTrustRoot() throws ClusterException {
    api.answers(ROOTS, configMap("ca-bundle.crt", "abc"));
    assertThat(read().value.config.value.trustRoot)
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    api.answers(ROOTS, configMap("other", "abc"));
    assertThat(read().value.config.value.trustRoot).isEmpty();
  }

  private Reading<ControlPlane> read() throws ClusterException {
    return new ControlPlaneReader(api.cluster(), null).read();
  }

  private LinkerdConfig config(String yaml) throws ClusterException {
    api.answers(CONFIG, values(yaml));
    return read().value.config.value;
  }

  private static String values(String yaml) {
    return configMap("values", yaml);
  }

  private static String configMap(String key, String text) {
    return "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"x\"},\"data\":{\""
        + key
        + "\":"
        + new JsonPrimitive(text)
        + "}}";
  }

  private static String deployment(String name, String status) {
    return "{\"metadata\":{\"name\":\""
        + name
        + "\",\"namespace\":\"l5d\"},\"spec\":{\"template\":{\"metadata\":{},"
        + "\"spec\":{\"containers\":[]}}},\"status\":"
        + status
        + "}";
  }

  private static String webhook(String clientConfig) {
    return "{\"metadata\":{\"name\":\"x\",\"labels\":{\"linkerd.io/control-plane-ns\":\"l5d\"}},"
        + "\"webhooks\":[{\"name\":\"y\",\"clientConfig\":"
        + clientConfig
        + ","
        + SELECTORS
        + "}]}";
  }
}
