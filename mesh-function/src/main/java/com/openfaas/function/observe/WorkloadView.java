package com.openfaas.function.observe;

import com.openfaas.function.platform.Annotated;
import com.openfaas.function.platform.Workload;
import com.openfaas.function.platform.Workload.Role;
import com.openfaas.function.platform.Workload.Rollout;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the API server tells of a Deployment or a DaemonSet: all that is kept of it, for a platform
 * may have thousands. Its role and its pods are known from elsewhere.
 */
final class WorkloadView {
  final Annotated object;
  final Workload.Spec spec;
  final Rollout rollout;

  /** Those of its containers, init containers aside. */
  final List<String> images;

  /** The variables of its containers, by name; empty values where they come from elsewhere. */
  final Map<String, String> environment;

  /** Which state of what it declares this is: a later one has a greater number. */
  final long generation;

  WorkloadView(
      Annotated object,
      Workload.Spec spec,
      Rollout rollout,
      List<String> images,
      Map<String, String> environment,
      long generation) {
    this.object = Objects.requireNonNull(object);
    this.spec = Objects.requireNonNull(spec);
    this.rollout = Objects.requireNonNull(rollout);
    this.images = List.copyOf(images);
    this.environment = Map.copyOf(environment);
    this.generation = generation;
  }

  /**
   * Whether it is of OpenFaaS Pro, or a copy of that: the editions differ by the repository of
   * their images, {@code ghcr.io/openfaasltd} and {@code ghcr.io/openfaas} (OpenFaaS chart,
   * values.yaml).
   */
  boolean isPro() {
    return images.stream().anyMatch(image -> ("/" + image).contains("/openfaasltd/"));
  }

  /**
   * With its role, and its pods.
   *
   * @param pods those of its namespace; of those that its selector selects, it has those it made
   */
  Workload workload(Role role, PodIndex pods) {
    return new Workload(role, object, spec, rollout, pods.of(object, spec.selector));
  }
}
