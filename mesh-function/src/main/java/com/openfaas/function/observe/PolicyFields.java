package com.openfaas.function.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openfaas.function.platform.Cidr;
import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.Selector;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The fields that Linkerd's policy objects share (linkerd2 charts/linkerd-crds/templates/policy).
 */
final class PolicyFields {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PolicyFields() {}

  static List<String> identities(GenericKubernetesResource authentication) {
    List<String> patterns = new ArrayList<>();
    JsonNode spec = spec(authentication);
    spec.path("identities").forEach(identity -> patterns.add(identity.asText()));
    spec.path("identityRefs")
        .forEach(
            ref ->
                patterns.add(
                    ref.path("kind").asText().equals("Namespace")
                        ? Identity.pattern(ref.path("name").asText(), "*")
                        : account(ref, namespace(authentication))));
    return patterns;
  }

  static String account(JsonNode ref, String otherwise) {
    return Identity.pattern(ref.path("namespace").asText(otherwise), ref.path("name").asText());
  }

  static List<Cidr> networks(JsonNode of, String key) {
    List<Cidr> networks = new ArrayList<>();
    for (JsonNode network : of.path(key)) {
      Cidr range = Cidr.parse(network.path("cidr").asText());
      List<Cidr> except = new ArrayList<>();
      network.path("except").forEach(one -> except.add(Cidr.parse(one.asText())));
      except.removeIf(Objects::isNull);
      if (range != null) {
        networks.add(range.except(except));
      }
    }
    return networks;
  }

  static Selector selector(JsonNode selector) {
    Map<String, String> labels = new HashMap<>();
    selector
        .path("matchLabels")
        .properties()
        .forEach(l -> labels.put(l.getKey(), l.getValue().asText()));
    List<Selector.Expression> expressions = new ArrayList<>();
    for (JsonNode expression : selector.path("matchExpressions")) {
      List<String> values = new ArrayList<>();
      expression.path("values").forEach(value -> values.add(value.asText()));
      expressions.add(
          new Selector.Expression(
              expression.path("key").asText(), expression.path("operator").asText(), values));
    }
    return new Selector(labels, expressions);
  }

  static JsonNode spec(GenericKubernetesResource object) {
    return JSON.valueToTree(object.getAdditionalProperties()).path("spec");
  }

  static String subject(String kind, GenericKubernetesResource object) {
    return kind + " " + namespace(object) + "/" + name(object);
  }

  static String namespace(GenericKubernetesResource object) {
    return object.getMetadata().getNamespace();
  }

  static String name(GenericKubernetesResource object) {
    return object.getMetadata().getName();
  }
}
