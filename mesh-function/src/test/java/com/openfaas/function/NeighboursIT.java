package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.IstioInjector;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("The gateway's namespace asks for injection, and NATS and Prometheus were restarted")
class NeighboursIT {
  private static TestPlatform platform;
  private static Caller caller;

  private static Answer status;
  private static Answer blocked;
  private static Map<String, String> gatewayWhenBlocked;
  private static Answer unblocked;
  private static Answer again;

  @BeforeAll
  static void tell(TestPlatform installed) {
    install(installed);
    status = caller.get("");
    blocked = caller.apply();
    gatewayWhenBlocked = platform.templateAnnotations(platform.openfaas(), "gateway");

    platform.edit(
        platform.openfaas(),
        "nats",
        Change.templateAnnotated(Map.of("config.linkerd.io/skip-inbound-ports", "4222,4567,4568")));
    platform.awaitSettled();
    unblocked = caller.apply();
    platform.awaitSettled();
    again = caller.apply();
  }

  private static void install(TestPlatform installed) {
    platform = installed.installWithLinkerd();
    platform
        .linkerd()
        .injector()
        .awaitKnown(
            platform
                .admin()
                .namespaces()
                .withName(platform.openfaas())
                .edit(Change.namespaceAnnotated("linkerd.io/inject", "enabled")));
    for (String name : new String[] {"nats", "prometheus"}) {
      platform.edit(
          platform.openfaas(), name, Change.templateAnnotated(Map.of("restartedAt", "now")));
    }
    platform.awaitSettled();
    caller = new Caller(platform);
  }

  @Test
  void whatIsNotCoveredIsListed() {
    assertThat(status.findings()).contains("not_covered");
    assertThat(status.body)
        .contains("\"subject\": \"deployment " + platform.openfaas() + "/nats\"")
        .contains("\"subject\": \"deployment " + platform.openfaas() + "/prometheus\"");
    assertThat(status.check("nats-inbound")).contains("/nats has a proxy that does not skip");
  }

  @Test
  void natsThatHangsItsClientsStopsTheRunBeforeTheGatewayIsTouched() {
    assertThat(blocked.outcome()).as(blocked.body).isEqualTo("blocked");
    assertThat(blocked.check("nats-inbound"))
        .contains("deployment " + platform.openfaas() + "/nats", "4222")
        .contains("kubectl -n " + platform.openfaas() + " patch deployment nats -p '");
    assertThat(gatewayWhenBlocked)
        .doesNotContainKeys("linkerd.io/inject", "config.linkerd.io/skip-outbound-ports");
  }

  @Test
  void whatTheHintSaysUnblocksIt() {
    assertThat(unblocked.outcome()).isEqualTo("changed");
    assertThat(again.outcome()).as(again.body).isEqualTo("meshed");
    assertThat(again.checks()).doesNotContainKey("nats-inbound");
  }

  @Test
  void istioBesideUsIsNamedWithWhatAsksForIt() {
    labelFunctions("enabled");
    try (IstioInjector istio = new IstioInjector(platform.admin(), platform.functions())) {
      istio.install();
      platform.deployFunction("late");
      platform.awaitSettled();

      Answer beside = caller.apply();

      assertThat(beside.outcome()).as(beside.body).isEqualTo("blocked");
      assertThat(beside.check("rehearsal-function"))
          .contains("came back with Istio's proxy, and so without linkerd-proxy")
          .contains("label istio-injection: enabled")
          .contains(
              "kubectl label namespace "
                  + platform.functions()
                  + " istio-injection-; then restart");
      assertThat(beside.findings()).contains("istio_injection");
    } finally {
      labelFunctions(null);
    }
    assertThat(caller.apply().outcome()).isEqualTo("changed");
    assertThat(caller.get("").after("late")).isEqualTo("meshed");
  }

  private static void labelFunctions(String istio) {
    platform
        .admin()
        .namespaces()
        .withName(platform.functions())
        .edit(
            namespace ->
                new NamespaceBuilder(namespace)
                    .editMetadata()
                    .addToLabels(Collections.singletonMap("istio-injection", istio))
                    .endMetadata()
                    .build());
  }
}
