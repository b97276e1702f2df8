package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.LinkerdControlPlane;
import com.openfaas.function.lab.ProxyConfig;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("A control plane with the CNI plugin and proxies that are ordinary containers")
class LayoutsIT {
  private static final ProxyConfig CONFIG =
      LinkerdControlPlane.usualConfig().cni(true).nativeSidecar(false);

  private static TestPlatform platform;
  private static Caller caller;

  private static Answer plan;
  private static Answer first;
  private static Answer second;

  @BeforeAll
  static void mesh(TestPlatform installed) {
    platform = installed.installOpenFaas();
    platform.linkerd().install(CONFIG);
    platform.awaitSettled();
    caller = new Caller(platform);

    plan = caller.get("action=plan");
    first = caller.apply();
    platform.awaitSettled();
    second = caller.apply();
  }

  @Test
  void meshesWithoutLinkerdInit() {
    assertThat(plan.checks()).containsEntry("rehearsal-gateway", "pass");
    assertThat(first.outcome()).as(first.body).isEqualTo("changed");
    assertThat(second.outcome()).isEqualTo("meshed");
  }

  @Test
  void aChangedProxyVersionIsStaleAndApplyDoesNotRestartIt() {
    Answer apply = during(CONFIG.version("edge-26.9.1"), caller::apply);

    assertThat(apply.outcome()).isEqualTo("meshed");
    assertThat(apply.after("nodeinfo")).isEqualTo("stale");
    assertThat(apply.findings()).contains("proxy_version_differs");
    assertThat(caller.get("").after("nodeinfo")).as("as it was").isEqualTo("meshed");
  }

  @Test
  void anotherTrustRootIsStaleToo() {
    ProxyConfig rotated = CONFIG.trustRoots(LinkerdControlPlane.otherTrustRoots());
    Answer apply = during(rotated, caller::apply);

    assertThat(apply.outcome()).isEqualTo("meshed");
    assertThat(apply.findings()).contains("trust_root_differs");
    assertThat(caller.get("").findings()).as("as it was").doesNotContain("trust_root_differs");
  }

  @Test
  void aPartlyMeshedFunctionIsMadeWhole() {
    FaultScenario.on(platform).deployUninjected("half");
    platform.edit(platform.functions(), "half", Change.replicas(2));
    platform.awaitSettled();

    assertThat(caller.get("").after("half")).isEqualTo("partial");
    assertThat(caller.apply().after("half")).isEqualTo("meshed");
  }

  @Test
  void aPausedDeploymentIsLeftAlone() {
    FaultScenario.on(platform).deployUninjected("paused");
    pause("paused", true);

    Answer apply = caller.apply();

    assertThat(apply.after("paused")).isEqualTo("unsupported");
    assertThat(apply.findings()).contains("deployment_paused");
    assertThat(apply.change("paused")).isEqualTo("none");
    apply.inTable(30, "a paused Deployment");

    pause("paused", false);
    assertThat(caller.apply().after("paused")).as("resumed").isEqualTo("meshed");
    assertThat(caller.apply().outcome()).isEqualTo("meshed");
  }

  /** Linkerd is as it was when it returns. */
  private static Answer during(ProxyConfig config, Supplier<Answer> call) {
    platform.linkerd().reconfigure(config);
    try {
      return call.get();
    } finally {
      platform.linkerd().reconfigure(CONFIG);
    }
  }

  /** It has taken effect when it returns: a run leaves a workload alone while it still rolls. */
  private static void pause(String function, boolean paused) {
    platform.edit(
        platform.functions(),
        function,
        d -> new DeploymentBuilder(d).editSpec().withPaused(paused).endSpec().build());
    platform.awaitSettled();
  }
}
