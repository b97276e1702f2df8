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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The story of the Services is told once; each test is about what one of its steps has shown. */
@ExtendWith(ClusterExtension.class)
@DisplayName("Calls within the platform: retries and timeouts on Services, and NATS itself")
class CallsIT {
  private static final String RETRY = "retry.linkerd.io/http";
  private static final String TIMEOUT = "timeout.linkerd.io/request";

  private static TestPlatform platform;
  private static AuditLog audit;

  private static Step callsPods;
  private static Step withoutRights;
  private static Step set;
  private static Step setAgain;
  private static Step putRight;
  private static Step reverted;

  /** At the end nothing is meshed. */
  @BeforeAll
  static void tell(TestPlatform installed) {
    platform = installed.installWithLinkerd();
    Caller caller = new Caller(platform, Map.of("mesh_retries", "5xx", "mesh_timeout", "10s"));
    audit = new AuditLog(platform);

    callsPods = new Step(caller::apply);
    platform.awaitSettled();
    platform.edit(platform.openfaas(), "gateway", Change.environment("direct_functions", "true"));
    platform.awaitSettled();
    withoutRights = new Step(() -> caller.get(""));
    platform.account().apply("rbac-retries.yml");
    set = new Step(caller::apply);
    setAgain = new Step(caller::apply);
    deployWithoutThem();
    putRight = new Step(caller::apply);
    reverted = new Step(() -> new Caller(platform).signed("revert", Instant.now()));
    platform.awaitSettled();
  }

  private static void deployWithoutThem() {
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
  }

  @Test
  void aGatewayThatCallsPodsIsToldOfAndNoServiceIsTouched() {
    Answer run = callsPods.answer;

    assertThat(run.outcome()).as(run.body).isEqualTo("changed");
    assertThat(run.checks()).containsEntry("service-features", "warn");
    assertThat(run.check("service-features"))
        .contains("cannot take effect")
        .contains("gateway.directFunctions=true");
    assertThat(callsPods.patches).noneMatch(patch -> patch.contains("services"));
  }

  @Test
  void withoutTheRightsTheReportSaysWhatToApply() {
    assertThat(withoutRights.answer.findings()).contains("forbidden");
    assertThat(withoutRights.answer.body).contains("create role mesh-setup-list-services");
  }

  @Test
  void theyAreSetOnTheFunctionsServices() {
    assertThat(set.answer.outcome()).as(set.answer.body).isEqualTo("changed");
    assertThat(set.figlet)
        .containsEntry(RETRY, "5xx")
        .containsEntry(TIMEOUT, "10s")
        .containsEntry("prometheus.io.scrape", "false")
        .containsKey(Annotations.PREVIOUS);
    assertThat(set.answer.checks()).containsEntry("service-features", "pass");
    assertThat(setAgain.answer.outcome()).isEqualTo("meshed");
    assertThat(setAgain.writes).isEmpty();
  }

  @Test
  void aDeployThatTakesThemOffIsPutRightByTheNextRun() {
    assertThat(putRight.answer.outcome()).isEqualTo("changed");
    assertThat(putRight.patches).containsExactly("patch services/figlet");
  }

  @Test
  void revertTakesThemBackAlsoWhereThePolicyAsksForThemNoMore() {
    assertThat(reverted.answer.outcome()).as(reverted.answer.body).isEqualTo("reverted");
    assertThat(reverted.figlet)
        .containsOnlyKeys("prometheus.io.scrape")
        .containsEntry("prometheus.io.scrape", "false");
  }

  @Test
  void natsItselfIsMeshedWithItsPortSkippedOnBothSides() {
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

  /** A call, what it wrote, and the annotations of figlet's Service after it. */
  private static final class Step {
    final Answer answer;
    final List<String> writes;
    final List<String> patches;
    final Map<String, String> figlet;

    Step(Supplier<Answer> call) {
      audit.forget();
      answer = call.get();
      writes = audit.writes();
      patches = audit.patches();
      figlet = annotations("figlet");
    }
  }
}
