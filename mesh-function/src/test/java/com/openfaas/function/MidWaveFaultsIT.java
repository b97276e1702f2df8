package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.ConflictingController;
import com.openfaas.function.lab.TestPlatform;
import com.openfaas.function.platform.Annotations;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractStringAssert;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@DisplayName("Others who change, or refuse, what a run is changing")
class MidWaveFaultsIT {
  private static TestPlatform platform;
  private static FaultScenario scenario;
  private static Caller caller;

  private static Answer contested;
  private static List<String> patchesWhileContested;
  private static Answer contestedAgain;

  /** With another controller about, and to the end once that is gone. */
  @BeforeAll
  static void meshThePlatform(TestPlatform installed) {
    platform = installed;
    // So slow that the other controller comes first.
    platform.deployFunction("aardvark", Change.whenMeshed("slow"));
    scenario = FaultScenario.fresh(platform);
    platform.edit(platform.openfaas(), "queue-worker", Change.whenMeshed("slow"));
    platform.awaitSettled();
    caller = new Caller(platform);

    AuditLog audit = new AuditLog(platform);
    try (ConflictingController other = new ConflictingController(platform, "tug-of-war")) {
      other.takesInjectionFrom(platform.functions(), "aardvark");
      other.takesInjectionFrom(platform.openfaas(), "queue-worker");
      contested = caller.apply();
      patchesWhileContested = audit.patches();
      platform.awaitSettled();
      contestedAgain = caller.apply();
      platform.awaitSettled();
    }
    scenario.endsMeshed(caller);
  }

  @Test
  @DisplayName("29 another controller fights for the same annotation")
  void givesUpWhereAnotherControllerTakesTheAnnotationAwayAndSaysWho() {
    contested.inTable(29, "another controller fights for the annotation");
    assertThat(patchesWhileContested)
        .as("it does not fight back")
        .containsOnlyOnce("patch deployments/aardvark", "patch deployments/queue-worker");
    assertThat(patchesWhileContested.indexOf("patch namespaces/" + platform.functions()))
        .as("after aardvark, which proved nothing, another canary goes before the namespace")
        .isEqualTo(2);
    assertOvertaken(contested, "aardvark", "last by \"tug-of-war\"");
    assertOvertaken(contested, "queue-worker", "last by \"tug-of-war\"");
    for (String other : new String[] {"nodeinfo", "figlet", "env"}) {
      assertThat(contested.after(other)).as(contested.body).isEqualTo("meshed");
    }
    assertThat(contested.change("gateway")).as("after the answer").isEqualTo("deferred");
    assertThat(contestedAgain.after("aardvark")).as("by its namespace").isEqualTo("meshed");
    assertOvertaken(contestedAgain, "queue-worker", "last by \"tug-of-war\"");
  }

  @Test
  @DisplayName("19 a function is deleted in mid-wave")
  void aFunctionThatIsDeletedIsNotWaitedFor() {
    // Its rollout lasts until it is deleted.
    scenario.deployUninjected(Change.whenMeshed("never-ready"), "gone-19");
    scenario.deployUninjected("stays-19");
    CompletableFuture<Answer> run = caller.applyMeanwhile();
    Awaitility.await()
        .until(() -> scenario.isRestarted("gone-19") && scenario.isRestarted("stays-19"));
    platform.deleteFunction("gone-19");

    Answer apply = run.join().inTable(19, "function deleted in mid-wave");

    assertThat(apply.outcome()).as(apply.body).isEqualTo("changed");
    assertThat(apply.findings()).contains("superseded");
    assertThat(apply.body).contains("it was deleted during its rollout");
    assertThat(apply.after("stays-19")).isEqualTo("meshed");
    scenario.leavesNothingHalfDone();
    scenario.endsMeshed(caller);
  }

  @Test
  @DisplayName("20 a function is redeployed in mid-wave")
  void aFunctionThatIsRedeployedIsNotRolledBack() {
    // Its rollout lasts until it is redeployed, and the next one long enough to be seen.
    scenario.deployUninjected(Change.whenMeshed("never-ready"), "again-20");
    scenario.deployUninjected("stays-20");
    CompletableFuture<Answer> run = caller.applyMeanwhile();
    Awaitility.await()
        .until(() -> scenario.isRestarted("again-20") && scenario.isRestarted("stays-20"));
    Map<String, String> again = Map.of("version", "2", "lab.mesh-setup/when-meshed", "slow");
    platform.redeployFunction("again-20", again);

    Answer apply = run.join().inTable(20, "function redeployed in mid-wave");

    assertThat(apply.outcome()).as(apply.body).isIn("changed", "inProgress");
    assertOvertaken(apply, "again-20", "its annotations were changed during its rollout");
    assertThat(apply.after("stays-20")).isEqualTo("meshed");
    assertThat(platform.templateAnnotations(platform.functions(), "again-20"))
        .as("the user's deploy stands")
        .containsEntry("version", "2");
    scenario.leavesNothingHalfDone();
    scenario.endsMeshed(caller);
  }

  @Test
  @DisplayName("a namespace that admission refuses is marked, and tried again when somebody asks")
  void aNamespaceThatAdmissionRefusesIsTriedOnce() {
    AuditLog audit = new AuditLog(platform);
    takeOffWhatIsOursOfTheNamespace();
    Denial denied = Denial.ofNamespace(platform, Annotations.INJECT);
    try {
      assertRefused(caller.apply()).contains("no such annotation here");
      audit.forget();
      Answer next = caller.apply();
      assertThat(next.outcome()).as(next.body).isEqualTo("degraded");
      assertThat(next.status).isEqualTo(200);
      assertThat(next.json().get("next").getAsString())
          .contains("namespace " + platform.functions())
          .contains("to try it again: echo -n ");
      assertThat(audit.writes()).isEmpty();

      assertRefused(caller.signed("refresh", Instant.now()));
      Awaitility.await("a write of somebody else's").until(() -> changesItLaterThanWe());
      assertRefused(caller.apply());
    } finally {
      denied.close();
    }
    assertThat(caller.signed("refresh", Instant.now()).outcome()).isEqualTo("changed");
    assertThat(ofNamespace())
        .containsEntry(Annotations.INJECT, "enabled")
        .doesNotContainKey(Annotations.FAILED);
    scenario.endsMeshed(caller);
  }

  @Test
  @DisplayName("one that takes no mark either is asked again by each run, which is no news")
  void aNamespaceThatRefusesTheMarkTooIsNoNewsTheSecondTime() {
    AuditLog audit = new AuditLog(platform);
    takeOffWhatIsOursOfTheNamespace();
    Denial denied = Denial.ofNamespace(platform, "");
    try {
      assertRefused(caller.apply()).contains("a mark of that is refused as well");
      assertThat(ofNamespace()).doesNotContainKeys(Annotations.INJECT, Annotations.FAILED);

      audit.forget();
      Answer next = caller.apply();
      assertThat(next.outcome()).as(next.body).isEqualTo("degraded");
      assertThat(next.status).isEqualTo(200);
      String patch = "patch namespaces/" + platform.functions();
      assertThat(audit.patches()).as("the change, then the mark").containsExactly(patch, patch);
      assertRefused(caller.signed("refresh", Instant.now()));
    } finally {
      denied.close();
    }
    assertThat(caller.apply().outcome()).isEqualTo("changed");
    scenario.endsMeshed(caller);
  }

  private static AbstractStringAssert<?> assertRefused(Answer answer) {
    assertThat(answer.outcome()).as(answer.body).isEqualTo("degraded");
    assertThat(answer.status).isEqualTo(500);
    return assertThat(answer.body).contains("namespace " + platform.functions());
  }

  private static void takeOffWhatIsOursOfTheNamespace() {
    changeNamespace(
        meta ->
            List.of(Annotations.INJECT, Annotations.PREVIOUS)
                .forEach(key -> meta.getAnnotations().remove(key)));
  }

  /** The API server keeps no more of a write's time than the second. */
  private static boolean changesItLaterThanWe() {
    changeNamespace(meta -> meta.getLabels().put("team", "t" + System.nanoTime()));
    Map<Boolean, Optional<String>> last =
        platform
            .admin()
            .namespaces()
            .withName(platform.functions())
            .get()
            .getMetadata()
            .getManagedFields()
            .stream()
            .collect(
                Collectors.partitioningBy(
                    entry -> entry.getManager().equals("mesh-setup"),
                    Collectors.mapping(
                        ManagedFieldsEntry::getTime, Collectors.maxBy(Comparator.naturalOrder()))));
    return last.get(false).orElseThrow().compareTo(last.get(true).orElseThrow()) > 0;
  }

  private static void changeNamespace(Consumer<ObjectMeta> change) {
    platform
        .admin()
        .namespaces()
        .withName(platform.functions())
        .edit(
            namespace -> {
              change.accept(namespace.getMetadata());
              return namespace;
            });
  }

  private static Map<String, String> ofNamespace() {
    return platform
        .admin()
        .namespaces()
        .withName(platform.functions())
        .get()
        .getMetadata()
        .getAnnotations();
  }

  private static void assertOvertaken(Answer answer, String name, String message) {
    assertThat(answer.change(name)).as(answer.body).isEqualTo("superseded");
    assertThat(answer.workload(name).get("message").getAsString()).contains(message);
  }
}
