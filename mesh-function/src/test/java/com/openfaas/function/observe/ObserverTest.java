package com.openfaas.function.observe;

import static com.openfaas.function.observe.CannedPlatform.deployment;
import static com.openfaas.function.observe.CannedPlatform.namespace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openfaas.function.cluster.ClusterException;
import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.policy.PolicyReader.PolicyException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What belongs to the platform, and what is said of that which cannot be read. */
class ObserverTest {
  private static final String FUNCTIONS = CannedPlatform.NAMESPACES;

  private CannedPlatform canned;
  private CannedApi api;

  @BeforeEach
  void aPlatform() throws IOException {
    canned = new CannedPlatform();
    api = canned.api;
  }

  @AfterEach
  void end() {
    canned.close();
  }

  @Test
  @DisplayName("roles: nats stays out, and mesh-setup is itself in its own namespace only")
  void rolesAreTold() throws Exception {
    assertThat(observe(Map.of()).workloads)
        .extracting(workload -> workload.role + " " + workload.key())
        .containsExactly(
            "function openfaas-fn/figlet",
            "function team-a/mesh-setup",
            "core openfaas/queue-worker",
            "self openfaas-fn/mesh-setup",
            "gateway openfaas/gateway");
  }

  @Test
  void thePolicysNamespacesAndCoreWin() throws Exception {
    api.answers("/api/v1/namespaces/team-b", kind("Namespace", namespace("team-b", "")))
        .answers("/api/v1/namespaces/openfaas", kind("Namespace", namespace("openfaas", "")));
    Platform platform = observe(Map.of("mesh_namespaces", "team-b", "mesh_core", "nats,absent"));
    assertThat(platform.functionNamespaces).extracting(ns -> ns.name).containsExactly("team-b");
    assertThat(platform.workloads.stream().filter(w -> w.role == Role.CORE))
        .extracting(workload -> workload.name)
        .containsExactly("nats");
    assertThat(platform.degraded).extracting(problem -> problem.code).contains("core_not_found");
  }

  @Test
  @DisplayName("a pod that only has a workload's labels is told, and is none of its pods")
  void straysAreToldAndCountForNothing() throws Exception {
    api.lists(
        "/api/v1/namespaces/openfaas/pods",
        "PodList",
        pod("gateway-6d9-x", "{kind: ReplicaSet, name: gateway-6d9, controller: true}"),
        pod("job-x", "{kind: Job, name: load, controller: true}"));
    Platform platform = observe(Map.of());
    assertThat(platform.gateway.value.pods)
        .extracting(pod -> pod.name)
        .containsExactly("gateway-6d9-x");
    assertThat(platform.degraded)
        .filteredOn(problem -> problem.code.equals("stray_pod"))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.subject).isEqualTo("pod openfaas/job-x");
              assertThat(problem.message).contains("deployment openfaas/gateway", "Job/load");
              assertThat(problem.hint).contains("kubectl -n openfaas delete pod job-x");
            });
  }

  @Test
  @DisplayName(
      "NATS clients of any name skip the ports of all, and those not in mesh_core are told")
  void everyNatsClientCounts() throws Exception {
    holds(
        "openfaas",
        CannedPlatform.gateway(""),
        CannedPlatform.natsClient("queue-worker", "4333"),
        CannedPlatform.natsClient("slow-queue-worker", "4222"),
        deployment("nats"));
    Platform platform = observe(Map.of());
    assertThat(platform.natsPorts.value).isEqualTo("4222,4333");
    assertThat(platform.degraded)
        .filteredOn(problem -> problem.code.equals("nats_client_not_covered"))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.subject).isEqualTo("deployment openfaas/slow-queue-worker");
              assertThat(problem.hint)
                  .contains(
                      "kubectl -n openfaas-fn set env deployment/mesh-setup"
                          + " mesh_core=queue-worker,slow-queue-worker;",
                      "--verb=patch --resource=deployments.apps"
                          + " --resource-name=slow-queue-worker");
            });
    assertThat(observe(Map.of("mesh_core", "queue-worker,slow-queue-worker")).degraded)
        .extracting(problem -> problem.code)
        .doesNotContain("nats_client_not_covered");
  }

  private static String pod(String name, String owner) {
    return CannedPlatform.json(
        "{metadata: {namespace: openfaas, name: "
            + name
            + ", labels: {app: gateway, pod-template-hash: 6d9}, ownerReferences: ["
            + owner
            + "]}, spec: {containers: [{name: main}]}, status: {phase: Running,"
            + " conditions: [{type: Ready, status: 'True'}]}}");
  }

  @Test
  void thePortsOfThePolicyWin() throws Exception {
    assertThat(observe(Map.of()).natsPorts.value).isEqualTo("4222");
    assertThat(observe(Map.of("mesh_skip_outbound_ports", "4333")).natsPorts.value)
        .isEqualTo("4333");
  }

  @Test
  void aGatewayThatIsNotThereIsAProblem() throws Exception {
    holds("openfaas", deployment("queue-worker"));
    assertThat(observe(Map.of()).gateway.problem.code).isEqualTo("gateway_not_found");
  }

  @Test
  @DisplayName("without the right to list namespaces, the gateway's own is still looked at")
  void listingNamespacesIsOptional() throws Exception {
    api.refuses(FUNCTIONS, 403)
        .answers("/api/v1/namespaces/openfaas-fn", kind("Namespace", namespace("openfaas-fn", "")))
        .answers("/api/v1/namespaces/openfaas", kind("Namespace", namespace("openfaas", "")));
    Platform platform = observe(Map.of());
    assertThat(platform.functionNamespaces).extracting(n -> n.name).containsExactly("openfaas-fn");
    assertThat(platform.degraded).extracting(problem -> problem.code).containsExactly("forbidden");
    assertThat(platform.missing).isEmpty();
  }

  @Test
  @DisplayName("viz is known by its namespace's label; unknown where namespaces are not listed")
  void vizIsFoundByItsLabel() throws Exception {
    api.answers(
        "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/"
            + ControlPlaneReader.WEBHOOK,
        "{\"kind\":\"MutatingWebhookConfiguration\",\"apiVersion\":\"admissionregistration.k8s.io/v1\","
            + "\"webhooks\":[{\"clientConfig\":{\"service\":{\"namespace\":\"linkerd\"}}}]}");
    assertThat(observe(Map.of()).controlPlane.value.viz).isFalse();
    api.lists(
        FUNCTIONS,
        "NamespaceList",
        namespace("openfaas-fn", ""),
        "{\"metadata\":{\"name\":\"seeing\",\"labels\":{\"linkerd.io/extension\":\"viz\"}}}");
    assertThat(observe(Map.of()).controlPlane.value.viz).isTrue();
    api.refuses(FUNCTIONS, 403);
    assertThat(observe(Map.of()).controlPlane.value.viz).isNull();
  }

  @Test
  void aNamespaceThatIsNotThereIsMissing() throws Exception {
    api.lists(FUNCTIONS, "NamespaceList", namespace("openfaas", ""));
    assertThat(observe(Map.of()).missing)
        .extracting(problem -> problem.code)
        .containsExactly("namespace_not_found");
  }

  @Test
  void aNamespaceThatCannotBeReadIsMissing() throws Exception {
    api.refuses("/apis/apps/v1/namespaces/openfaas-fn/deployments", 403);
    assertThat(observe(Map.of()).missing)
        .extracting(problem -> problem.code)
        .containsExactly("forbidden");
  }

  @Test
  void aTokenThatIsNotAcceptedEndsTheObservation() {
    api.refuses(FUNCTIONS, 401);
    assertThatThrownBy(() -> observe(Map.of())).isInstanceOf(ClusterException.class);
  }

  @Test
  @DisplayName("LIST by namespace: the number of requests does not grow with the functions")
  void requestsDoNotGrowWithFunctions() throws Exception {
    int few = requests();
    String[] many = new String[300];
    Arrays.setAll(many, i -> deployment("function-" + i));
    holds("team-a", many);
    assertThat(requests()).isEqualTo(few);
  }

  private int requests() throws Exception {
    return canned.requests(Map.of());
  }

  private Platform observe(Map<String, String> settings) throws ClusterException, PolicyException {
    return canned.observe(settings);
  }

  private void holds(String namespace, String... deployments) {
    canned.holds(namespace, deployments);
  }

  private static String kind(String kind, String object) {
    return "{\"kind\":\"" + kind + "\",\"apiVersion\":\"v1\"," + object.substring(1);
  }
}
