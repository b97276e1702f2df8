package com.openfaas.function.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Annotations;
import com.openfaas.function.platform.Authorization.Cidr;
import com.openfaas.function.platform.Authorization.Clients;
import com.openfaas.function.platform.Identity;
import com.openfaas.function.platform.InboundRules.PolicyObject;
import com.openfaas.function.platform.Kind;
import com.openfaas.function.platform.Selector;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields that Linkerd's policy objects share (linkerd2 charts/linkerd-crds/templates/policy).
 */
final class PolicyFields {
  private static final ObjectMapper JSON =
      new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

  /** The {@code fieldManager} of mesh-setup's apply requests. */
  private static final String MANAGER = "mesh-setup";

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

  /** The clients that a ServerAuthorization admits. */
  static Clients clients(GenericKubernetesResource authorization) {
    JsonNode client = spec(authorization).path("client");
    JsonNode mesh = client.path("meshTLS");
    List<String> asked = new ArrayList<>();
    if (client.path("unauthenticated").asBoolean()) {
      asked.add(Clients.UNAUTHENTICATED);
    }
    if (mesh.path("unauthenticatedTLS").asBoolean()) {
      asked.add("*");
    }
    mesh.path("identities").forEach(identity -> asked.add(identity.asText()));
    mesh.path("serviceAccounts")
        .forEach(account -> asked.add(account(account, namespace(authorization))));
    return new Clients(asked, networks(client, "networks"));
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
      // What cannot be read admits nobody: no network at all would be anywhere.
      boolean read = range != null && !except.contains(null);
      networks.add(read ? range.except(except) : Cidr.NOWHERE);
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

  /**
   * An object with our name. It is ours if mesh-setup applied it: anybody may set the label. Of
   * others only the name is kept.
   */
  static PolicyObject named(Kind kind, GenericKubernetesResource object) {
    ObjectMeta meta = object.getMetadata();
    Object spec = object.getAdditionalProperties().get("spec");
    boolean ours =
        spec instanceof Map
            && MANAGER.equals(Views.orEmpty(meta.getLabels()).get(PolicyObject.LABEL))
            && meta.getManagedFields().stream()
                .anyMatch(e -> MANAGER.equals(e.getManager()) && "Apply".equals(e.getOperation()));
    Map<String, String> kept = new HashMap<>();
    if (ours) {
      Views.orEmpty(meta.getAnnotations()).entrySet().stream()
          .filter(each -> each.getKey().equals(Annotations.UNPROVEN))
          .forEach(each -> kept.put(each.getKey(), each.getValue()));
      kept.put(PolicyObject.SPEC, text(spec));
    }
    Annotated seen = new Annotated(kind, meta.getNamespace(), meta.getName(), kept);
    return new PolicyObject(seen, ours, changed(meta));
  }

  private static String text(Object spec) {
    try {
      // Converted to maps, whose keys are sorted.
      return JSON.writeValueAsString(JSON.convertValue(spec, Object.class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was JSON is none", e);
    }
  }

  /** By anyone: the managed fields have the time of each write that changed a field. */
  private static Instant changed(ObjectMeta meta) {
    return meta.getManagedFields().stream()
        .filter(entry -> !"status".equals(entry.getSubresource()) && entry.getTime() != null)
        .map(entry -> Instant.parse(entry.getTime()))
        .max(Comparator.naturalOrder())
        .orElse(Instant.parse(meta.getCreationTimestamp()));
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
