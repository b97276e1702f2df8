package com.openfaas.function.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Sample;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.rollout.Steps;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The mark of a gateway's change that nobody has confirmed")
class UnconfirmedTest {
  private static final Instant NOON = Instant.parse("2026-09-01T12:00:00Z");
  private static final String SINCE = "\"since\":\"2026-09-01T12:00:00Z\"";
  private static final String INJECT = "{\"linkerd.io/inject\":";

  private static final String PORTS = "{\"config.linkerd.io/skip-outbound-ports\":";
  private static final String RESTART = "{\"" + Annotations.RESTARTED_AT + "\":";

  @Test
  void isWrittenWithTheChangeAndReadByAnyProcess() {
    Step step = Steps.enabling(gateway(null)).toBeConfirmed(NOON, true, false);
    JsonObject annotations = own(step);

    Unconfirmed read =
        Unconfirmed.of(gateway(annotations.get(Annotations.UNCONFIRMED).getAsString()));

    assertThat(read).usingRecursiveComparison().isEqualTo(step.unconfirmed());
    assertThat(read.since).isEqualTo(NOON);
    assertThat(read.functions).isTrue();
    assertThat(read.self).isFalse();
    assertThat(read.wasReached()).isTrue();
    assertThat(read.set).isEqualTo(step.annotations);
    assertThat(read.before).containsOnlyKeys(step.annotations.keySet());
  }

  @Test
  @DisplayName("another process takes the change back to what was there, record and mark included")
  void whatAnotherRunHasMadeIsTakenBackWhole() {
    Workload before =
        Sample.of(Role.GATEWAY, "openfaas", "gateway")
            .annotated(Annotations.SKIP_OUTBOUND_PORTS, "25")
            .unmeshed(1)
            .workload();
    Step step = Steps.enabling(before).toBeConfirmed(NOON, true, true);
    JsonObject own = own(step);
    Sample after = Sample.of(Role.GATEWAY, "openfaas", "gateway").meshed(1);
    step.annotations.forEach(after::annotated);
    own.entrySet().forEach(e -> after.ownAnnotation(e.getKey(), e.getValue().getAsString()));

    Step made = Step.madeBefore(after.workload(), Unconfirmed.of(after.workload()));

    assertThat(made.isIn(after.workload().template.annotations)).isTrue();
    Map<String, String> expected = new HashMap<>();
    step.annotations.keySet().forEach(key -> expected.put(key, null));
    expected.put(Annotations.SKIP_OUTBOUND_PORTS, "25");
    assertThat(made.undo().annotations).isEqualTo(expected);
    JsonObject undone = own(made.undo());
    assertThat(undone.get(Annotations.UNCONFIRMED).isJsonNull()).isTrue();
    assertThat(undone.get(Annotations.PREVIOUS).isJsonNull()).as("there was none").isTrue();
  }

  @Test
  void onlyOurKeysAreReadFromIt() {
    Unconfirmed read =
        Unconfirmed.of(
            "{"
                + SINCE
                + ",\"set\":{\"linkerd.io/inject\":\"enabled\",\"config.linkerd.io/proxy-uid\":\"0\"},"
                + "\"before\":{\"linkerd.io/inject\":null,\"config.linkerd.io/proxy-uid\":\"0\","
                + "\"config.linkerd.io/skip-outbound-ports\":\"1-65535\"}}");

    assertThat(read.set).containsOnlyKeys(Annotations.INJECT);
    assertThat(read.before).containsOnlyKeys(Annotations.INJECT);
    assertThat(read.wasReached()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "7",
        "[]",
        "{}",
        "{\"since\":",
        "{" + SINCE + "}",
        "{" + SINCE + ",\"set\":{}}",
        "{" + SINCE + ",\"set\":{},\"before\":{}}",
        "{" + SINCE + ",\"set\":[],\"before\":[]}",
        "{" + SINCE + ",\"set\":" + INJECT + "{}},\"before\":" + INJECT + "null}}",
        "{" + SINCE + ",\"set\":" + INJECT + "\"enabled\"},\"before\":{}}",
        "{" + SINCE + ",\"set\":{\"a\":\"b\"},\"before\":{\"a\":null}}",
        "{\"since\":\"yesterday\",\"set\":"
            + INJECT
            + "\"enabled\"},\"before\":"
            + INJECT
            + "null}}",
        "{\"set\":" + INJECT + "\"enabled\"},\"before\":" + INJECT + "null}}",
        "{" + SINCE + ",\"set\":" + INJECT + "\"evil\"},\"before\":" + INJECT + "null}}",
        "{" + SINCE + ",\"set\":" + INJECT + "\"enabled\"},\"before\":" + INJECT + "\"true\"}}",
        "{" + SINCE + ",\"set\":" + PORTS + "\"1;2\"},\"before\":" + PORTS + "null}}",
        "{" + SINCE + ",\"set\":" + PORTS + "\"25\"},\"before\":" + PORTS + "\"all of them\"}}",
        "{" + SINCE + ",\"set\":" + RESTART + "\"now\"},\"before\":" + RESTART + "null}}"
      })
  void whatWeHaveNotWrittenIsNone(String json) {
    assertThat(Unconfirmed.of(gateway(json))).isNull();
  }

  @Test
  void whereNothingIsWrittenThereIsNone() {
    assertThat(Unconfirmed.of(gateway(null))).isNull();
  }

  @Test
  @DisplayName("a record that somebody has written into the mark gives nothing of theirs back")
  void aForeignRecordInItIsNotRolledBack() {
    Workload gateway =
        gateway(
            "{"
                + SINCE
                + ",\"set\":"
                + INJECT
                + "\"enabled\"},\"before\":"
                + INJECT
                + "null},\"record\":\"{\\\"config.linkerd.io/proxy-uid\\\":\\\"0\\\"}\"}");

    Step back = Step.madeBefore(gateway, Unconfirmed.of(gateway)).undo();

    assertThat(back.patch()).doesNotContain("proxy-uid");
  }

  private static Workload gateway(String mark) {
    Sample gateway = Sample.of(Role.GATEWAY, "openfaas", "gateway").unmeshed(1);
    return (mark == null ? gateway : gateway.ownAnnotation(Annotations.UNCONFIRMED, mark))
        .workload();
  }

  /** What the step's patch sets on the gateway's own metadata. */
  private static JsonObject own(Step step) {
    return JsonParser.parseString(step.patch())
        .getAsJsonObject()
        .getAsJsonObject("metadata")
        .getAsJsonObject("annotations");
  }
}
