package com.openfaas.function.observe;

import com.openfaas.function.platform.Platform;
import com.openfaas.function.platform.Role;
import com.openfaas.function.platform.Workload;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What one look has listed so far: each workload once, with its role and its pods. */
final class Inventory {
  final List<Workload> workloads = new ArrayList<>();
  private final Map<String, PodTemplateSpec> templates = new HashMap<>();
  private final Map<String, Listing> listings = new HashMap<>();

  /**
   * Takes in a listing.
   *
   * @param role gives an object's role; null where it is none of ours
   */
  void add(Listing listing, Function<HasMetadata, Role> role) {
    listings.putIfAbsent(listing.key(), listing);
    PodIndex pods = new PodIndex(listing.pods);
    for (HasMetadata object : listing.workloads) {
      Role its = role.apply(object);
      if (its != null) {
        add(its, object, pods);
      }
    }
  }

  private void add(Role role, HasMetadata object, PodIndex pods) {
    Workload bare = WorkloadViews.workload(role, object, List.of());
    PodTemplateSpec template = WorkloadViews.podTemplate(object);
    if (templates.putIfAbsent(bare.subject(), template) == null) {
      workloads.add(WorkloadViews.workload(role, object, pods.of(bare.selector)));
    }
  }

  /** The pod template of the first workload of that role; null where there is none. */
  PodTemplateSpec templateOf(Role role) {
    return workloads.stream()
        .filter(workload -> workload.role == role)
        .findFirst()
        .map(workload -> templates.get(workload.subject()))
        .orElse(null);
  }

  Observation observation(Platform platform) {
    return new Observation(platform, templates, listings);
  }
}
