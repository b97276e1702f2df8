package com.openfaas.function.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether somebody else has changed a pod template, in what we look at or in what we do not. */
class TemplateHashTest {
  private static final String PLAIN = template("");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"annotations\":{},",
        "\"annotations\":{\"linkerd.io/inject\":\"disabled\"},",
        "\"annotations\":{\"linkerd.io/inject\":\"enabled\","
            + "\"mesh-setup.openfaas.com/restartedAt\":\"2026-09-01T12:00:00Z\"},",
        "\"annotations\":{\"config.linkerd.io/skip-outbound-ports\":\"4222\"},",
      })
  void whatWeSetAndTakeOffDoesNotCount(String annotations) throws Exception {
    assertThat(hash(template(annotations))).isEqualTo(hash(PLAIN)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"annotations\":{\"kubectl.kubernetes.io/restartedAt\":\"2026-09-01T12:00:00Z\"},",
        "\"labels\":{\"uid\":\"1\"},",
      })
  void whatADeployerSetsCounts(String metadata) throws Exception {
    assertThat(hash(template(metadata))).isNotEqualTo(hash(PLAIN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.org/x:1", "256Mi", "\"-v\"", "false"})
  void soDoesWhatNobodyLooksAt(String value) throws Exception {
    String other = value.equals("false") ? "true" : value.replaceFirst("[1v2]", "3");

    assertThat(PLAIN).contains(value);
    assertThat(hash(PLAIN.replace(value, other))).isNotEqualTo(hash(PLAIN));
  }

  @Test
  void theTemplateIsReadAsBefore() throws Exception {
    PodTemplateSpec template = read(Deployment.class, PLAIN).getSpec().getTemplate();

    assertThat(template.getSpec().getContainers()).hasSize(1);
    assertThat(template.getSpec().getContainers().get(0).getImage()).isEqualTo("example.org/x:1");
    assertThat(template.getSpec().getContainers().get(0).getResources())
        .as("nobody looks at them")
        .isNull();
  }

  @Test
  void aDaemonSetHasOneToo() throws Exception {
    assertThat(FieldFilter.hash(read(DaemonSet.class, PLAIN).getSpec().getTemplate()))
        .isEqualTo(hash(PLAIN));
  }

  private static String hash(String json) throws IOException {
    return FieldFilter.hash(read(Deployment.class, json).getSpec().getTemplate());
  }

  private static <T> T read(Class<T> type, String json) throws IOException {
    return FieldFilter.podsMapper().readerFor(type).readValue(json);
  }

  private static String template(String metadata) {
    return "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"replicas\":1,\"template\":{\"metadata\":{"
        + metadata
        + "\"creationTimestamp\":null},\"spec\":{\"containers\":[{\"name\":\"x\","
        + "\"image\":\"example.org/x:1\",\"args\":[\"-v\"],\"tty\":false,"
        + "\"resources\":{\"limits\":{\"memory\":\"256Mi\"}}}]}}}}";
  }
}
