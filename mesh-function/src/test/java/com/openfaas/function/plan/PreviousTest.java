package com.openfaas.function.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A function's owner can write the record, so little of it is believed. */
class PreviousTest {
  @Test
  void whatMeshSetupWritesIsReadBack() {
    Annotated object =
        recorded(
            Kind.DEPLOYMENT,
            "{\"linkerd.io/inject\":null,\"config.linkerd.io/skip-outbound-ports\":\"25, 4000-4100\","
                + "\"mesh-setup.openfaas.com/restartedAt\":null}");

    assertThat(Previous.recorded(object))
        .hasSize(3)
        .containsEntry(Annotations.SKIP_OUTBOUND_PORTS, "25, 4000-4100");
    assertThat(Previous.doubt(object)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"not a key!\":\"x\"}",
        "{\"config.linkerd.io/proxy-uid\":\"0\"}",
        "{\"linkerd.io/inject\":\"yes\"}",
        "{\"linkerd.io/inject\":[\"enabled\"]}",
        "{\"linkerd.io/inject\":true}",
        "{\"config.linkerd.io/skip-outbound-ports\":\"70000\"}",
        "{\"config.linkerd.io/skip-outbound-ports\":\"all\"}",
        "{\"mesh-setup.openfaas.com/restartedAt\":\"x\"}",
        "{\"linkerd.io/inject\":null",
        "[1]",
        "null",
        "",
        "{}"
      })
  void aRecordThatHoldsNothingOfOursIsUnusable(String json) {
    for (Kind kind : new Kind[] {Kind.DEPLOYMENT, Kind.DAEMON_SET, Kind.NAMESPACE}) {
      Annotated object = recorded(kind, json);

      assertThat(Previous.isUsable(object)).isFalse();
      assertThat(Previous.doubt(object).code).isEqualTo("record_unusable");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void twoHundredKibibytesAreNotEvenParsed(Kind kind) {
    String json = "{\"linkerd.io/inject\":null,\"x\":\"" + "x".repeat(200 * 1024) + "\"}";

    assertThat(Previous.isUsable(recorded(kind, json))).isFalse();
  }

  @Test
  void whatIsForeignIsToldAndNotRead() {
    Annotated object =
        recorded(
            Kind.DEPLOYMENT, "{\"linkerd.io/inject\":null,\"config.linkerd.io/proxy-uid\":\"0\"}");

    assertThat(Previous.recorded(object)).containsOnlyKeys(Annotations.INJECT);
    assertThat(Previous.doubt(object).code).isEqualTo("record_foreign");
    assertThat(Previous.doubt(object).hint)
        .contains("kubectl -n ns annotate deployment name mesh-setup.openfaas.com/previous-");
  }

  @Test
  void ofANamespaceOnlyInjectIsRead() {
    String json =
        "{\"linkerd.io/inject\":null,\"pod-security.kubernetes.io/enforce\":\"privileged\","
            + "\"config.linkerd.io/skip-outbound-ports\":\"1\"}";

    assertThat(Previous.recorded(recorded(Kind.NAMESPACE, json)))
        .containsOnlyKeys(Annotations.INJECT);
  }

  private static Annotated recorded(Kind kind, String json) {
    return new Annotated(kind, "ns", "name", Map.of(Annotations.PREVIOUS, json));
  }
}
