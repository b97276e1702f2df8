package com.openfaas.function.observe;

import static com.openfaas.function.observe.CannedPlatform.deployment;
import static com.openfaas.function.observe.CannedPlatform.gateway;
import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which function namespaces are this platform's, where several installs share a cluster. */
class OwnNamespacesTest {
  private static final String OF_TEAM_A = "/apis/apps/v1/namespaces/team-a/deployments";

  private CannedPlatform canned;

  @BeforeEach
  void aPlatform() throws IOException {
    canned = new CannedPlatform();
  }

  @AfterEach
  void end() {
    canned.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ghcr.io/openfaasltd/gateway:0.4.35",
        "registry.example.org/mirror/openfaasltd/gateway@sha256:00"
      })
  @DisplayName("Pro: the gateway's own and every one with the annotation key openfaas")
  void withProEveryAnnotatedNamespaceIsOurs(String image) throws Exception {
    gatewayOf(image);
    assertThat(names(canned.observe(Map.of()))).containsExactly("openfaas-fn", "team-a", "team-b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ghcr.io/openfaas/gateway:0.27.14", "example.org/notopenfaasltd/gateway:1", ""})
  @DisplayName(
      "community: the gateway's own only, whatever others on the cluster are annotated with")
  void theCommunityEditionServesOneNamespace(String image) throws Exception {
    gatewayOf(image);
    canned.api.refuses(OF_TEAM_A, 403);
    Platform platform = canned.observe(Map.of());
    assertThat(names(platform)).containsExactly("openfaas-fn");
    assertThat(platform.missing).isEmpty();
    assertThat(platform.degraded).noneMatch(problem -> problem.toString().contains("team-a"));
  }

  @Test
  @DisplayName(
      "the annotation alone makes no namespace ours that we may not read: told, left alone")
  void oneThatMayNotBeReadIsLeftAlone() throws Exception {
    canned.api.refuses(OF_TEAM_A, 403);
    Platform platform = canned.observe(Map.of());
    assertThat(platform.missing).isEmpty();
    assertThat(names(platform)).containsExactly("openfaas-fn", "team-b");
    assertThat(platform.degraded)
        .filteredOn(problem -> problem.code.equals("function_namespace_unread"))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.subject).isEqualTo("namespace team-a");
              assertThat(problem.message)
                  .contains("annotation openfaas", "deployments in team-a: cannot list");
              assertThat(problem.hint)
                  .contains("mesh_namespaces=openfaas-fn", "kubectl get rolebindings");
            });
  }

  @Test
  @DisplayName("one that may be read in part only is left alone as well")
  void oneOfWhichOnlyThePodsMayNotBeReadIsLeftAlone() throws Exception {
    canned.api.refuses("/api/v1/namespaces/team-a/pods", 403);
    Platform platform = canned.observe(Map.of());
    assertThat(names(platform)).containsExactly("openfaas-fn", "team-b");
    assertThat(platform.workloads).noneMatch(workload -> workload.namespace.equals("team-a"));
  }

  @Test
  @DisplayName("what the operator names, the gateway serves or we live in must be read")
  void oursMustBeRead() throws Exception {
    canned.api.refuses("/apis/apps/v1/namespaces/openfaas-fn/deployments", 403);
    assertThat(codes(canned.observe(Map.of()).missing)).containsExactly("forbidden");
    canned.api.refuses(OF_TEAM_A, 403);
    for (String name : List.of("team-a", "openfaas")) {
      canned.api.answers(
          "/api/v1/namespaces/" + name,
          CannedPlatform.json("{kind: Namespace, apiVersion: v1, metadata: {name: " + name + "}}"));
    }
    assertThat(codes(canned.observe(Map.of("mesh_namespaces", "team-a")).missing))
        .containsExactly("forbidden");
  }

  @Test
  @DisplayName("a failure that is none of rights is no sign of another install")
  void aFailingListStillBlocks() throws Exception {
    canned.api.refuses(OF_TEAM_A, 404);
    assertThat(canned.observe(Map.of()).missing).hasSize(1);
  }

  private void gatewayOf(String image) {
    canned.holds("openfaas", gateway(image, ""), deployment("queue-worker"), deployment("nats"));
  }

  private static List<String> names(Platform platform) {
    return platform.functionNamespaces.stream().map(ns -> ns.name).collect(Collectors.toList());
  }

  private static List<String> codes(List<Problem> problems) {
    return problems.stream().map(problem -> problem.code).collect(Collectors.toList());
  }
}
