package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.LinkerdControlPlane;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("A control plane with the CNI plugin and proxies that are ordinary containers")
class LayoutsIT {
  private static TestPlatform platform;
  private static Caller caller;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installOpenFaas();
    LinkerdControlPlane linkerd = platform.linkerd();
    linkerd.install(LinkerdControlPlane.usualConfig().cni(true).nativeSidecar(false));
    platform.awaitSettled();
    caller = new Caller(platform);
  }

  @Test
  @Order(1)
  void meshesWithoutLinkerdInit() {
    Answer plan = caller.get("action=plan");
    Answer apply = caller.apply();
    platform.awaitSettled();

    assertThat(plan.checks()).containsEntry("rehearsal-gateway", "pass");
    assertThat(apply.outcome()).as(apply.body).isEqualTo("changed");
    assertThat(caller.apply().outcome()).isEqualTo("meshed");
  }

  @Test
  @Order(2)
  void aChangedProxyVersionIsStaleAndApplyDoesNotRestartIt() {
    platform.linkerd().reconfigure(platform.linkerd().config().version("edge-26.9.1"));

    Answer apply = caller.apply();

    assertThat(apply.outcome()).isEqualTo("meshed");
    assertThat(apply.after("nodeinfo")).isEqualTo("stale");
    assertThat(apply.findings()).contains("proxy_version_differs");
  }

  @Test
  @Order(3)
  void anotherTrustRootIsStaleToo() {
    LinkerdControlPlane linkerd = platform.linkerd();
    linkerd.reconfigure(linkerd.config().version("edge-26.8.3"));
    assertThat(caller.get("").after("nodeinfo")).isEqualTo("meshed");
    linkerd.reconfigure(linkerd.config().trustRoots(LinkerdControlPlane.otherTrustRoots()));

    assertThat(caller.get("").findings()).contains("trust_root_differs");
  }

  @Test
  @Order(4)
  void aPartlyMeshedFunctionIsMadeWhole() {
    platform.linkerd().injector().stop();
    platform.deployFunction("half");
    platform.awaitSettled();
    platform.linkerd().injector().start();
    platform.edit(platform.functions(), "half", Change.replicas(2));
    platform.awaitSettled();

    assertThat(caller.get("").after("half")).isEqualTo("partial");
    assertThat(caller.apply().after("half")).isEqualTo("meshed");
  }

  @Test
  @Order(5)
  void aPausedDeploymentIsLeftAlone() {
    platform.linkerd().injector().stop();
    platform.deployFunction("paused");
    platform.awaitSettled();
    platform.linkerd().injector().start();
    platform.edit(
        platform.functions(),
        "paused",
        d -> new DeploymentBuilder(d).editSpec().withPaused(true).endSpec().build());

    Answer apply = caller.apply();

    assertThat(apply.after("paused")).isEqualTo("unsupported");
    assertThat(apply.findings()).contains("deployment_paused");
    assertThat(apply.change("paused")).isEqualTo("none");
    apply.inTable(30, "a paused Deployment");

    platform.edit(
        platform.functions(),
        "paused",
        d -> new DeploymentBuilder(d).editSpec().withPaused(false).endSpec().build());
    assertThat(caller.apply().after("paused")).as("resumed").isEqualTo("meshed");
    assertThat(caller.apply().outcome()).isEqualTo("meshed");
  }
}
