package com.openfaas.function.observe;

import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.PodView;
import com.openfaas.function.platform.Workload;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** One look at the cluster: the platform as values, and what later stages need of the objects. */
public final class Observation {
  public final Platform platform;

  private final Map<String, Deployment> deployments;
  private final Map<String, Listing> listings;

  Observation(
      Platform platform, Map<String, Deployment> deployments, Map<String, Listing> listings) {
    this.platform = Objects.requireNonNull(platform);
    this.deployments = Map.copyOf(deployments);
    this.listings = Map.copyOf(listings);
  }

  /** The pod template a rehearsal sends. */
  public PodTemplateSpec template(Workload workload) {
    return deployments.get(workload.key()).getSpec().getTemplate();
  }

  /** What was listed of a namespace: a watch goes on from there without a gap. */
  Listing listing(String namespace) {
    return listings.get(namespace);
  }

  /** One namespace's Deployments and pods at one moment. */
  static final class Listing {
    /** The label key that was asked for, or null for all. */
    final String label;

    final DeploymentList deployments;
    final List<PodView> pods;
    final String podsVersion;

    Listing(String label, DeploymentList deployments, PodList pods) {
      this.label = label;
      this.deployments = deployments;
      this.pods = pods.getItems().stream().map(Views::pod).collect(Collectors.toList());
      this.podsVersion = pods.getMetadata().getResourceVersion();
    }

    String deploymentsVersion() {
      return deployments.getMetadata().getResourceVersion();
    }
  }
}
