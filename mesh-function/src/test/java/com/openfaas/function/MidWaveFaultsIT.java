package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.AuditLog;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.ConflictingController;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClusterExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("Others who change what a run is changing")
class MidWaveFaultsIT {
  private static TestPlatform platform;
  private static Trial trial;
  private static Caller caller;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed;
    platform.deployFunction("aardvark");
    trial = Trial.fresh(platform);
    caller = new Caller(platform);
  }

  @Test
  @Order(1)
  @DisplayName("29 another controller fights for the same annotation")
  void givesUpWhereAnotherControllerTakesTheAnnotationAwayAndSaysWho() {
    AuditLog audit = new AuditLog(platform);
    Answer first;
    Answer second;
    try (ConflictingController other = new ConflictingController(platform, "tug-of-war")) {
      other.takesInjectionFrom(platform.functions(), "aardvark");
      other.takesInjectionFrom(platform.openfaas(), "queue-worker");
      first = caller.apply().inTable(29, "another controller fights for the annotation");
      assertThat(audit.patches())
          .as("it does not fight back")
          .containsOnlyOnce("patch deployments/aardvark", "patch deployments/queue-worker");
      assertThat(audit.patches().indexOf("patch namespaces/" + platform.functions()))
          .as("after aardvark, which proved nothing, another canary goes before the namespace")
          .isEqualTo(2);
      platform.awaitSettled();
      second = caller.apply();
      platform.awaitSettled();
    }

    assertOvertaken(first, "aardvark", "last by \"tug-of-war\"");
    assertOvertaken(first, "queue-worker", "last by \"tug-of-war\"");
    for (String other : new String[] {"nodeinfo", "figlet", "env"}) {
      assertThat(first.after(other)).as(first.body).isEqualTo("meshed");
    }
    assertThat(first.change("gateway")).as("after the answer").isEqualTo("deferred");
    assertThat(second.after("aardvark")).as("by its namespace").isEqualTo("meshed");
    assertOvertaken(second, "queue-worker", "last by \"tug-of-war\"");
    trial.endsMeshed(caller);
  }

  @Test
  @Order(2)
  @DisplayName("19 a function is deleted in mid-wave")
  void aFunctionThatIsDeletedIsNotWaitedFor() {
    trial.deployUninjected(Change.whenMeshed("slow"), "gone-19", "stays-19");
    CompletableFuture<Answer> run = caller.applyMeanwhile();
    Awaitility.await().until(() -> trial.isRestarted("gone-19") && trial.isRestarted("stays-19"));
    platform.deleteFunction("gone-19");

    Answer apply = run.join().inTable(19, "function deleted in mid-wave");

    assertThat(apply.outcome()).as(apply.body).isEqualTo("changed");
    assertThat(apply.findings()).contains("overtaken");
    assertThat(apply.body).contains("it was deleted during its rollout");
    assertThat(apply.after("stays-19")).isEqualTo("meshed");
    trial.leavesNothingHalfDone();
    trial.endsMeshed(caller);
  }

  @Test
  @Order(3)
  @DisplayName("20 a function is redeployed in mid-wave")
  void aFunctionThatIsRedeployedIsNotPutBack() {
    trial.deployUninjected(Change.whenMeshed("slow"), "again-20", "stays-20");
    CompletableFuture<Answer> run = caller.applyMeanwhile();
    Awaitility.await().until(() -> trial.isRestarted("again-20") && trial.isRestarted("stays-20"));
    // The Deployment's controller writes at the same time, and the one who deploys tries again.
    Awaitility.await()
        .ignoreExceptionsInstanceOf(KubernetesClientException.class)
        .untilAsserted(() -> platform.redeployFunction("again-20", Map.of("version", "2")));

    Answer apply = run.join().inTable(20, "function redeployed in mid-wave");

    assertThat(apply.outcome()).as(apply.body).isIn("changed", "inProgress");
    assertOvertaken(apply, "again-20", "its annotations were replaced while it was rolling out");
    assertThat(apply.after("stays-20")).isEqualTo("meshed");
    assertThat(platform.templateAnnotations(platform.functions(), "again-20"))
        .as("the user's deploy stands")
        .containsEntry("version", "2");
    trial.leavesNothingHalfDone();
    trial.endsMeshed(caller);
  }

  private static void assertOvertaken(Answer answer, String name, String message) {
    assertThat(answer.change(name)).as(answer.body).isEqualTo("overtaken");
    assertThat(answer.workload(name).get("message").getAsString()).contains(message);
  }
}
