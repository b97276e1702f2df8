package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is asked, planned and in which order; the lab's proxies let everybody in. */
@ExtendWith(ClusterExtension.class)
@DisplayName("default-inbound-policy: deny, with a Server that admits the gateway's account alone")
class InboundPolicyIT {
  @Test
  @DisplayName("one call meshes the gateway, then, when it is confirmed, the functions; a late one")
  void isMeshedByOneCall(TestPlatform installed) {
    TestPlatform platform = denying(installed);
    Caller caller = new Caller(platform);
    admit(platform, "gateway");

    Answer wrong = caller.apply();
    assertThat(wrong.outcome()).as("another account: " + wrong.body).isEqualTo("blocked");
    assertThat(wrong.check("inbound-policy"))
        .contains("server " + platform.functions() + "/functions")
        .contains("openfaas-controller." + platform.openfaas() + ".serviceaccount.identity.")
        .doesNotContain("all-unauthenticated");

    admit(platform, "openfaas-controller");
    Answer first = caller.apply();
    assertThat(first.check("inbound-policy")).contains("the gateway is meshed first");
    assertThat(first.outcome()).as(first.body).isEqualTo("inProgress");
    assertThat(first.after("nodeinfo")).as("while the gateway has none").isEqualTo("unmeshed");
    caller.awaitTheEnd();

    Answer status = caller.post("{\"action\":\"status\"}");
    assertThat(status.after("nodeinfo")).as(status.body).isEqualTo("meshed");
    platform.awaitSettled();
    Answer second = caller.apply();
    assertThat(second.check("inbound-policy")).contains("authorizationpolicy");
    assertThat(second.outcome()).as(second.body).isEqualTo("meshed");

    FaultScenario.on(platform).deployUninjected("late");
    Answer third = caller.apply();
    assertThat(third.outcome()).as(third.body).isEqualTo("changed");
    assertThat(third.after("late")).isEqualTo("meshed");
    assertThat(third.body).doesNotContain("all-unauthenticated");
  }

  private static TestPlatform denying(TestPlatform installed) {
    TestPlatform platform = installed.installWithLinkerd();
    platform
        .admin()
        .namespaces()
        .withName(platform.functions())
        .edit(Change.namespaceAnnotated("config.linkerd.io/default-inbound-policy", "deny"));
    return platform;
  }

  private static void admit(TestPlatform platform, String account) {
    String yaml =
        String.join(
            "\n",
            "apiVersion: policy.linkerd.io/v1beta3",
            "kind: Server",
            "metadata: {name: functions, namespace: " + platform.functions() + "}",
            "spec:",
            "  podSelector: {matchExpressions: [{key: faas_function, operator: Exists}]}",
            "  port: 8080",
            "---",
            "apiVersion: policy.linkerd.io/v1alpha1",
            "kind: MeshTLSAuthentication",
            "metadata: {name: gateway, namespace: " + platform.functions() + "}",
            "spec:",
            "  identityRefs:",
            "  - {kind: ServiceAccount, name: "
                + account
                + ", namespace: "
                + platform.openfaas()
                + "}",
            "---",
            "apiVersion: policy.linkerd.io/v1alpha1",
            "kind: AuthorizationPolicy",
            "metadata: {name: gateway, namespace: " + platform.functions() + "}",
            "spec:",
            "  targetRef: {group: policy.linkerd.io, kind: Server, name: functions}",
            "  requiredAuthenticationRefs:",
            "  - {group: policy.linkerd.io, kind: MeshTLSAuthentication, name: gateway}");
    KubernetesClient admin = platform.admin();
    admin
        .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(object -> admin.resource(object).forceConflicts().serverSideApply());
  }
}
