package com.openfaas.function.cluster;

import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
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
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which fields are read of the objects of long lists and of watches: those that somebody looks at.
 * To learn, read and keep the others would be most of a run's work.
 */
final class FieldFilter {
  /** A record of ours is the longest value; what is longer is none, and is not valid either. */
  private static final int LONGEST_VALUE = 4096;

  private FieldFilter() {}

  /** Reads workloads and pods, of whose annotations, too, only those that are looked at. */
  static ObjectMapper podsMapper() {
    return mapper()
        .addMixIn(ObjectMeta.class, OfPodsMeta.class)
        .addMixIn(DeploymentSpec.class, OfTemplated.class)
        .addMixIn(DaemonSetSpec.class, OfTemplated.class);
  }

  /** Reads objects of any kind; of the types below only what is named, of others everything. */
  static ObjectMapper mapper() {
    return new ObjectMapper()
        // A newer API server may tell more.
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

  /** The same, of a workload, of its pods and of the template of these. */
  interface OfPodsMeta extends OfMeta {
    @JsonDeserialize(using = OfAnnotations.class)
    Map<String, String> getAnnotations();

    @JsonDeserialize(using = OfAnnotations.class)
    void setAnnotations(Map<String, String> annotations);
  }

  /** Those of workloads and pods that are looked at, none longer than any of them need be. */
  static final class OfAnnotations extends JsonDeserializer<Map<String, String>> {
    @Override
    public Map<String, String> deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      Map<String, String> kept = new LinkedHashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        // What is not asked for is passed over without making a text of it.
        parser.nextToken();
        if (Annotations.isLookedAt(key)) {
          String value = parser.getValueAsString("");
          kept.put(key, value.substring(0, Math.min(value.length(), LONGEST_VALUE)));
        }
      }
      return kept;
    }
  }

  /** What has a pod template, of which a hash is kept as well. */
  interface OfTemplated {
    @JsonDeserialize(using = TemplateHash.class)
    void setTemplate(PodTemplateSpec template);
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

  /** Of a value only as much as a setting that is looked at could be: a tenant may write much. */
  @JsonIncludeProperties({"name", "value"})
  interface OfVariable {
    @JsonDeserialize(using = OfValue.class)
    void setValue(String value);
  }

  /** A text that is no longer than any that is looked at. */
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
