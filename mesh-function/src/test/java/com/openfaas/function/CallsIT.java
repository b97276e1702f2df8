package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("Calls within the platform: retries and timeouts on Services, and NATS itself")
class CallsIT {
  private static final String RETRY = "retry.linkerd.io/http";
  private static final String TIMEOUT = "timeout.linkerd.io/request";

  private static TestPlatform platform;
  private static Caller caller;
  private static AuditLog audit;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installWithLinkerd();
    caller = new Caller(platform, Map.of("mesh_retries", "5xx", "mesh_timeout", "10s"));
    audit = new AuditLog(platform);
  }

  @Test
  @Order(1)
  void aGatewayThatCallsPodsIsToldOfAndNoServiceIsTouched() {
    Answer run = caller.apply();

    assertThat(run.outcome()).as(run.body).isEqualTo("changed");
    assertThat(run.checks()).containsEntry("service-features", "warn");
    assertThat(run.check("service-features"))
        .contains("cannot take effect")
        .contains("gateway.directFunctions=true");
    assertThat(audit.patches()).noneMatch(patch -> patch.contains("services"));
    platform.awaitSettled();
  }

  @Test
  @Order(2)
  void withoutTheRightsTheReportSaysWhatToApply() {
    platform.edit(platform.openfaas(), "gateway", Change.environment("direct_functions", "true"));
    platform.awaitSettled();

    Answer status = caller.get("");

    assertThat(status.findings()).contains("forbidden");
    assertThat(status.body).contains("create role mesh-setup-list-services");
  }

  @Test
  @Order(3)
  void theyAreSetOnTheFunctionsServices() {
    platform.account().apply("rbac-retries.yml");

    Answer run = caller.apply();

    assertThat(run.outcome()).as(run.body).isEqualTo("changed");
    assertThat(annotations("figlet"))
        .containsEntry(RETRY, "5xx")
        .containsEntry(TIMEOUT, "10s")
        .containsEntry("prometheus.io.scrape", "false")
        .containsKey(Annotations.PREVIOUS);
    assertThat(run.checks()).containsEntry("service-features", "pass");
    audit.forget();
    assertThat(caller.apply().outcome()).isEqualTo("meshed");
    assertThat(audit.writes()).isEmpty();
  }

  @Test
  @Order(4)
  void aDeployThatTakesThemOffIsPutRightByTheNextRun() {
    platform
        .admin()
        .services()
        .inNamespace(platform.functions())
        .withName("figlet")
        .edit(
            service ->
                new ServiceBuilder(service)
                    .editMetadata()
                    .withAnnotations(Map.of("prometheus.io.scrape", "false"))
                    .endMetadata()
                    .build());
    audit.forget();

    assertThat(caller.apply().outcome()).isEqualTo("changed");

    assertThat(audit.patches()).containsExactly("patch services/figlet");
  }

  @Test
  @Order(5)
  void revertTakesThemBackAlsoWhereThePolicyAsksForThemNoMore() {
    Answer revert = new Caller(platform).signed("revert", Instant.now());

    assertThat(revert.outcome()).as(revert.body).isEqualTo("reverted");
    assertThat(annotations("figlet"))
        .containsOnlyKeys("prometheus.io.scrape")
        .containsEntry("prometheus.io.scrape", "false");
  }

  @Test
  @Order(6)
  void natsItselfIsMeshedWithItsPortSkippedOnBothSides() {
    platform.awaitSettled();
    platform.account().allowCore("nats");
    Caller core = new Caller(platform, Map.of("mesh_core", "queue-worker,nats"));

    Answer run = core.signed("apply", Instant.now());

    assertThat(run.outcome()).as(run.body).isEqualTo("changed");
    assertThat(run.after("nats")).isEqualTo("meshed");
    assertThat(platform.templateAnnotations(platform.openfaas(), "nats"))
        .containsEntry(Annotations.SKIP_INBOUND_PORTS, "4222,4567,4568")
        .doesNotContainKey(Annotations.SKIP_OUTBOUND_PORTS);
    assertThat(platform.templateAnnotations(platform.openfaas(), "queue-worker"))
        .containsEntry(Annotations.SKIP_OUTBOUND_PORTS, "4222,4567,4568");
  }

  private static Map<String, String> annotations(String service) {
    return Objects.requireNonNullElse(
        platform
            .admin()
            .services()
            .inNamespace(platform.functions())
            .withName(service)
            .get()
            .getMetadata()
            .getAnnotations(),
        Map.of());
  }
}
