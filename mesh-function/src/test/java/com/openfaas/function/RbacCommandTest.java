package com.openfaas.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** build/rbac; that the account works with what it prints, every test of the lab shows. */
class RbacCommandTest {
  private static final Path COMMAND = Path.of("..", "build", "rbac");
  private static final Path DEPLOY = Path.of("deploy");

  @TempDir private Path work;

  @BeforeEach
  void isInACheckout() {
    assumeTrue(Files.exists(COMMAND), "not in a checkout");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rbac.yml", "rbac-retries.yml", "rbac-protect.yml"})
  @DisplayName("for the usual names, the file itself, byte by byte")
  void printsTheFileForTheUsualNames(String file) throws Exception {
    assertThat(printed(file)).isEqualTo(Files.readString(DEPLOY.resolve(file)));
    assertThat(
            printed(
                file,
                "--gateway-namespace",
                "openfaas",
                "--function-namespace",
                "openfaas-fn",
                "--linkerd-namespace",
                "linkerd"))
        .isEqualTo(Files.readString(DEPLOY.resolve(file)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rbac.yml", "rbac-retries.yml", "rbac-ingress.yml", "rbac-protect.yml"})
  @DisplayName("for other names, not one of the usual namespaces is left")
  void leavesNoUsualName(String file) throws Exception {
    String printed = values(renamed(file));

    assertThat(printed)
        .doesNotContainPattern("(?m)(namespace: |\\[|:)(openfaas|openfaas-fn|linkerd)(]|:|$)")
        .doesNotContain("INGRESS-NAMESPACE")
        .contains("namespace: fn");
    // Nothing else has changed: with the names put back, the file is there again.
    String back =
        printed
            .replaceAll("(namespace: |\\[|account:)fn\\b", "$1openfaas-fn")
            .replaceAll("(namespace: |\\[)of\\b", "$1openfaas")
            .replaceAll("(namespace: |\\[)l5d\\b", "$1linkerd")
            .replaceAll("(namespace: |\\[)edge\\b", "$1INGRESS-NAMESPACE")
            .replace(": b-mesh-setup", ": mesh-setup");
    assertThat(back).isEqualTo(values(Files.readString(DEPLOY.resolve(file))));
  }

  @Test
  @DisplayName("of each function namespace: the Roles for functions, bound to the one account")
  void everyFunctionNamespaceHasItsRoles() throws Exception {
    String printed =
        printed("rbac.yml", "--function-namespace", "fn", "--function-namespace", "team-a");
    List<String> first = objects(printed, "fn");
    List<String> second = objects(printed, "team-a");

    assertThat(second).contains("Role mesh-setup-functions", "RoleBinding mesh-setup-functions");
    assertThat(first).containsAll(second);
    first.removeAll(second);
    assertThat(first)
        .containsExactly(
            "ServiceAccount mesh-setup",
            "Secret mesh-setup-api",
            "Role mesh-setup-lease",
            "RoleBinding mesh-setup-lease");
    assertThat(printed).contains("resourceNames: [fn]").contains("resourceNames: [team-a]");
    assertThat(printed).doesNotContain("    namespace: team-a");
  }

  @Test
  @DisplayName("--pro leaves the Secret out, and nothing else")
  void proNeedsNoSecret() throws Exception {
    String whole = printed("rbac.yml");
    String pro = printed("rbac.yml", "--pro");

    assertThat(pro).doesNotContain("kind: Secret");
    List<String> left = objects(whole, "openfaas-fn");
    left.remove("Secret mesh-setup-api");
    assertThat(objects(pro, "openfaas-fn")).isEqualTo(left);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rbac.yml", "rbac-ingress.yml"})
  @DisplayName("for a second OpenFaaS with the same Linkerd and ingress controller, other objects")
  void takesNothingFromASecondOpenFaas(String file) throws Exception {
    String[] shared = {"--linkerd-namespace", "l5d", "--ingress-namespace", "edge", "--prefix"};
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    for (String namespace : List.of("l5d", "edge")) {
      first.addAll(objects(printed(file, shared, "a-"), namespace));
      second.addAll(objects(printed(file, shared, "b-"), namespace));
    }

    assertThat(first).isNotEmpty().doesNotContainAnyElementsOf(second);
    assertThat(values(printed(file, shared, "a-")))
        .as("each binding refers to its own Role")
        .isEqualTo(values(printed(file, shared, "b-")).replace("b-", "a-"));
  }

  @Test
  @DisplayName("what is no name is refused, before a line is printed")
  void refusesWhatIsNoName() throws Exception {
    for (List<String> options :
        List.of(
            List.of("--function-namespace", "a: b"),
            List.of("--function-namespace", "a\nb"),
            List.of("--gateway-namespace", "A"),
            List.of("--linkerd-namespace", "-a"),
            List.of("--linkerd-namespace"),
            List.of("--prefix", "a b"),
            List.of("--namespace", "a"),
            List.of("rbac-ingress.yml"),
            List.of("rbac-unheard-of.yml"))) {
      Process process = run(options);
      assertThat(process.getInputStream().readAllBytes()).as("%s", options).isEmpty();
      assertThat(process.waitFor()).as("%s", options).isEqualTo(2);
      assertThat(Files.readString(work.resolve("errors"))).as("%s", options).startsWith("rbac: ");
    }
  }

  private String renamed(String file) throws Exception {
    return printed(
        file,
        "--gateway-namespace",
        "of",
        "--function-namespace",
        "fn",
        "--linkerd-namespace",
        "l5d",
        "--ingress-namespace",
        "edge",
        "--prefix",
        "b-");
  }

  private String printed(String file, String[] options, String last) throws Exception {
    List<String> all = new ArrayList<>(List.of(file));
    all.addAll(List.of(options));
    all.add(last);
    return printed(all.toArray(String[]::new));
  }

  private String printed(String... options) throws Exception {
    Process process = run(List.of(options));
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(Files.readString(work.resolve("errors"))).isZero();
    return printed;
  }

  private Process run(List<String> options) throws IOException {
    List<String> command = new ArrayList<>(List.of(COMMAND.toString()));
    command.addAll(options);
    return new ProcessBuilder(command).redirectError(work.resolve("errors").toFile()).start();
  }

  /** Without comments, which go on naming the usual namespaces. */
  private static String values(String yaml) {
    return yaml.lines()
        .filter(line -> !line.trim().startsWith("#"))
        .collect(Collectors.joining("\n"));
  }

  /** Kind and name of the objects in a namespace, in their order. */
  private static List<String> objects(String yaml, String namespace) {
    Pattern in = Pattern.compile("(?m)^  namespace: " + namespace + "$");
    return Pattern.compile("(?m)^---$")
        .splitAsStream(yaml)
        .filter(object -> in.matcher(object).find())
        .map(
            object ->
                object.replaceAll("(?s).*?\nkind: (\\w+)\n.*?\n  name: ([a-z-]+)\n.*", "$1 $2"))
        .collect(Collectors.toCollection(ArrayList::new));
  }
}
