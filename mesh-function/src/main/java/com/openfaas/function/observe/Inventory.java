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
import java.util.stream.Collectors;

/** What one look has listed so far: each workload once, with its role and its pods. */
final class Inventory {
  final List<Workload> workloads = new ArrayList<>();
  private final Map<String, PodTemplateSpec> templates = new HashMap<>();
  private final Map<String, Listing> listings = new HashMap<>();

  /**
   * Takes in a listing; gives its first workload that is ours, or null.
   *
   * @param role gives an object's role; null where it is none of ours
   */
  Workload add(Listing listing, Function<HasMetadata, Role> role) {
    listings.putIfAbsent(listing.key(), listing);
    PodIndex pods = new PodIndex(listing.pods.items);
    Workload first = null;
    for (HasMetadata object : listing.workloads.items) {
      Role its = role.apply(object);
      if (its != null) {
        Workload workload = add(its, object, pods);
        first = first == null ? workload : first;
      }
    }
    return first;
  }

  private Workload add(Role role, HasMetadata object, PodIndex pods) {
    Workload workload = WorkloadViews.workload(role, object, pods);
    PodTemplateSpec template = WorkloadViews.podTemplate(object);
    if (templates.putIfAbsent(workload.subject(), template) == null) {
      workloads.add(workload);
    }
    return workload;
  }

  /** The pod template of the first workload of that role; null where there is none. */
  PodTemplateSpec templateOf(Role role) {
    return workloads.stream()
        .filter(workload -> workload.role == role)
        .findFirst()
        .map(workload -> templates.get(workload.subject()))
        .orElse(null);
  }

  /**
   * What runs in a namespace, is none of ours and has no proxy; NATS aside, which calls nobody.
   *
   * @param namespace one that was listed whole
   */
  List<String> strangersWithoutProxy(String namespace) {
    return listings.values().stream()
        .filter(listing -> listing.namespace.equals(namespace) && listing.label == null)
        .flatMap(listing -> listing.strangers().stream())
        .filter(workload -> !templates.containsKey(workload.subject()))
        .filter(workload -> !workload.name.equals("nats"))
        .filter(workload -> workload.pods.stream().anyMatch(p -> p.isServing() && !p.isMeshed()))
        .map(Workload::subject)
        .sorted()
        .collect(Collectors.toList());
  }

  Observation observation(Platform platform) {
    return new Observation(platform, listings);
  }
}
