package com.openfaas.function.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.RouteView;
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
    String objects = passage("traefik.io/ingress-controller", MIDDLEWARES, evil).objects();

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

  private static Passage passage(String controller, String key, String value) {
    return Passage.of(
        new RouteView(
            new Annotated(Kind.INGRESS, "openfaas", "openfaas", Map.of(key, value)),
            "traefik",
            controller,
            "gateway.openfaas.svc.cluster.local:8080",
            false,
            null),
        false);
  }
}
