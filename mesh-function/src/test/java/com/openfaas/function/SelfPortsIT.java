package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("The one that rescues does not depend on what it rescues")
class SelfPortsIT {
  private static final String SKIP = "config.linkerd.io/skip-outbound-ports";

  @Test
  @DisplayName(
      "its own proxy skips the API server's ports; what was there is recorded and reverted")
  void passesItsProxyByToTheApiServer(TestPlatform installed) {
    TestPlatform platform = installed.installWithLinkerd();
    Caller caller = new Caller(platform);
    String port = platform.functionEnvironment().get("KUBERNETES_SERVICE_PORT");

    assertThat(caller.apply().outcome()).isEqualTo("changed");
    platform.awaitSettled();
    assertThat(own(platform)).containsEntry(SKIP, "443,6443," + port + ",4567,4568");
    String previous =
        platform
            .admin()
            .apps()
            .deployments()
            .inNamespace(platform.functions())
            .withName("mesh-setup")
            .get()
            .getMetadata()
            .getAnnotations()
            .get("mesh-setup.openfaas.com/previous");
    assertThat(previous).contains("\"" + SKIP + "\":null");
    assertThat(platform.templateAnnotations(platform.functions(), "figlet"))
        .doesNotContainKey(SKIP);
    assertThat(caller.apply().outcome()).as("nothing is left to set").isEqualTo("meshed");

    Answer revert = caller.signed("revert", Instant.now());
    assertThat(revert.outcome()).as(revert.body).isEqualTo("reverted");
    platform.awaitSettled();
    assertThat(own(platform)).doesNotContainKey(SKIP);
  }

  private static Map<String, String> own(TestPlatform platform) {
    Map<String, String> annotations =
        platform.templateAnnotations(platform.functions(), "mesh-setup");
    return annotations == null ? Map.of() : annotations;
  }
}
