package com.openfaas.function.cluster;

import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import com.openfaas.function.platform.Annotations;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSetSpec;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * The fields that are read of the objects of long lists and watches: only those that are used.
 * Parsing and keeping the rest would be most of a run's work.
 */
public final class FieldFilter {
  /** Our own record is the longest value in use; anything longer is not one, and not valid. */
  private static final int LONGEST_VALUE = 4096;

  /** Where a pod template that was read has its hash. */
  private static final String HASH = "mesh-setup/hash";

  private FieldFilter() {}

  /** Reads workloads and pods, and only those of their annotations that are used. */
  static ObjectMapper podsMapper() {
    return mapper()
        .addMixIn(ObjectMeta.class, OfPodsMeta.class)
        .addMixIn(DeploymentSpec.class, OfTemplated.class)
        .addMixIn(DaemonSetSpec.class, OfTemplated.class);
  }

  /** Reads objects of any kind: only the fields named below of these types, all of any other. */
  static ObjectMapper mapper() {
    return new ObjectMapper()
        // A newer API server may send more fields.
        .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
        .addMixIn(ObjectMeta.class, OfMeta.class)
        .addMixIn(OwnerReference.class, OfOwner.class)
        .addMixIn(ManagedFieldsEntry.class, OfManagedFields.class)
        .addMixIn(PodSpec.class, OfPodSpec.class)
        .addMixIn(Container.class, OfContainer.class)
        .addMixIn(ContainerPort.class, OfPort.class)
        .addMixIn(EnvVar.class, OfVariable.class)
        .addMixIn(PodStatus.class, OfPodStatus.class)
        .addMixIn(ContainerStatus.class, OfContainerStatus.class)
        .addMixIn(ContainerState.class, OfContainerState.class);
  }

  /**
   * The hash of a template that {@link Cluster} has read.
   *
   * @return hex; empty if it was not read from the API server
   */
  public static String hash(PodTemplateSpec template) {
    return String.valueOf(template.getAdditionalProperties().getOrDefault(HASH, ""));
  }

  @JsonIncludeProperties({
    "name",
    "namespace",
    "labels",
    "annotations",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "ownerReferences",
    "managedFields"
  })
  private interface OfMeta {}

  @JsonIncludeProperties({"kind", "name", "controller"})
  private interface OfOwner {}

  /** The same for workloads, their pods and their pod templates. */
  interface OfPodsMeta extends OfMeta {
    @JsonDeserialize(using = OfAnnotations.class)
    Map<String, String> getAnnotations();

    @JsonDeserialize(using = OfAnnotations.class)
    void setAnnotations(Map<String, String> annotations);
  }

  /** The annotations of workloads and pods that are used, each cut to the longest useful length. */
  static final class OfAnnotations extends JsonDeserializer<Map<String, String>> {
    @Override
    public Map<String, String> deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      Map<String, String> kept = new LinkedHashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        // An unused value is skipped without creating a string.
        parser.nextToken();
        if (Annotations.isLookedAt(key)) {
          String value = parser.getValueAsString("");
          kept.put(key, value.substring(0, Math.min(value.length(), LONGEST_VALUE)));
        }
      }
      return kept;
    }
  }

  /** Objects with a pod template, whose hash is kept too. */
  interface OfTemplated {
    @JsonDeserialize(using = OfTemplate.class)
    void setTemplate(PodTemplateSpec template);
  }

  /**
   * A pod template, with a hash of all of it, unused fields too, to detect whether a deployer has
   * changed the workload since. Kubernetes' own hash does not serve, because it includes our
   * annotations.
   */
  static final class OfTemplate extends JsonDeserializer<PodTemplateSpec> {
    @Override
    public PodTemplateSpec deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      TokenBuffer whole = context.bufferAsCopyOfValue(parser);
      try (JsonParser filtered = whole.asParserOnFirstToken();
          JsonParser all = whole.asParser()) {
        PodTemplateSpec template = context.readValue(filtered, PodTemplateSpec.class);
        template.setAdditionalProperty(HASH, hash(all));
        return template;
      }
    }

    /**
     * Hashes names and values in the API server's order, which is always the same. A template with
     * only our annotations hashes like one without any.
     */
    private static String hash(JsonParser all) throws IOException {
      Checksum hash = new CRC32C();
      for (JsonToken token = all.nextToken(); token != null; token = all.nextToken()) {
        if (token == JsonToken.FIELD_NAME && Annotations.isOurs(all.currentName())) {
          all.nextToken();
          all.skipChildren();
        } else if (!token.isStructStart() && !token.isStructEnd() && !isAnnotations(all, token)) {
          hash.update(token.id());
          hash.update(all.getText().getBytes(StandardCharsets.UTF_8));
        }
      }
      return Long.toHexString(hash.getValue());
    }

    private static boolean isAnnotations(JsonParser all, JsonToken token) throws IOException {
      return token == JsonToken.FIELD_NAME && all.currentName().equals("annotations");
    }
  }

  @JsonIncludeProperties({"manager", "operation", "subresource", "time"})
  private interface OfManagedFields {}

  @JsonIncludeProperties({
    "containers",
    "initContainers",
    "hostNetwork",
    "automountServiceAccountToken",
    "serviceAccountName"
  })
  private interface OfPodSpec {}

  @JsonIncludeProperties({"name", "image", "ports", "env"})
  private interface OfContainer {}

  @JsonIncludeProperties({"name", "containerPort"})
  private interface OfPort {}

  /** A value is cut to the longest a setting in use could have: tenants may write long ones. */
  @JsonIncludeProperties({"name", "value"})
  interface OfVariable {
    @JsonDeserialize(using = OfValue.class)
    void setValue(String value);
  }

  /** A string, cut to the longest useful length. */
  static final class OfValue extends JsonDeserializer<String> {
    @Override
    public String deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      String value = parser.getValueAsString("");
      return value.substring(0, Math.min(value.length(), LONGEST_VALUE));
    }
  }

  @JsonIncludeProperties({
    "phase",
    "conditions",
    "podIP",
    "containerStatuses",
    "initContainerStatuses"
  })
  private interface OfPodStatus {}

  @JsonIncludeProperties({"name", "ready", "state"})
  private interface OfContainerStatus {}

  @JsonIncludeProperties("waiting")
  private interface OfContainerState {}
}
