package com.openfaas.function.ingress;

import static com.openfaas.function.ingress.ControllerProfileTest.profile;
import static com.openfaas.function.ingress.ControllerProfileTest.route;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands and objects are there to be pasted, and a route's annotations are anybody's. */
class PastedCommandTest {
  private static final String MIDDLEWARES = "traefik.ingress.kubernetes.io/router.middlewares";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a'; rm -rf / #",
        "a\nEOF\nrm -rf /",
        "a\n---\nkind: ClusterRoleBinding",
        "a\u2028b",
        "$(reboot)"
      })
  @DisplayName("what others wrote stays one word of one line that is a comment")
  void staysOneWord(String evil) {
    String objects =
        route(profile("traefik"), "openfaas", "openfaas", Map.of(MIDDLEWARES, evil)).objects();

    assertThat(objects.lines().filter(line -> !line.startsWith("#")))
        .as("the object itself")
        .noneMatch(line -> line.contains("rm") || line.contains("Cluster") || line.equals("EOF"));
    assertThat(objects.lines().filter(line -> line.contains("router.middlewares=")))
        .singleElement()
        .asString()
        .startsWith("# kubectl ")
        .endsWith("'")
        .doesNotContain("a';");
  }
}
