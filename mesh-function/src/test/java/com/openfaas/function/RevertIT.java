package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("refresh and revert, signed by the operator")
class RevertIT {
  private static final String PORTS = "config.linkerd.io/skip-outbound-ports";

  private static TestPlatform platform;
  private static Caller caller;
  private static AuditLog audit;
  private static Map<String, String> original;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installWithLinkerd();
    caller = new Caller(platform);
    audit = new AuditLog(platform);
    original = FaultScenario.on(platform).objects();
    assertThat(caller.apply().outcome()).isEqualTo("changed");
    platform.awaitSettled();
  }

  /** Whatever the test before has taken back. */
  @BeforeEach
  void everythingIsMeshed() {
    platform.awaitSettled();
    platform.lease().release();
    FaultScenario.on(platform).endsMeshed(caller);
    audit.forget();
  }

  @Test
  void refreshRestartsWhatIsStaleInTheSameWavesAndASecondOneNothing() {
    platform.linkerd().reconfigure(platform.linkerd().config().version("edge-26.9.1"));
    audit.forget();

    Answer refresh = caller.signed("refresh", Instant.now());
    platform.awaitSettled();

    assertThat(refresh.outcome()).as(refresh.body).isEqualTo("changed");
    assertThat(refresh.change("figlet")).isEqualTo("restarted");
    assertThat(audit.patches())
        .endsWith("patch deployments/gateway", "patch deployments/mesh-setup");
    assertThat(caller.apply().after("gateway")).isEqualTo("meshed");

    audit.forget();
    Answer second = caller.signed("refresh", Instant.now());
    assertThat(second.outcome()).as(second.body).isEqualTo("meshed");
    assertThat(audit.patches()).isEmpty();
  }

  @Test
  void withoutASignatureNothingIsTakenBack() {
    assertThat(caller.post("{\"action\":\"revert\"}").status).isEqualTo(401);
    assertThat(caller.signedWith("wrong", "revert", Instant.now()).status).isEqualTo(401);
    assertThat(audit.requests()).as("nothing was even asked").isEmpty();
    assertThat(caller.signed("revert", Instant.now().minusSeconds(301)).body)
        .contains("more than 5 minutes");
    assertThat(audit.writes()).isEmpty();
  }

  @Test
  void revertGivesBackTheOriginalFieldByField() {
    Instant at = Instant.now();
    Answer revert = caller.signed("revert", at);
    platform.awaitSettled();

    assertThat(revert.outcome()).as(revert.body).isEqualTo("reverted");
    assertThat(revert.after("nodeinfo")).isEqualTo("unmeshed");
    assertThat(FaultScenario.on(platform).objects()).containsExactlyInAnyOrderEntriesOf(original);
    assertThat(audit.patches())
        .endsWith("patch deployments/gateway", "patch deployments/mesh-setup");
  }

  @Test
  void afterARevertAnUnsignedApplyChangesNothingUntilASignedOne() {
    assertThat(caller.signed("revert", Instant.now()).outcome()).isEqualTo("reverted");
    platform.awaitSettled();
    audit.forget();

    Answer held = caller.apply();
    Answer refresh = caller.signed("refresh", Instant.now());

    assertThat(held.outcome()).as(held.body).isEqualTo("held");
    assertThat(held.status).isEqualTo(200);
    assertThat(refresh.outcome()).as(refresh.body).isEqualTo("held");
    assertThat(audit.patches()).isEmpty();
    assertThat(caller.get("").findings()).contains("held");
    assertThat(caller.signed("apply", Instant.now()).outcome()).isEqualTo("changed");
    platform.awaitSettled();
    assertThat(caller.apply().outcome()).isEqualTo("meshed");
    assertThat(caller.get("").findings()).doesNotContain("held");
  }

  @Test
  void aSignedRequestIsNotCarriedOutTwiceWhateverBecameOfIt() {
    Instant at = Instant.now();
    assertThat(caller.signed("revert", at).outcome()).isEqualTo("reverted");
    platform.awaitSettled();
    Instant later = Instant.now();
    assertThat(caller.signed("revert", later).body).contains("Nothing of mesh-setup's was left");
    assertThat(caller.signed("apply", Instant.now()).outcome()).isEqualTo("changed");
    platform.awaitSettled();
    audit.forget();

    for (Instant sent : List.of(at, later)) {
      Answer replayed = caller.signed("revert", sent);

      assertThat(replayed.status).as(replayed.body).isEqualTo(409);
      assertThat(replayed.body).contains("later than the one before");
    }
    assertThat(audit.writes()).isEmpty();
  }

  @Test
  void revertLeavesAloneWhatSomebodyElseHasSetMeanwhile() {
    platform.edit(
        platform.openfaas(), "queue-worker", Change.templateAnnotated(Map.of(PORTS, "4222,9999")));
    platform.awaitSettled();

    Answer revert = caller.signed("revert", Instant.now());
    platform.awaitSettled();

    assertThat(revert.outcome()).as(revert.body).isEqualTo("reverted");
    assertThat(platform.templateAnnotations(platform.openfaas(), "queue-worker"))
        .containsEntry(PORTS, "4222,9999")
        .doesNotContainKey("linkerd.io/inject");
    platform.edit(
        platform.openfaas(),
        "queue-worker",
        worker -> {
          worker.getSpec().getTemplate().getMetadata().getAnnotations().remove(PORTS);
          return worker;
        });
    platform.awaitSettled();
  }
}
