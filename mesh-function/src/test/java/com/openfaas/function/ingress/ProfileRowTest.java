package com.openfaas.function.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the reader of the table refuses. */
class ProfileRowTest {
  private static final String MESHED =
      "- {id: one, title: One, images: [one], namespaces: [one], verdict: meshed, ";

  @Test
  void readsARow() {
    ControllerProfile one =
        read(MESHED
                + "tag: v2, inject: enabled, serviceAnnotation: one.example/service,"
                + " podAnnotations: {one.example/port: '80'}}")
            .get(0);

    assertThat(one.mode).isEqualTo("enabled");
    assertThat(one.isImage("mirror.example/one:v2")).isTrue();
    assertThat(one.isImage("mirror.example/one:v3")).isFalse();
    assertThat(one.podAnnotations).isEqualTo(Map.of("one.example/port", "80"));
    assertThat(one.settings(Map.of(), "gateway:8080"))
        .isEqualTo(Map.of("one.example/service", "true"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "inject: maybe}                            | row one: inject is neither enabled nor ingress",
        "inject: ingress}                          | row one: with inject: ingress nothing keeps",
        "inject: ingress, serviceAnnotation: a}    | made for inject: enabled",
        "unseen: it is not to be seen}             | made for inject: ingress",
        "injects: enabled}                         | row one: injects is not known",
        "serviceAnnotation: a, inject: enabled, unseen: b} | row one: unseen is not known, or not",
        "classes: one}                             | row one: classes is not a list of texts",
        "classes: [1]}                             | row one: classes is not a list of texts",
        "tag: '('}                                 | row one: tag is no regular expression",
        "apply: 3}                                 | row one: apply is not a text",
        "podAnnotations: {a: 1}}                   | row one podAnnotations: a is not a text",
        "podAnnotations: [a]}                      | row one: podAnnotations is not a mapping",
        "inject: ingress, headerAnnotation: {annotation: a, afterName: ':'}}"
            + "| row one headerAnnotation: betweenHeaders is missing",
        "inject: ingress, attachedObject: {kind: K, annotation: a, entry: e, servedWithoutIt: 1}}"
            + "| row one attachedObject: servedWithoutIt is neither true nor false",
        "inject: ingress, attachedObject: {kind: K, annotation: a, entry: e, servedWithoutIt: true,"
            + " more: 1}} | row one attachedObject: more is not known",
      })
  void refusesWhatItDoesNotKnow(String rest, String fault) {
    assertThatThrownBy(() -> read(MESHED + rest))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(fault);
  }

  @Test
  void aControllerThatIsMeshedCanBeFound() {
    assertThatThrownBy(
            () -> read("- {id: one, title: One, inject: enabled, images: [a], verdict: v}"))
        .hasMessage("row one: a controller that is meshed is found by images and namespaces");
  }

  @Test
  void tellsAllFaultsAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    "- {id: one, title: One, verdict: v}\n"
                        + "- {id: one, verdict: v}\n"
                        + "- {id: two, title: Two}\n"
                        + "- three\n"))
        .hasMessageContainingAll(
            "row one: id stands twice",
            "row one: title is missing",
            "row two: verdict is missing",
            "row null: id is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"'{id: one}' | is not a list", "'- [' | cannot be read", "'' | is not a list"})
  void refusesWhatIsNoTable(String yaml, String fault) {
    assertThatThrownBy(() -> read(yaml)).hasMessageContaining(fault);
  }

  private static List<ControllerProfile> read(String yaml) {
    return ProfileRow.all(yaml, ControllerProfile::new);
  }
}
