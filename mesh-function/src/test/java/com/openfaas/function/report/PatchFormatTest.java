package com.openfaas.function.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.openfaas.function.plan.Step;
import com.openfaas.function.platform.Cases;
import com.openfaas.function.request.Answering.Format;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A plan as a Kustomize component")
class PatchFormatTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  static Stream<Path> cases() {
    return Cases.in("report").stream().filter(folder -> folder.toFile().isDirectory());
  }

  @Test
  void setsWhatThePlanSetsAndSaysWhatNeedsARestart() throws Exception {
    JsonNode component = YAML.readTree(of(Cases.file("report/planned")));

    assertThat(component.get("kind").asText()).isEqualTo("Component");
    assertThat(objects(component))
        .containsExactly(
            "Namespace openfaas-fn",
            "Deployment env",
            "Deployment figlet",
            "Deployment queue-worker",
            "Deployment gateway",
            "Deployment mesh-setup");
    for (JsonNode patch : component.get("patches")) {
      JsonNode object = YAML.readTree(patch.get("patch").asText());
      assertThat(patch.at("/target/kind")).isEqualTo(object.get("kind"));
      assertThat(patch.at("/target/name")).isEqualTo(object.at("/metadata/name"));
      assertThat(patch.at("/target/namespace")).isEqualTo(object.at("/metadata/namespace"));
    }
  }

  @Test
  @DisplayName("what a route is to have is in it; what asks for injection already needs a restart")
  void holdsRoutesAndSaysWhatOnlyNeedsARestart() throws Exception {
    JsonNode routes = YAML.readTree(of(Cases.file("report/planned-with-routes")));
    assertThat(objects(routes)).contains("Ingress openfaas");

    ObjectNode given = (ObjectNode) Cases.yaml(Cases.file("report/planned/given.yaml"));
    ((ObjectNode) given.at("/workloads/4")).put("inject", "enabled");
    String text = Formats.body(new ReportCase(given).report(), Format.PATCH, 80);

    assertThat(text).contains("restart is due, by an apply: deployment openfaas-fn/env\n");
    assertThat(objects(YAML.readTree(text))).doesNotContain("Deployment env");
  }

  @Test
  @DisplayName("of a platform that is meshed: what was set, for the next deployment")
  void keepsWhatIsOursAlready() throws Exception {
    JsonNode given = Cases.yaml(Cases.file("report/changed-taken-off-again/given.yaml"));
    String text = Formats.body(new ReportCase(given).report(), Format.PATCH, 80);

    assertThat(objects(YAML.readTree(text))).contains("Deployment gateway");
    assertThat(text).doesNotContain("restartedAt\"", "mesh-setup.openfaas.com/");
  }

  @Test
  @DisplayName("a value that a function's owner has put there begins no line of its own")
  void nothingOfAnOwnersEndsALine() throws Exception {
    String evil = "\ud83d\ude00\u0085apiVersion: v1\u2028kind: Secret\nmetadata: \"{}";
    ObjectNode given =
        (ObjectNode) Cases.yaml(Cases.file("report/changed-taken-off-again/given.yaml"));
    ReportCase report = new ReportCase(given);
    Step step = report.record().plan.steps.get(0);

    String merge = PatchFormat.merge(step, Map.of("linkerd.io/inject", evil));

    assertThat(merge).matches("\\A[\\x20-\\x7e\\n]+\\z");
    assertThat(YAML.readTree(merge).findValue("linkerd.io/inject").asText()).isEqualTo(evil);
    // Go's YAML takes no surrogates.
    assertThat(merge).contains("\\U0001f600");
    assertThat(PatchFormat.merge(step, Map.of("linkerd.io/inject", "\ud83d"))).contains("\\ufffd");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void isYamlWhateverTheReport(Path folder) throws Exception {
    JsonNode component = YAML.readTree(of(folder));

    assertThat(component.get("apiVersion").asText()).isEqualTo("kustomize.config.k8s.io/v1alpha1");
    assertThat(component.get("patches").isArray()).isTrue();
  }

  private static String of(Path folder) {
    return Formats.body(new ReportCase(folder).report(), Format.PATCH, 80);
  }

  private static List<String> objects(JsonNode component) throws Exception {
    List<String> objects = new ArrayList<>();
    for (JsonNode patch : component.get("patches")) {
      JsonNode object = YAML.readTree(patch.get("patch").asText());
      objects.add(object.get("kind").asText() + " " + object.at("/metadata/name").asText());
    }
    return objects;
  }
}
