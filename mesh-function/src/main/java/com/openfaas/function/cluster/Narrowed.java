package com.openfaas.function.cluster;

import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
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

/**
 * Which fields are read of the objects of long lists and of watches: those that somebody looks at.
 * To learn, read and keep the others would be most of a run's work.
 */
final class Narrowed {
  private Narrowed() {}

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

  @JsonIncludeProperties({"manager", "subresource", "time"})
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

  @JsonIncludeProperties("containerPort")
  private interface OfPort {}

  @JsonIncludeProperties({"name", "value"})
  private interface OfVariable {}

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
