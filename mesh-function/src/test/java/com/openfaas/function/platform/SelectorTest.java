package com.openfaas.function.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.openfaas.function.platform.Selector.Expression;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {
  @ParameterizedTest
  @CsvSource({
    "In, a, true",
    "In, c, false",
    "In, , false",
    "NotIn, a, false",
    "NotIn, c, true",
    "NotIn, , true",
    "Exists, a, true",
    "Exists, , false",
    "DoesNotExist, a, false",
    "DoesNotExist, , true",
    "SomethingNew, a, false",
    "SomethingNew, , false"
  })
  @DisplayName("each operator on the label's value among a and b, another, and none")
  void operators(String operator, String value, boolean matches) {
    Selector selector =
        new Selector(Map.of(), List.of(new Expression("key", operator, List.of("a", "b"))));
    assertThat(selector.matches(value == null ? Map.of() : Map.of("key", value)))
        .isEqualTo(matches);
  }

  @Test
  void everyLabelAndEveryExpressionMustHold() {
    Selector selector =
        new Selector(Map.of("app", "x"), List.of(new Expression("tier", "Exists", List.of())));
    assertThat(selector.matches(Map.of("app", "x", "tier", "1", "more", "2"))).isTrue();
    assertThat(selector.matches(Map.of("app", "x"))).isFalse();
    assertThat(selector.matches(Map.of("tier", "1"))).isFalse();
    assertThat(selector.matches(Map.of("app", "y", "tier", "1"))).isFalse();
  }

  @Test
  void anAbsentSelectorSelectsEverything() {
    assertThat(Selector.ALL.matches(Map.of())).isTrue();
    assertThat(Selector.ALL.matches(Map.of("a", "b"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "openfaas-fn, , true",
    "kube-system, , false",
    "cert-manager, , false",
    "openfaas-fn, disabled, false",
    "openfaas-fn, enabled, true"
  })
  @DisplayName("Linkerd's own namespace selector")
  void linkerdsSelector(String name, String webhooks, boolean admitted) {
    Map<String, String> labels =
        webhooks == null
            ? Map.of("kubernetes.io/metadata.name", name)
            : Map.of(
                "kubernetes.io/metadata.name", name,
                "config.linkerd.io/admission-webhooks", webhooks);
    assertThat(Sample.NAMESPACE_SELECTOR.matches(labels)).isEqualTo(admitted);
  }
}
