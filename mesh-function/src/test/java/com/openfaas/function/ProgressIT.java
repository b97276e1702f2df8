package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.Caller.Answer;
import com.openfaas.function.lab.Change;
import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.TestPlatform;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ClusterExtension.class)
@DisplayName("Everybody is told how far the run under way is")
class ProgressIT {
  private static final String PROGRESS =
      "{\"id\":\"another-pod/call-1\",\"since\":\"2026-09-01T12:00:00Z\",\"wave\":\"functions\","
          + "\"at\":3,\"waves\":5,\"done\":2,\"total\":6,\"failed\":[]}";

  private static TestPlatform platform;
  private static int late;

  @BeforeAll
  static void install(TestPlatform installed) {
    platform = installed.installWithLinkerd();
  }

  /** A run that has nothing to do asks nobody for the Lease. */
  @BeforeEach
  void somethingIsToBeDone() {
    FaultScenario.on(platform).deployUninjected("late-" + ++late);
  }

  @AfterEach
  void nobodyHoldsIt() {
    platform.lease().delete();
  }

  @Test
  void anotherProcessReadsItFromTheLease() {
    platform.lease().hold(Instant.now(), Map.of("mesh-setup.openfaas.com/progress", PROGRESS));
    Caller other = new Caller(platform).inAHurry();

    Answer status = other.get("format=text&width=200");
    Answer busy = other.apply();

    assertThat(status.body)
        .contains("[##########....................] run another-pod/call-1 since 2026-09-01")
        .contains("wave 3 of 5 (functions), 2 of 6 objects done");
    assertThat(status.header("Refresh")).isEqualTo("5");
    assertThat(busy.outcome()).as(busy.body).isEqualTo("busy");
    assertThat(busy.json().get("next").getAsString()).contains("2 of 6 objects done");
    assertThat(busy.findings()).contains("run_under_way");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"\\u001b[31m\",\"since\":\"2026-09-01T12:00:00Z\",\"wave\":\"\\u202e\",\"failed\":[]}",
        "{\"id\":\"a\",\"since\":\"2026-09-01T12:00:00Z\",\"wave\":\"x\",\"done\":-1,\"total\":"
            + "2147483647,\"failed\":[null]}",
        "<script>"
      })
  void whatSomebodyElseHasWrittenThereIsNoProgress(String garbage) {
    platform.lease().hold(Instant.now(), Map.of("mesh-setup.openfaas.com/progress", garbage));
    Caller other = new Caller(platform).inAHurry();

    for (String format : new String[] {"text", "html"}) {
      Answer status = other.get("format=" + format);
      assertThat(status.status).as(status.body).isEqualTo(200);
      assertThat(status.body).doesNotContain("objects done").doesNotContain("<progress");
      assertThat(status.header("Refresh")).isNull();
    }
    assertThat(other.apply().findings()).contains("busy").doesNotContain("run_under_way");
  }

  @Test
  void theSameProcessTellsItFromMemoryAndNotAnyMoreWhenItIsOver() {
    FaultScenario.on(platform).deployUninjected(Change.whenMeshed("never-ready"), "endless");
    Caller caller = new Caller(platform).inAHurry();
    var run = caller.applyMeanwhile();

    Answer status =
        Awaitility.await("the run is under way")
            .until(() -> caller.get("format=html"), a -> a.header("Refresh") != null);
    assertThat(status.body).contains("<progress");
    Answer second = caller.apply();
    assertThat(second.outcome()).as(second.body).isEqualTo("busy");
    assertThat(second.findings()).contains("run_under_way");

    platform.deleteFunction("endless");
    run.join();
    caller.awaitTheEnd();
    platform.awaitSettled();
    Answer after = caller.get("format=html");
    assertThat(after.header("Refresh")).isNull();
    assertThat(after.body).doesNotContain("<progress");
  }
}
