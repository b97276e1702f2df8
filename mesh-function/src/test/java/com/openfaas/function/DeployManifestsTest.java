package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.openfaas.function.ingress.ControllerProfile;
import com.openfaas.function.ingress.GatewayRoute;
import com.openfaas.function.platform.Cases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no manifest in deploy/ may allow, and that each Role is bound to mesh-setup's account. */
class DeployManifestsTest {
  static List<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("deploy"))) {
      return files.filter(Files::isRegularFile).sorted().collect(Collectors.toUnmodifiableList());
    }
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void noRuleHasAWildcardReadsSecretsOrDeletesWhatIsNotOurs(Path manifest) {
    List<JsonNode> rules =
        Cases.documents(manifest).stream()
            .flatMap(object -> elements(object.path("rules")))
            .collect(Collectors.toList());
    assertThat(rules).isNotEmpty();
    for (JsonNode rule : rules) {
      assertThat(texts(rule, "apiGroups")).doesNotContain("*").isNotEmpty();
      assertThat(texts(rule, "resources")).doesNotContain("*", "secrets").isNotEmpty();
      assertThat(texts(rule, "verbs"))
          .doesNotContain("*", "deletecollection", "escalate", "bind", "impersonate")
          .isNotEmpty();
      if (texts(rule, "verbs").contains("delete")) {
        assertThat(texts(rule, "resourceNames")).containsExactly("mesh-setup");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void everyRoleIsBoundToTheAccountInItsNamespace(Path manifest) {
    List<JsonNode> objects = Cases.documents(manifest);
    List<String> roles =
        objects.stream()
            .filter(object -> object.path("kind").asText().matches("(Cluster)?Role"))
            .map(object -> place(object, object.at("/metadata/name")))
            .collect(Collectors.toList());
    List<String> bound =
        objects.stream()
            .filter(object -> object.path("kind").asText().endsWith("RoleBinding"))
            .filter(object -> object.at("/subjects/0/name").asText().equals("mesh-setup"))
            .filter(object -> object.at("/subjects/0/namespace").asText().equals("openfaas-fn"))
            .map(object -> place(object, object.at("/roleRef/name")))
            .collect(Collectors.toList());
    assertThat(bound).containsExactlyElementsOf(roles).isNotEmpty();
  }

  @Test
  void theIngressNamespaceIsToBeFilledInWhereverItCounts() {
    JsonNode role = Cases.documents(Path.of("deploy", "rbac-ingress.yml")).get(0);
    assertThat(role.at("/metadata/namespace").asText()).isEqualTo("INGRESS-NAMESPACE");
    assertThat(elements(role.path("rules")).flatMap(rule -> texts(rule, "resourceNames").stream()))
        .containsExactly("INGRESS-NAMESPACE");
  }

  @Test
  void thePolicyKnowsEveryAnnotationThatARouteIsGiven() {
    JsonNode policy =
        Cases.documents(Path.of("deploy", "rbac.yml")).stream()
            .filter(object -> object.path("kind").asText().equals("ValidatingAdmissionPolicy"))
            .findFirst()
            .orElseThrow();
    String known =
        elements(policy.at("/spec/variables"))
            .filter(variable -> variable.path("name").asText().equals("ownKeys"))
            .map(variable -> variable.path("expression").asText())
            .collect(Collectors.joining());

    assertThat(known).contains("'" + GatewayRoute.SNIPPET + "'");
    for (ControllerProfile controller : ControllerProfile.TABLE) {
      for (String key : controller.settings(Map.of(), "gateway.openfaas:8080").keySet()) {
        assertThat(known).as(controller.title).contains("'" + key + "'");
      }
    }
  }

  private static String place(JsonNode object, JsonNode name) {
    return object.at("/metadata/namespace").asText() + "/" + name.asText();
  }

  private static List<String> texts(JsonNode rule, String field) {
    return elements(rule.path(field)).map(JsonNode::asText).collect(Collectors.toList());
  }

  private static Stream<JsonNode> elements(JsonNode list) {
    Stream.Builder<JsonNode> elements = Stream.builder();
    list.forEach(elements);
    return elements.build();
  }
}
