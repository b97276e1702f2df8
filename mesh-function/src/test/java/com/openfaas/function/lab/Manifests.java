package com.openfaas.function.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The YAML beside this package, with a platform's names put in place of its ${...}. */
final class Manifests {
  private Manifests() {}

  static String text(String name, Map<String, String> values) {
    try (InputStream in = Manifests.class.getResourceAsStream("/lab/" + name)) {
      String text = new String(in.readAllBytes(), UTF_8);
      for (Map.Entry<String, String> value : values.entrySet()) {
        text = text.replace("${" + value.getKey() + "}", value.getValue());
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<HasMetadata> objects(
      KubernetesClient client, String name, Map<String, String> values) {
    String text = text(name, values);
    return client.load(new ByteArrayInputStream(text.getBytes(UTF_8))).items();
  }

  /** Whether the API server serves what a CustomResourceDefinition defines. */
  static boolean isEstablished(HasMetadata kind) {
    CustomResourceDefinitionStatus status =
        kind == null ? null : ((CustomResourceDefinition) kind).getStatus();
    // It is there for a moment before anything is said of it.
    return status != null
        && status.getConditions() != null
        && status.getConditions().stream()
            .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }

  static Map<String, String> with(Map<String, String> values, String key, String value) {
    Map<String, String> more = new HashMap<>(values);
    more.put(key, value);
    return more;
  }
}
